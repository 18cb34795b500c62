import { isGood, newestFirst, setsById } from '../domain/backup-set';
import type { Here } from './here';
import type { KnownSet } from './messages';
import { askRole, isTold } from './role-outputs';
import { providerRole } from './provider';

/** A backup as the tool lists it. `label`: id of the set; empty: not made by Mainstay. */
export interface ListedSet {
  readonly setId: string;
  readonly label: string;
  readonly atMs: number;
  readonly kind: string;
  readonly parent: string;
  readonly sizeBytes: number;
}

export type Listing =
  | {
      readonly ok: true;
      readonly sets: readonly ListedSet[];
      /** Older ones than these may be there. */
      readonly cut: boolean;
    }
  | { readonly ok: false; readonly reason: string };

/** A provider lists no more. */
const mostListed = 500;

/** What is really in the repository. */
export async function listSets(here: Here): Promise<Listing> {
  const answer = await askRole({ runbook: providerRole(here, 'list'), inputs: {} }, { sets: 'list' }, here);
  if (!answer.ok) return answer;
  const { sets } = answer.told;
  const listed = sets.filter((set) =>
    isTold(set, {
      setId: 'text',
      label: 'text',
      atMs: 'number',
      kind: 'text',
      parent: 'text',
      sizeBytes: 'number',
    }),
  );
  if (listed.length < sets.length)
    return {
      ok: false,
      reason: `${providerRole(here, 'list')} told of ${sets.length - listed.length} sets too little`,
    };
  return { ok: true, sets: listed, cut: listed.length >= mostListed };
}

export async function knownSets({ input, effects }: Here): Promise<readonly KnownSet[]> {
  return (await effects.lookUp('backupSets', { plan: input.plan.name })).sets;
}

/** The newest one that can be counted on; null: there is none. */
export function newestGood(sets: readonly KnownSet[], nowMs: number): KnownSet | null {
  const byId = setsById(sets);
  return newestFirst(sets).find((set) => set.atMs <= nowMs && isGood(set, byId)) ?? null;
}
