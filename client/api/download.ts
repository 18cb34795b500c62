import type { Readable } from 'node:stream';

import { RequestError } from './errors';

export const bytesType = 'application/octet-stream';

/** Bytes as an answer: all of them, or a range. */
export interface Download {
  readonly kind: 'download';
  readonly status: 200 | 206;
  readonly headers: { readonly [name: string]: string };
  readonly bytes: Uint8Array | Readable;
}

export function isDownload(answer: unknown): answer is Download {
  return (
    typeof answer === 'object' && answer !== null && 'bytes' in answer && 'kind' in answer && answer.kind === 'download'
  );
}

/** What is asked for, of so many bytes; the end is not in it. Null: all of it. */
export interface ByteRange {
  readonly from: number;
  readonly end: number;
}

/** One range of `bytes=…`; of several, or of what is no range, all of it is sent, as the standard allows. */
export function byteRangeOf(header: string | undefined, sizeBytes: number): ByteRange | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [first = '', last = ''] = match?.slice(1) ?? [];
  if (first === '' && last === '') return null;
  const range =
    first === ''
      ? { from: Math.max(0, sizeBytes - Number(last)), end: sizeBytes }
      : { from: Number(first), end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) };
  if (range.from >= sizeBytes || range.end <= range.from)
    throw new RequestError('RANGE_NOT_SATISFIABLE', `Cannot send "${header}": there are ${sizeBytes} bytes`);
  return range;
}

/** A name for a file that every system takes. */
export function attachment(name: string): string {
  return `attachment; filename="${name.replaceAll(/[^A-Za-z0-9._-]+/g, '_').slice(0, 200)}"`;
}
