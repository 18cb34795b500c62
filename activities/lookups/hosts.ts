import type { Store } from '../../platform/store/store';
import { evaluateExpression } from '../../workflows/domain/expression';
import type { Lookups } from '../../workflows/effects';
import type { Plans } from '../runtime/plans';
import { scopeWithHosts } from './rosters';

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

/** Only what comes of it goes back to the workflow. */
export async function aggregate(
  stored: { readonly store: Store; readonly plans: Plans },
  { runId, planDigest, expression, scope }: Lookups['aggregate']['asked'],
): Promise<Lookups['aggregate']['answer']> {
  const evaluated = evaluateExpression(
    expression,
    await scopeWithHosts(stored, { runId, planDigest, source: () => expression }, scope),
  );
  return evaluated.ok ? { value: evaluated.value } : { error: evaluated.failure.message };
}
