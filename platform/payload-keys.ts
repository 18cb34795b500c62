import { Secret } from './secret';

/** One key for the payloads of Temporal. */
export interface PayloadKey {
  /** Stands with everything that it has encrypted. */
  readonly id: string;
  /** 32 bytes in base64. */
  readonly value: Secret;
}

export const keyBytes = 32;

/** `2026-12:base64,2026-06:base64`, or one a line; null: it is not that. */
export function parsePayloadKeys(text: string): readonly PayloadKey[] | null {
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const keys = parts.map(parseKey).filter((key) => key !== null);
  const isWhole = keys.length === parts.length && keys.length > 0;
  return isWhole && new Set(keys.map(({ id }) => id)).size === keys.length ? keys : null;
}

function parseKey(part: string): PayloadKey | null {
  const [, id, value] = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]+={0,2})$/.exec(part) ?? [];
  if (id === undefined || value === undefined || Buffer.from(value, 'base64').length !== keyBytes) return null;
  return { id, value: new Secret(value) };
}
