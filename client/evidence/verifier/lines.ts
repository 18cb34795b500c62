import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { Json } from '../../../workflows/domain/json';

export type ReadLine =
  | { readonly ok: true; readonly number: number; readonly value: Json }
  | { readonly ok: false; readonly number: number; readonly found: string };

/** One JSON value a line, in its one canonical spelling; the last line ends like every other. */
export function readLines(text: string): readonly ReadLine[] {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const read = lines.map((line, index) => readLine(line, index + 1));
  return rest === '' ? read : [...read, { ok: false, number: lines.length + 1, found: 'it is cut' }];
}

function readLine(line: string, number: number): ReadLine {
  let value: Json;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, number, found: 'it is not JSON' };
  }
  // One spelling only: else a member given twice, or in another order, would hide behind an equal meaning.
  return spelled(value) === line
    ? { ok: true, number, value }
    : { ok: false, number, found: 'it is not canonical JSON' };
}

/** Null for what has no canonical spelling: `1e999` is read as infinity. */
function spelled(value: Json): string | null {
  try {
    return canonicalJson(value);
  } catch {
    return null;
  }
}
