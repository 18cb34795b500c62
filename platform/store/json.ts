import type { Json } from '../../workflows/domain/json';
import { StoreError } from './store-error';

/** Interfaces are no `JsonObject` to the compiler; this looks at the value itself, so that a `Date` or a function never gets in. */
export function toJson(value: unknown): Json {
  if (isJson(value)) return value;
  throw new StoreError('PAYLOAD_NOT_JSON', 'Cannot store value: it does not survive JSON unchanged');
}

function isJson(value: unknown): value is Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (Array.isArray(value) ? value.every((item) => isJson(item)) : isJsonObject(value));
    case 'undefined':
    case 'bigint':
    case 'symbol':
    case 'function':
      return false;
  }
}

/** Plain by shape, not by `instanceof`: payloads come from other realms. An absent member may be spelled `undefined`. */
function isJsonObject(value: object): boolean {
  if ('toJSON' in value && typeof value.toJSON === 'function') return false;
  return Object.values(value).every((member) => member === undefined || isJson(member));
}

/** NUL ends a text in one database and is refused by the other; a lone surrogate has no bytes (D4). */
export function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').replaceAll(/[\ud800-\udfff]/gu, '\ufffd');
}
