import { ancestry, rootOf, setsById } from './backup-set';
import { hourMs } from './duration';
import { retentionOf } from './retention';

import type { BackupSet } from './backup-set';
import type { KeepReason } from './retention';
import type { RetentionCandidate, RetentionPolicy } from './retention-policy';

/** R-BKP-10: nothing is deleted before it could be read what will be. */
export const defaultGraceMs = 24 * hourMs;

/** Past its grace a plan is carried out within this time, or not at all: the world is not any more as it was. */
const carryOutMs = 24 * hourMs;

export type PrunePhase =
  | { readonly kind: 'grace'; readonly dueAtMs: number }
  | { readonly kind: 'due'; readonly staleAtMs: number }
  /** To be computed anew. */
  | { readonly kind: 'stale' };

/** R-BKP-10: with 24 h of grace a plan runs from 24 h on, and before 48 h, after it was made. */
export function prunePhase(plan: { readonly madeAtMs: number; readonly graceMs: number }, nowMs: number): PrunePhase {
  const dueAtMs = plan.madeAtMs + plan.graceMs;
  const staleAtMs = dueAtMs + carryOutMs;
  if (nowMs < dueAtMs) return { kind: 'grace', dueAtMs };
  return nowMs < staleAtMs ? { kind: 'due', staleAtMs } : { kind: 'stale' };
}

/** What of a set is looked at again; no buckets, since what the rules kept is not on the plan. */
export interface PrunedSet extends Pick<
  BackupSet,
  'id' | 'atMs' | 'parent' | 'owned' | 'levels' | 'broken' | 'holds' | 'pins'
> {
  readonly group: string;
}

export interface PruneRecheck {
  /** What needs another one before that one. */
  readonly goes: readonly string[];
  readonly stays: readonly { readonly id: string; readonly reasons: readonly KeepReason[] }[];
}

/**
 * R-BKP-10: since the plan was made somebody may have put a hold on one of them, a restore may use it, a new backup may need it, or a
 * drill may have broken what was newer and left it the newest good one. What is not there any more is passed over.
 */
export function recheckPrune(
  planned: readonly string[],
  { sets, minimumRedundancy }: { readonly sets: readonly PrunedSet[]; readonly minimumRedundancy: number },
  nowMs: number,
): PruneRecheck {
  const candidates = sets.map((set) => asCandidate(set, planned.includes(set.id)));
  const verdicts = groupsOf(candidates).flatMap((group) => {
    const policy = { ...nothingKept, minimumRedundancy, unsafeDeleteAllOf: group };
    return retentionOf(candidates.filter(isOf(group, candidates)), policy, nowMs);
  });
  const named = verdicts.filter(({ id }) => planned.includes(id));
  const byId = setsById(candidates);
  const depth = (id: string): number => {
    const set = byId.get(id);
    return set === undefined ? 0 : ancestry(set, byId).members.length;
  };
  return {
    goes: named
      .filter(({ keep }) => !keep)
      .map(({ id }) => id)
      .toSorted((a, b) => depth(b) - depth(a)),
    stays: named.filter(({ keep }) => keep).map(({ id, reasons }) => ({ id, reasons })),
  };
}

/** The rules have spoken when the plan was made: only what protects a backup from them is asked. */
const nothingKept: Omit<RetentionPolicy, 'unsafeDeleteAllOf'> = {
  algorithm: 'independent',
  last: 0,
  hourly: 0,
  daily: 0,
  weekly: 0,
  monthly: 0,
  yearly: 0,
  withinMs: 0,
  fullOlderThanMs: 0,
  minimumRedundancy: 0,
};

/** R-BKP-5: those that chains begin in; what needs another set is of the group of that one. */
function groupsOf(candidates: readonly RetentionCandidate[]): readonly string[] {
  const byId = setsById(candidates);
  return [...new Set(candidates.map((set) => rootOf(set, byId).group))];
}

function isOf(group: string, candidates: readonly RetentionCandidate[]): (set: RetentionCandidate) => boolean {
  const byId = setsById(candidates);
  return (set) => rootOf(set, byId).group === group;
}

const noBuckets = { hourly: '', daily: '', weekly: '', monthly: '', yearly: '' };

/** What is not on the plan stays, for whatever reason, and so does what it needs. */
function asCandidate(set: PrunedSet, isPlanned: boolean): RetentionCandidate {
  return {
    ...set,
    buckets: noBuckets,
    pins: isPlanned ? set.pins : [...set.pins, 'another rule'],
  };
}
