import { parseDuration } from './duration';
import { expressionLimits } from './expression-rules';
import type { Json } from './json';

/** What makes an evaluation fail; becomes a `Failure`, never leaves as an exception. */
export class ExpressionFault extends Error {
  override readonly name = 'ExpressionFault';
  constructor(
    readonly code: 'EXPRESSION_FAILED' | 'EXPR_LIMIT' | 'EXPR_INT_RANGE' | 'OUTPUT_TRUNCATED' | 'OUTPUT_MASKED',
    message: string,
  ) {
    super(message);
  }
}

/** Counts the steps of one evaluation. */
export class Meter {
  #steps = 0;
  #fault: ExpressionFault | null = null;

  /** The first limit that was passed; the library may have swallowed its exception inside `||` or `exists`. */
  get fault(): ExpressionFault | null {
    return this.#fault;
  }

  step(): void {
    this.#steps++;
    if (this.#steps > expressionLimits.loopSteps) this.exceed(`more than ${expressionLimits.loopSteps} loop steps`);
  }

  enter(items: number, depth: number): void {
    if (this.#fault !== null) throw this.#fault;
    const limit = depth === 0 ? expressionLimits.outerItems : expressionLimits.innerItems;
    if (items > limit) this.exceed(`a ${depth === 0 ? '' : 'nested '}loop over ${items} items, at most ${limit}`);
  }

  exceed(found: string): never {
    this.#fault ??= new ExpressionFault('EXPR_LIMIT', `Cannot evaluate the expression: ${found}`);
    throw this.#fault;
  }
}

/** A value of a record that exists but must not be read: `OUTPUT_TRUNCATED`, `OUTPUT_MASKED`. */
export function unavailable(code: 'OUTPUT_TRUNCATED' | 'OUTPUT_MASKED'): Json {
  return { [unavailableMark]: code };
}

const unavailableMark = '«unavailable»';

/** `object.field` and `object[index]`: selecting from null gives null, an absent key is an error. */
export function get(object: unknown, key: unknown): unknown {
  const value = find(object, key);
  if (value !== null || object === null || hasKey(object, key)) return value;
  throw new ExpressionFault('EXPRESSION_FAILED', `Cannot select ${describe(key)}: no such key`);
}

/** As `get`, but what is absent is null. */
export function find(object: unknown, key: unknown): unknown {
  if (object === null || object === undefined) return null;
  if (isList(object)) return readable(at(object, key));
  if (typeof object !== 'object' || typeof key !== 'string')
    throw new ExpressionFault('EXPRESSION_FAILED', `Cannot select ${describe(key)}: found ${kindOf(object)}`);
  const own = Object.getOwnPropertyDescriptor(object, key);
  return readable(own?.value ?? null);
}

function at(list: readonly unknown[], key: unknown): unknown {
  if (typeof key !== 'bigint' && typeof key !== 'number')
    throw new ExpressionFault('EXPRESSION_FAILED', `Cannot select ${describe(key)}: found a list`);
  const value = list[Number(key)];
  if (value === undefined)
    throw new ExpressionFault('EXPRESSION_FAILED', `Cannot select item ${key}: the list has ${list.length}`);
  return value;
}

function readable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, unavailableMark)) return value;
  const masked = Object.values(value)[0] === 'OUTPUT_MASKED';
  if (masked) throw new ExpressionFault('OUTPUT_MASKED', 'Cannot read the output: a part of it is masked');
  throw new ExpressionFault('OUTPUT_TRUNCATED', 'Cannot read the output: it is longer than what is kept; use capture');
}

export function json(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch (error) {
    throw new ExpressionFault(
      'EXPRESSION_FAILED',
      `Cannot parse JSON: ${error instanceof Error ? error.message : 'not JSON'}`,
    );
  }
}

export function lines(text: string): string[] {
  const trimmed = text.replace(/(\r?\n)+$/, '');
  return trimmed === '' ? [] : trimmed.split(/\r?\n/);
}

export function unique(list: readonly unknown[], keyOf: (item: unknown) => string): unknown[] {
  const seen = new Map<string, unknown>();
  for (const item of list) {
    const key = keyOf(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

export function sum(list: readonly unknown[]): bigint | number {
  let whole = 0n;
  let fraction = 0;
  let fractional = false;
  for (const item of list) {
    if (typeof item === 'bigint') whole += item;
    else if (typeof item === 'number') {
      fraction += item;
      fractional = true;
    } else throw new ExpressionFault('EXPRESSION_FAILED', `Cannot add ${kindOf(item)}: sum() takes numbers`);
  }
  return fractional ? Number(whole) + fraction : whole;
}

export function join(list: readonly unknown[], separator: string): string {
  const texts = list.map((item) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'bigint' || typeof item === 'number' || typeof item === 'boolean') return String(item);
    throw new ExpressionFault('EXPRESSION_FAILED', `Cannot join ${kindOf(item)}: join() takes texts and numbers`);
  });
  return texts.join(separator);
}

/** Trimmed and strict: `''`, `1.5` and `0x10` are no integers. */
export function toInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^[+-]?\d{1,18}$/.test(value.trim())) return BigInt(value.trim().replace(/^\+/, ''));
  throw new ExpressionFault('EXPRESSION_FAILED', `Cannot convert ${describe(value)} to an integer: it is not one`);
}

export function toDouble(value: unknown): number {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value);
  if (typeof value === 'string' && /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value.trim())) return Number(value.trim());
  throw new ExpressionFault('EXPRESSION_FAILED', `Cannot convert ${describe(value)} to a number: it is not one`);
}

export function toInteger(value: unknown): bigint {
  if (typeof value === 'string')
    throw new ExpressionFault('EXPRESSION_FAILED', 'Cannot use int() of text: use toInt(x)');
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.trunc(value));
  return toInt(value);
}

export function toFloat(value: unknown): number {
  if (typeof value === 'string')
    throw new ExpressionFault('EXPRESSION_FAILED', 'Cannot use double() of text: use toDouble(x)');
  return toDouble(value);
}

/** A time with its zone spelled out: without one the machine would add its own. */
export function toTime(value: unknown): Date {
  if (typeof value === 'bigint') return new Date(Number(value) * 1000);
  const text = typeof value === 'string' ? value : '';
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text) : null;
  if (time === null || Number.isNaN(time.getTime()))
    throw new ExpressionFault(
      'EXPRESSION_FAILED',
      `Cannot read ${describe(value)} as a time: expected ISO 8601 with a zone`,
    );
  return time;
}

/** ISO 8601 or short form, as the text that CEL's own `duration()` reads. */
export function durationText(text: string): string {
  const parsed = parseDuration(text);
  if (parsed.kind === 'ms') return `${parsed.ms}ms`;
  const reason = parsed.kind === 'days' ? 'calendar days need a zone' : parsed.reason;
  throw new ExpressionFault('EXPRESSION_FAILED', `Cannot read ${describe(text)} as a duration: ${reason}`);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (isList(value)) return 'a list';
  if (typeof value === 'bigint' || typeof value === 'number') return 'a number';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? 'text' : typeof value;
}

function hasKey(object: unknown, key: unknown): boolean {
  if (isList(object)) return true;
  return typeof object === 'object' && object !== null && typeof key === 'string' && Object.hasOwn(object, key);
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return kindOf(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
