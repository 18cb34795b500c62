import type { Json, JsonObject } from '../../workflows/domain/json';
import { isList } from '../../workflows/domain/json-values';

/** Reading payloads whose shape nobody has checked: what is missing or of another type reads as nothing. */

export function memberOf(value: Json | undefined, name: string): Json {
  return isObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}

export function textIn(value: Json | undefined, name: string): string {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : '';
}

export function numberIn(value: Json | undefined, name: string): number {
  const member = memberOf(value, name);
  return typeof member === 'number' ? member : 0;
}

export function listIn(value: Json | undefined, name: string): readonly Json[] {
  const member = memberOf(value, name);
  return isList(member) ? member : [];
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** Null where it was redacted, or is no JSON. */
export function payloadOf(entry: { readonly payload: string | null }): Json {
  return entry.payload === null ? null : parsed(entry.payload);
}

export function parsed(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}
