import { createHash, randomBytes } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const length = 12;

/** `r` and twelve characters of base 32. With an idempotency key the same key gives the same id, so a repeated request finds its run. */
export function newRunId(installation: string, idempotencyKey?: string): string {
  return `r${characters(installation, idempotencyKey)}`;
}

/** `c`, and the characters that would be those of its run. */
export function newChangeId(installation: string, idempotencyKey?: string): string {
  return `c${characters(installation, idempotencyKey === undefined ? undefined : `change\n${idempotencyKey}`)}`;
}

function characters(installation: string, idempotencyKey?: string): string {
  const bytes =
    idempotencyKey === undefined
      ? randomBytes(length)
      : createHash('sha256').update(`${installation}\n${idempotencyKey}`).digest().subarray(0, length);
  return Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}
