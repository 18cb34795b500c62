import { unavailable } from '../../workflows/domain/expression-functions';
import { recordOfRow } from '../../workflows/domain/host-row';
import type { HostRow } from '../../workflows/domain/journal';
import type { Json, JsonObject } from '../../workflows/domain/json';

/** The record of a row for expressions: what was cut or masked must not be taken for the whole, so reading it is an error. */
export function guardedRecord(row: HostRow): JsonObject {
  const record: { [field: string]: Json } = { ...recordOfRow(row) };
  for (const field of names(record['truncated'])) record[field] = unavailable('OUTPUT_TRUNCATED');
  for (const field of names(record['masked'])) record[field] = unavailable('OUTPUT_MASKED');
  return record;
}

function names(listed: Json | undefined): readonly string[] {
  return Array.isArray(listed) ? listed.filter((name: Json) => typeof name === 'string') : [];
}
