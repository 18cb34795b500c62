import { parseDuration } from './duration';
import type { InputRule } from './input-rule';
import type { Json, JsonObject } from './json';
import { isList, isObject } from './json-values';
import { isSecretReference } from './secret-reference';

export interface InputProblem {
  readonly code: 'MISSING_INPUT' | 'UNKNOWN_INPUT' | 'INVALID_INPUT';
  readonly input: string;
  readonly message: string;
  readonly accepted?: readonly string[];
}

export interface ParsedInputs {
  readonly values: JsonObject;
  readonly problems: readonly InputProblem[];
}

/** What is declared, and a host by its name (null: there is none). */
export interface InputContext {
  readonly declared: { readonly [name: string]: InputRule };
  /** Null while no inventory is at hand: a host is then taken by its name. */
  readonly findHost: ((name: string) => Json | null) | null;
  /** Null: it takes too long. Absent: as the language does it, which nobody can interrupt. */
  readonly matches?: (text: string, pattern: string) => boolean | null;
  /** Inputs that are decided while the run goes on: neither missing nor known. */
  readonly late: ReadonlySet<string>;
}

/** Inputs by their declared types, with defaults. Text is read as the declared type, since that is how a command line gives it. */
export function parseInputs(given: JsonObject, context: InputContext): ParsedInputs {
  const values: { [name: string]: Json } = {};
  const problems: InputProblem[] = [];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(context.declared, name))
      problems.push({
        code: 'UNKNOWN_INPUT',
        input: name,
        message: `Cannot use the input "${name}": the runbook has none of this name`,
        accepted: Object.keys(context.declared),
      });
  }
  for (const [name, input] of Object.entries(context.declared)) {
    if (context.late.has(name)) continue;
    const raw = given[name] ?? ('default' in input ? input.default : undefined);
    if (raw === undefined) {
      if (input.required === false) values[name] = null;
      else
        problems.push({
          code: 'MISSING_INPUT',
          input: name,
          message: `Cannot start without the input "${name}": it is required (${input.type})`,
        });
      continue;
    }
    const parsed = parseInput(raw, input, context);
    if (parsed.ok) values[name] = parsed.value;
    else
      problems.push({
        code: 'INVALID_INPUT',
        input: name,
        message: `Cannot use the input "${name}": ${parsed.reason}`,
      });
  }
  return { values, problems };
}

/** One value by one rule, without documents around it. */
export function acceptValue(raw: Json, rule: InputRule): Parsed {
  return parseInput(raw, rule, { declared: {}, findHost: null, late: new Set() });
}

export type Parsed = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: string };

function parseInput(raw: Json, input: InputRule, context: InputContext): Parsed {
  switch (input.type) {
    case 'string':
      return parseText(raw, input, context.matches ?? matchesPattern);
    case 'integer':
    case 'number':
      return parseNumber(raw, input);
    case 'boolean':
      return parseBoolean(raw);
    case 'array':
      return parseArray(raw, input, context);
    case 'object':
      return parseObject(raw, input, context);
    case 'datetime':
      return parseTime(raw, input);
    case 'duration':
      return parseSpan(raw, input);
    case 'host':
      return parseHost(raw, context);
    case 'secret':
      return parseSecret(raw);
  }
}

function parseText(
  raw: Json,
  input: InputRule & { readonly type: 'string' },
  matches: NonNullable<InputContext['matches']>,
): Parsed {
  if (typeof raw !== 'string') return refuse(`found ${kindOf(raw)}, expected text`);
  const length = Array.from(raw).length;
  if (raw.includes('\0')) return refuse('it holds a NUL character');
  if (input.minLength !== undefined && length < input.minLength)
    return refuse(`it has ${length} characters, at least ${input.minLength}`);
  if (input.maxLength !== undefined && length > input.maxLength)
    return refuse(`it has ${length} characters, at most ${input.maxLength}`);
  if (input.enum !== undefined && !input.enum.includes(raw))
    return refuse(`found "${raw}", expected one of ${input.enum.join(', ')}`);
  const matched = input.pattern === undefined || matches(raw, input.pattern);
  if (matched === null) return refuse(`the pattern ${input.pattern ?? ''} takes too long to tell`);
  return matched ? { ok: true, value: raw } : refuse(`found "${raw}", expected text like ${input.pattern ?? ''}`);
}

/** A pattern that is none was told when the document was checked; here it accepts nothing. */
function matchesPattern(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
}

function parseNumber(raw: Json, input: InputRule & { readonly type: 'integer' | 'number' }): Parsed {
  const value = typeof raw === 'string' && /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(raw.trim()) ? Number(raw) : raw;
  if (typeof value !== 'number' || !Number.isFinite(value))
    return refuse(`found ${shown(raw)}, expected ${input.type === 'integer' ? 'an integer' : 'a number'}`);
  if (input.type === 'integer' && !Number.isSafeInteger(value)) return refuse(`found ${value}, expected an integer`);
  if (input.minimum !== undefined && value < input.minimum) return refuse(`found ${value}, at least ${input.minimum}`);
  if (input.maximum !== undefined && value > input.maximum) return refuse(`found ${value}, at most ${input.maximum}`);
  if (input.enum !== undefined && !input.enum.includes(value))
    return refuse(`found ${value}, expected one of ${input.enum.join(', ')}`);
  return { ok: true, value };
}

function parseBoolean(raw: Json): Parsed {
  if (typeof raw === 'boolean') return { ok: true, value: raw };
  if (raw === 'true') return { ok: true, value: true };
  return raw === 'false' ? { ok: true, value: false } : refuse(`found ${shown(raw)}, expected true or false`);
}

function parseArray(raw: Json, input: InputRule & { readonly type: 'array' }, context: InputContext): Parsed {
  const list = typeof raw === 'string' ? parseJson(raw) : raw;
  if (!isList(list)) return refuse(`found ${shown(raw)}, expected a list`);
  if (input.minItems !== undefined && list.length < input.minItems)
    return refuse(`it has ${list.length} items, at least ${input.minItems}`);
  if (input.maxItems !== undefined && list.length > input.maxItems)
    return refuse(`it has ${list.length} items, at most ${input.maxItems}`);
  const items: Json[] = [];
  for (const [index, item] of list.entries()) {
    const parsed: Parsed =
      input.items === undefined ? { ok: true, value: item } : parseInput(item, input.items, context);
    if (!parsed.ok) return refuse(`item ${index}: ${parsed.reason}`);
    items.push(parsed.value);
  }
  if (input.uniqueItems === true && new Set(items.map((item) => JSON.stringify(item))).size < items.length)
    return refuse('an item stands twice');
  return { ok: true, value: items };
}

function parseObject(raw: Json, input: InputRule & { readonly type: 'object' }, context: InputContext): Parsed {
  const object = typeof raw === 'string' ? parseJson(raw) : raw;
  if (!isObject(object)) return refuse(`found ${shown(raw)}, expected an object`);
  if (input.properties === undefined) return { ok: true, value: object };
  const extra = Object.keys(object).find(
    (key) => input.properties !== undefined && !Object.hasOwn(input.properties, key),
  );
  if (extra !== undefined && input.additionalProperties !== true)
    return refuse(`unknown property "${extra}", expected ${Object.keys(input.properties).join(', ')}`);
  const inner = parseInputs(object, { ...context, declared: input.properties, late: new Set() });
  const [problem] = inner.problems.filter((found) => found.code !== 'UNKNOWN_INPUT');
  return problem === undefined ? { ok: true, value: { ...object, ...inner.values } } : refuse(problem.message);
}

function parseTime(raw: Json, input: InputRule & { readonly type: 'datetime' }): Parsed {
  const at =
    typeof raw === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(raw) ? Date.parse(raw) : Number.NaN;
  if (Number.isNaN(at))
    return refuse(`found ${shown(raw)}, expected a time with its zone such as 2026-11-21T09:00:00Z`);
  if (input.minimum !== undefined && at < Date.parse(input.minimum)) return refuse(`it is before ${input.minimum}`);
  if (input.maximum !== undefined && at > Date.parse(input.maximum)) return refuse(`it is after ${input.maximum}`);
  return { ok: true, value: raw };
}

function parseSpan(raw: Json, input: InputRule & { readonly type: 'duration' }): Parsed {
  const span = typeof raw === 'string' ? parseDuration(raw) : null;
  if (span === null || span.kind !== 'ms')
    return refuse(`found ${shown(raw)}, expected a duration such as PT10M or 10m`);
  if (input.minimum !== undefined && span.ms < msOf(input.minimum))
    return refuse(`it is shorter than ${input.minimum}`);
  if (input.maximum !== undefined && span.ms > msOf(input.maximum)) return refuse(`it is longer than ${input.maximum}`);
  return { ok: true, value: raw };
}

function parseHost(raw: Json, context: InputContext): Parsed {
  const name = isObject(raw) ? raw['name'] : raw;
  if (typeof name !== 'string') return refuse(`found ${shown(raw)}, expected the name of a host`);
  if (context.findHost === null) return { ok: true, value: isObject(raw) ? raw : { name } };
  const host = context.findHost(name);
  return host === null ? refuse(`the inventory has no host "${name}"`) : { ok: true, value: host };
}

function parseSecret(raw: Json): Parsed {
  if (typeof raw === 'string' && isSecretReference(raw)) return { ok: true, value: raw };
  return refuse(
    'expected a reference such as vault:ops/api#token, env:NAME or file:/path; a value is never given here',
  );
}

function msOf(text: string): number {
  const span = parseDuration(text);
  return span.kind === 'ms' ? span.ms : 0;
}

function parseJson(text: string): Json {
  try {
    const parsed: Json = JSON.parse(text);
    return parsed;
  } catch {
    return text;
  }
}

function refuse(reason: string): Parsed {
  return { ok: false, reason };
}

function shown(value: Json): string {
  return typeof value === 'object' ? kindOf(value) : JSON.stringify(value);
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : typeof value;
}
