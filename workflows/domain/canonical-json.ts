import type { Json } from './json';
import { isList } from './json-values';

/**
 * Canonical JSON (RFC 8785): members sorted by UTF-16 code units, numbers and strings as ECMAScript writes them, no white space.
 * Equal values give equal bytes on every machine; digests are taken over it. NUL and lone surrogates become U+FFFD (D4).
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalText(value);
  if (isList(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${canonicalText(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`Cannot write number as JSON: ${value}`);
  return JSON.stringify(value);
}

function canonicalText(text: string): string {
  return JSON.stringify(text.replaceAll('\0', '\ufffd').replaceAll(/[\ud800-\udfff]/gu, '\ufffd'));
}
