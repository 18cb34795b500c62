import type { LoadedRunbook } from './document';
import { resolveReference } from './library';
import type { Tiers } from './library';

/** Roles without which a folder of runbooks is no provider, and those that it may have besides. */
export const neededRoles = ['preflight', 'backup', 'verify', 'list', 'forget', 'restore', 'assert', 'destroy'] as const;
const furtherRoles = ['copy', 'unlock', 'replay', 'mutate', 'compare', 'swap', 'settle'] as const;

export type ProviderRole = (typeof neededRoles)[number] | (typeof furtherRoles)[number];

/** Corruptions that the engine makes itself, whatever the provider is. */
export const engineMutations: readonly string[] = ['stale-backup'];

/** The runbooks of a provider by role, as far as it has them. */
export function providerRunbooks(provider: string, tiers: Tiers): ReadonlyMap<ProviderRole, LoadedRunbook> {
  const runbooks = new Map<ProviderRole, LoadedRunbook>();
  for (const role of [...neededRoles, ...furtherRoles]) {
    const found = resolveReference('Runbook', `backup/${provider}/${role}`, tiers);
    if (found.ok) runbooks.set(role, found.document);
  }
  return runbooks;
}

/** What a provider's `mutate` can do: the values that its input takes. */
export function mutationsOf(runbooks: ReadonlyMap<ProviderRole, LoadedRunbook>): readonly string[] {
  const input = runbooks.get('mutate')?.spec.inputs?.['mutation'];
  const own = input?.type === 'string' ? (input.enum ?? []) : [];
  return [...engineMutations, ...own];
}
