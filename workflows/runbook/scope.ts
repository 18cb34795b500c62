import { evaluateExpression } from '../domain/expression';
import type { Evaluation } from '../domain/expression';
import type { Json, JsonObject } from '../domain/json';
import { expressionsOf, renderValue } from '../domain/render';
import type { Rendered } from '../domain/render';
import { rostersIn } from '../domain/roster';
import type { Scope, Value } from '../domain/value';
import type { Here } from './here';
import type { Expression } from '../domain/value';
import type { Reads } from './plan';
import { skippedRecord } from './records';
import type { LexicalScope, RunState } from './state';

/** Just the names that a step's expressions read (D5): what travels to a worker stays small. */
export function scopeOf(reads: Reads, here: Here): Scope {
  const scope: { [name: string]: Json } = {};
  for (const name of reads.names) {
    const value = nameOf(name, here);
    if (value !== undefined) scope[name] = value;
  }
  const steps: { [id: string]: Json } = {};
  for (const id of reads.steps) steps[id] = recordIn(here.state, here.scope, id) ?? skippedRecord;
  if (reads.steps.length > 0) scope['steps'] = steps;
  return scope;
}

/** Never throws: an expression that cannot be evaluated is a failure of its step. */
export async function evaluate(expression: Expression, reads: Reads, here: Here): Promise<Evaluation> {
  const scope = scopeOf(reads, here);
  const cut = unreadable(expression, scope);
  if (cut !== null) return cut;
  if (rostersIn(expression).length === 0) return evaluateExpression(expression, scope);
  const { run, planDigest } = here.input;
  const answer = await here.effects.lookUp('aggregate', { runId: run.id, planDigest, expression, scope });
  return 'value' in answer
    ? { ok: true, value: answer.value }
    : { ok: false, failure: { code: 'EXPRESSION_FAILED', message: answer.error } };
}

/** As `evaluate`, for a value with expressions inside. Secrets stay references here. */
export async function render(value: Value, reads: Reads, here: Here): Promise<Rendered> {
  const scope = scopeOf(reads, here);
  for (const expression of expressionsOf(value)) {
    const cut = unreadable(expression, scope);
    if (cut !== null) return cut;
  }
  if (expressionsOf(value).every((expression) => rostersIn(expression).length === 0)) {
    return renderValue(value, scope, (reference) => reference);
  }
  const decided = await withAggregates(value, reads, here);
  return decided.ok ? renderValue(decided.value, scope, (reference) => reference) : decided;
}

type Decided = { readonly ok: true; readonly value: Value } | Extract<Rendered, { readonly ok: false }>;

async function withAggregates(value: Value, reads: Reads, here: Here): Promise<Decided> {
  if ('expression' in value) {
    const result = await evaluate(value.expression, reads, here);
    return result.ok ? { ok: true, value: { literal: result.value } } : result;
  }
  if ('text' in value) {
    const parts = [];
    for (const part of value.text) {
      if (typeof part === 'string' || 'secret' in part) parts.push(part);
      else {
        const result = await evaluate(part.expression, reads, here);
        if (!result.ok) return result;
        parts.push(textOf(result.value));
      }
    }
    return { ok: true, value: { text: parts } };
  }
  return 'list' in value || 'map' in value ? membersDecided(value, reads, here) : { ok: true, value };
}

async function membersDecided(
  value: Extract<Value, { list: unknown } | { map: unknown }>,
  reads: Reads,
  here: Here,
): Promise<Decided> {
  const members: [string, Value][] = [];
  for (const [key, member] of Object.entries('list' in value ? value.list : value.map)) {
    const decided = await withAggregates(member, reads, here);
    if (!decided.ok) return decided;
    members.push([key, decided.value]);
  }
  return {
    ok: true,
    value: 'list' in value ? { list: members.map(([, member]) => member) } : { map: Object.fromEntries(members) },
  };
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Cut or masked output must not be taken for the whole (`language.md` section 8). */
function unreadable(expression: Expression, scope: Scope): Extract<Evaluation, { readonly ok: false }> | null {
  const steps = scope['steps'];
  if (steps === undefined || !isObject(steps)) return null;
  for (const [, id = '', field = ''] of expression.matchAll(/\bsteps\.([A-Za-z]\w*)\.([A-Za-z]\w*)/g)) {
    const record = steps[id];
    if (!isObject(record)) continue;
    for (const [mark, code] of [
      ['truncated', 'OUTPUT_TRUNCATED'],
      ['masked', 'OUTPUT_MASKED'],
    ] as const) {
      const fields = record[mark];
      if (Array.isArray(fields) && fields.includes(field)) {
        const message = `Cannot evaluate "${expression}": "${field}" of step "${id}" was kept ${mark}`;
        return { ok: false, failure: { code, message } };
      }
    }
  }
  return null;
}

function nameOf(name: string, here: Here): Json | undefined {
  const local = here.names[name] ?? localName(here.state, here.scope, name);
  if (name === 'run') return { ...runNames(here), ...(isObject(local) ? local : {}) };
  if (local !== undefined) return local;
  const { program, lateInputs } = here.input;
  if (name === 'inputs') return { ...program.inputs, ...lateInputs };
  if (name === 'vars') return program.vars;
  if (name === 'inventory') return program.inventory ?? null;
  return undefined;
}

function runNames(here: Here): JsonObject {
  const { id, number, requester } = here.input.run;
  const { outcome, startedAt } = here.state;
  return { id, number, requester, startedAt: new Date(startedAt).toISOString(), outcome };
}

function localName(state: RunState, key: string, name: string): Json | undefined {
  for (const scope of scopesFrom(state, key)) {
    if (scope.names[name] !== undefined) return scope.names[name];
  }
  return undefined;
}

export function recordIn(state: RunState, key: string, id: string): JsonObject | undefined {
  for (const scope of scopesFrom(state, key)) {
    const record = scope.records[id];
    if (record !== undefined) return record;
  }
  return undefined;
}

function* scopesFrom(state: RunState, key: string): Generator<LexicalScope> {
  let next: string | null = key;
  while (next !== null) {
    const scope: LexicalScope | undefined = state.scopes[next];
    if (scope === undefined) return;
    yield scope;
    next = scope.parent;
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
