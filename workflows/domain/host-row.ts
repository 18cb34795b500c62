import type { HostRow } from './journal';
import type { Json, JsonObject } from './json';
import type { FailureGroup, OperationReply } from './operation';
import type { StatusCode, StepStatus } from './step-status';

/** How the answer of a batch is made of the rows it wrote; one list of rows for each requested host (more than one: its delegates). */
export function replyOf(
  rowsByPosition: readonly (readonly HostRow[])[],
  keep: readonly string[],
  digest: string,
): OperationReply {
  const worst = rowsByPosition.map(worstRow);
  const single = rowsByPosition.length === 1 ? worst[0] : undefined;
  return {
    statuses: worst.map((row) => (row === undefined ? 'n' : codeOfStatus(row.status))).join(''),
    changed: rowsByPosition.map((rows) => (rows.some((row) => row.changed) ? '1' : '0')).join(''),
    failures: failureGroups(worst),
    record: single === undefined ? {} : keptFields(recordOfRow(single), keep),
    digest,
  };
}

/** The record of a row as expressions see it (`language.md` section 8). Cut or masked fields are listed, for the reader to refuse. */
export function recordOfRow(row: HostRow): JsonObject {
  return {
    status: row.status,
    ok: row.status === 'succeeded',
    changed: row.changed,
    attempts: row.generation,
    startedAt: row.startedAt === null ? null : new Date(row.startedAt).toISOString(),
    endedAt: row.endedAt === null ? null : new Date(row.endedAt).toISOString(),
    durationMs: row.durationMs,
    error:
      row.error === null
        ? null
        : { step: row.error.step ?? row.step, code: row.error.code, message: row.error.message },
    exitCode: row.exitCode,
    stdout: null,
    stderr: null,
    json: null,
    lines: null,
    result: null,
    outputs: null,
    ...row.captured,
  };
}

/** A step that was not reached on a host has the record of a skipped one. */
export function skippedRow(at: {
  readonly step: string;
  readonly host: string;
  readonly generation?: number;
}): HostRow {
  const { step, host, generation = 0 } = at;
  return {
    path: step,
    step,
    host,
    delegate: null,
    phase: 'do',
    generation,
    status: 'skipped',
    changed: false,
    exitCode: null,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    error: null,
    captured: {},
    output: null,
  };
}

export function keptFields(record: JsonObject, keep: readonly string[]): JsonObject {
  const kept: { [field: string]: Json } = {};
  for (const field of [...keep, 'truncated', 'masked']) {
    const value = record[field];
    if (value !== undefined) kept[field] = value;
  }
  return kept;
}

export function codeOfStatus(status: StepStatus): StatusCode {
  switch (status) {
    case 'pending':
      return 'n';
    case 'running':
      return 'r';
    case 'succeeded':
      return 's';
    case 'failed':
      return 'f';
    case 'skipped':
      return 'k';
    case 'cancelled':
      return 'c';
    case 'unknown':
      return 'u';
    case 'undone':
      return 'b';
  }
}

/** All delegates must pass: one that failed decides, then one that nobody knows about. */
const badness: readonly StepStatus[] = [
  'failed',
  'unknown',
  'cancelled',
  'pending',
  'running',
  'undone',
  'succeeded',
  'skipped',
];

function worstRow(rows: readonly HostRow[]): HostRow | undefined {
  let worst: HostRow | undefined;
  for (const row of rows) {
    if (worst === undefined || badness.indexOf(row.status) < badness.indexOf(worst.status)) worst = row;
  }
  return worst;
}

const groupsKept = 10;
/** D5: an answer stays below 64 KiB. The whole message is in the row. */
const messageKept = 2_000;

function failureGroups(rows: readonly (HostRow | undefined)[]): readonly FailureGroup[] {
  const groups = new Map<string, { code: string; message: string; positions: number[] }>();
  for (const [position, row] of rows.entries()) {
    if (row === undefined || (row.status !== 'failed' && row.status !== 'unknown')) continue;
    const code = row.error?.code ?? 'OPERATION_FAILED';
    const key = groups.size >= groupsKept && !groups.has(code) ? ([...groups.keys()].at(-1) ?? code) : code;
    const group = groups.get(key);
    const message = (row.error?.message ?? '').slice(0, messageKept);
    if (group === undefined) groups.set(key, { code, message, positions: [position] });
    else group.positions.push(position);
  }
  return [...groups.values()];
}
