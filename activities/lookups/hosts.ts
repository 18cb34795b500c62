import type { Store } from '../../platform/store/store';
import { evaluateExpression } from '../../workflows/domain/expression';
import type { Json, JsonObject } from '../../workflows/domain/json';
import type { Lookups } from '../../workflows/effects';
import { guardedRecord } from '../runtime/guarded-record';
import type { Plans } from '../runtime/plans';

export async function hostNames(
  plans: Plans,
  { planDigest, set, indices }: Lookups['hostNames']['asked'],
): Promise<Lookups['hostNames']['answer']> {
  const hosts = await plans.hosts(planDigest, set, indices);
  return { names: hosts.map(({ name }) => name) };
}

export async function hostLocks(
  plans: Plans,
  { planDigest, set, indices, at }: Lookups['hostLocks']['asked'],
): Promise<Lookups['hostLocks']['answer']> {
  const hosts = await plans.hosts(planDigest, set, indices);
  return { names: hosts.flatMap(({ steps }) => steps[at]?.locks ?? []) };
}

export async function hostIndices(
  plans: Plans,
  { planDigest, set, names }: Lookups['hostIndices']['asked'],
): Promise<Lookups['hostIndices']['answer']> {
  const hosts = await plans.allHosts(planDigest, set);
  const known = new Map(hosts.map(({ name }, index) => [name, index]));
  const indices: number[] = [];
  const missing: string[] = [];
  for (const name of new Set(names)) {
    const index = known.get(name);
    if (index === undefined) missing.push(name);
    else indices.push(index);
  }
  return { indices: indices.sort((a, b) => a - b), missing };
}

/** `steps.x.hosts` exists only here: whole records of hosts never enter a workflow. */
export async function aggregate(
  store: Store,
  { runId, step, expression, scope }: Lookups['aggregate']['asked'],
): Promise<Lookups['aggregate']['answer']> {
  const rows = await store.views.hosts(runId, { step });
  const hosts = rows
    .filter((row) => row.phase === 'do')
    .map((row): JsonObject => ({ ...guardedRecord(row), name: row.host }));
  const id = step.split('/').at(-1) ?? step;
  const steps = objectOf(scope['steps']);
  const record = { ...objectOf(steps[id]), hosts };
  const evaluated = evaluateExpression(expression, { ...scope, steps: { ...steps, [id]: record } });
  return evaluated.ok ? { value: evaluated.value } : { error: evaluated.failure.message };
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
