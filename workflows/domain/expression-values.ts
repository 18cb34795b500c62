import { formatDuration } from './duration';
import { ExpressionFault } from './expression-functions';
import type { Json } from './json';
import { isList } from './json-values';

/** Converted values by their source: a scope is immutable, and an inventory of 10,000 hosts is asked many times. */
const converted = new WeakMap<object, object>();
const sources = new WeakMap<object, Json>();

/** Safe integers enter as CEL ints, other numbers as doubles; so `inputs.n + 1` and `result.status == 200` mean what they say. */
export function toCel(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const result = isList(value)
    ? value.map((item) => toCel(item))
    : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toCel(member)]));
  converted.set(value, result);
  sources.set(result, value);
  return result;
}

export function fromCel(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return safeInteger(value);
  if (typeof value === 'number') return finite(value);
  if (typeof value !== 'object')
    throw new ExpressionFault('EXPRESSION_FAILED', `Cannot use the result: found ${typeof value}`);
  const source = sources.get(value);
  if (source !== undefined) return source;
  if (Array.isArray(value)) return value.map((item) => fromCel(item));
  if (value instanceof Date) return value.toISOString();
  if (isDuration(value)) return formatDuration(Number(value.getMilliseconds()));
  if (Object.getPrototypeOf(value) !== Object.prototype)
    throw new ExpressionFault('EXPRESSION_FAILED', 'Cannot use the result: it is not a JSON value');
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromCel(member)]));
}

function safeInteger(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new ExpressionFault('EXPR_INT_RANGE', `Cannot use the result: ${value} is beyond 2^53`);
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new ExpressionFault('EXPRESSION_FAILED', `Cannot use the result: ${value} is not a JSON number`);
}

interface CelDuration {
  getMilliseconds(): bigint;
}

/** The library does not export the class of its durations. */
function isDuration(value: object): value is CelDuration {
  return Reflect.get(value, Symbol.toStringTag) === 'google.protobuf.Duration';
}
