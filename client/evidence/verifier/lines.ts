import { closeSync, openSync, readSync } from 'node:fs';

import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { Json } from '../../../workflows/domain/json';

/** The bytes of a file, piece by piece: it may be larger than what a text can hold. */
export type Bytes = Iterable<Uint8Array>;

export interface ReadLine {
  readonly number: number;
  /** With the end of the line. */
  readonly bytes: Uint8Array;
  readonly content: { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly found: string };
}

const bytesAtOnce = 1024 * 1024;

export function* bytesOf(file: string): Generator<Uint8Array> {
  const handle = openSync(file, 'r');
  try {
    for (;;) {
      const piece = Buffer.alloc(bytesAtOnce);
      const length = readSync(handle, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(handle);
  }
}

const lineEnd = 0x0a;

/** One JSON value a line, in its one canonical spelling; the last line ends like every other. */
export function* readLines(bytes: Bytes): Generator<ReadLine> {
  let number = 0;
  // Pieces of a line that has not ended yet.
  let rest: Uint8Array[] = [];
  for (const piece of bytes) {
    let start = 0;
    for (let end = piece.indexOf(lineEnd); end !== -1; end = piece.indexOf(lineEnd, start)) {
      const line = Buffer.concat([...rest, piece.subarray(start, end + 1)]);
      number += 1;
      yield { number, bytes: line, content: contentOf(line.subarray(0, -1)) };
      rest = [];
      start = end + 1;
    }
    if (start < piece.length) rest.push(Uint8Array.from(piece.subarray(start)));
  }
  if (rest.length > 0)
    yield { number: number + 1, bytes: Buffer.concat(rest), content: { ok: false, found: 'it is cut' } };
}

function contentOf(bytes: Uint8Array): ReadLine['content'] {
  try {
    const line = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: Json = JSON.parse(line);
    // One spelling only: else a member given twice, or in another order, would hide behind an equal meaning.
    if (canonicalJson(value) === line) return { ok: true, value };
  } catch {
    // No UTF-8, no JSON, or a number that has no spelling: `1e999` is read as infinity.
    return { ok: false, found: 'it is not JSON' };
  }
  return { ok: false, found: 'it is not canonical JSON' };
}
