import { parseExpression } from '../../workflows/domain/expression';
import { pathsOf } from '../../workflows/domain/expression-syntax';
import type { Json, JsonObject } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { parseTemplate } from '../../workflows/domain/template';
import { check, evaluate, soleExpression } from './expressions';
import { isPlanPhase, planText } from './fields';
import { sourcesIn } from './material-values';
import { below, report } from './site';
import type { Site } from './site';

export type Variables = { readonly [name: string]: Json };

/** Values, and whether all of them are what they should be. */
export interface Known {
  readonly values: JsonObject;
  readonly fine: boolean;
}

/** Variables may use each other, in any order but a circle. */
export function evaluateVariables(site: Site, vars: Variables): Known {
  const names = Object.keys(vars);
  const all = new Set(names);
  const needs = new Map(names.map((name) => [name, variablesNamed(vars[name] ?? null, all)]));
  const known = new Map<string, Json | undefined>();
  for (const name of inOrder(needs)) {
    const own = needs.get(name) ?? [];
    // What a variable reads of others is all that it is given: with very many of them, the rest would be carried along each time.
    const read = Object.fromEntries(own.map((other) => [other, known.get(other) ?? null]));
    const evaluates = site.unit.evaluates && own.every((other) => known.get(other) !== undefined);
    known.set(
      name,
      evaluateOne({ ...below(site, name), unit: { ...site.unit, vars: read, evaluates } }, vars[name] ?? null),
    );
  }
  for (const name of names.filter((one) => !known.has(one)))
    report(below(site, name), {
      code: 'VARIABLE_CYCLE',
      message: `Cannot evaluate the variable "${name}": it depends on itself`,
      found: name,
    });
  const values = Object.fromEntries(names.map((name) => [name, known.get(name) ?? null]));
  return { values, fine: names.every((name) => known.get(name) !== undefined) };
}

/** Each after those that it needs; the ones on a circle are left out. */
function inOrder(needs: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const open = new Map([...needs].map(([name, own]) => [name, own.length]));
  const neededBy = new Map<string, string[]>();
  for (const [name, own] of needs) {
    for (const other of own) {
      const waiting = neededBy.get(other) ?? [];
      waiting.push(name);
      neededBy.set(other, waiting);
    }
  }
  const ready = [...open].flatMap(([name, count]) => (count === 0 ? [name] : []));
  // The list grows while it is walked.
  for (const name of ready) {
    for (const waiting of neededBy.get(name) ?? []) {
      const left = (open.get(waiting) ?? 0) - 1;
      open.set(waiting, left);
      if (left === 0) ready.push(waiting);
    }
  }
  return ready;
}

function evaluateOne(site: Site, raw: Json): Json | undefined {
  if (isList(raw)) return whole(raw.map((item, index) => evaluateOne(below(site, index), item)));
  if (isObject(raw)) {
    const members = whole(Object.entries(raw).map(([key, member]) => evaluateOne(below(site, key), member)));
    return members === undefined
      ? undefined
      : Object.fromEntries(Object.keys(raw).map((key, at) => [key, members[at] ?? null]));
  }
  if (typeof raw !== 'string' || !raw.includes('${{')) return raw;
  const parsed = parseTemplate(raw);
  const alone = parsed.ok && parsed.parts.length === 1;
  if (!alone) return planText(site, raw)?.text;
  const [part] = parsed.parts;
  if (part === undefined || 'text' in part) return part?.text;
  const sole = soleExpression(site, raw);
  const checked = sole === null ? null : check(site, sole.source, sole.offset);
  return checked !== null && isPlanPhase(site, checked) ? evaluate(site, checked.source) : undefined;
}

function whole(values: readonly (Json | undefined)[]): readonly Json[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}

/** Whoever starts the run decides about inputs, and so about every variable that is made of one. */
export function dependsOnInputs(raw: Json, vars: Variables): boolean {
  const names = new Set(Object.keys(vars));
  const seen = new Set<string>();
  const open: Json[] = [raw];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (sourcesIn(next).some((source) => /\binputs\b/.test(source))) return true;
    for (const name of variablesNamed(next, names).filter((one) => !seen.has(one))) {
      seen.add(name);
      open.push(vars[name] ?? null);
    }
  }
  return false;
}

/** An expression that reads `vars` as a whole, or by a computed name, names all of them. */
function variablesNamed(raw: Json, names: ReadonlySet<string>): readonly string[] {
  const named = new Set<string>();
  for (const source of sourcesIn(raw)) {
    const parsed = /\bvars\b/.test(source) ? parseExpression(source) : null;
    for (const { name, fields } of parsed?.ok === true ? pathsOf(parsed.syntax) : []) {
      if (name !== 'vars') continue;
      const [field = '*'] = fields;
      for (const other of field === '*' ? names : [field]) named.add(other);
    }
  }
  return [...named].filter((name) => names.has(name));
}
