import { isAtLeast } from './backup-levels';
import { ancestry, isGood, isHolding, newestFirst, rootOf, setsById } from './backup-set';
import { groupedBy } from './grouping';
import { cascadingKeeps } from './retention-cascading';
import { independentKeeps } from './retention-independent';
import { isEmptyPolicy } from './retention-policy';

import type { Counted, CountedReason, RetentionCandidate, RetentionPolicy } from './retention-policy';

/** Why a backup stays. */
export type KeepReason =
  | CountedReason
  | { readonly rule: 'within' | 'window' | 'first-outside-window' }
  | { readonly rule: 'empty-policy' | 'foreign' | 'future' | 'not-superseded' | 'newest-verified' | 'newest-proven' }
  | { readonly rule: 'hold'; readonly name: string }
  | { readonly rule: 'pin'; readonly by: string }
  /** What it needs is not known, so nobody can say what it is. */
  | { readonly rule: 'orphan' }
  | { readonly rule: 'floor'; readonly rank: number; readonly of: number }
  /** R-BKP-8: it belongs to a backup that stays. */
  | { readonly rule: 'chain'; readonly with: string };

export interface RetentionVerdict {
  readonly id: string;
  readonly keep: boolean;
  readonly reasons: readonly KeepReason[];
}

/** One verdict for each set, newest first within its group. R-BKP-5: what needs another backup is of the group of that one, or it would lose it. */
export function retentionOf(
  sets: readonly RetentionCandidate[],
  policy: RetentionPolicy,
  nowMs: number,
): readonly RetentionVerdict[] {
  const all = setsById(sets);
  return [...groupedBy(sets, (set) => rootOf(set, all).group)].flatMap(([group, members]) => {
    const scope = scopeOf(newestFirst(members), nowMs);
    const emptyPolicy = isEmptyPolicy(policy) && policy.unsafeDeleteAllOf !== group;
    const own = reasonsOf(scope, policy, emptyPolicy);
    return withChains(scope, withFloor(scope, own, policy.minimumRedundancy));
  });
}

/** The sets of one group, newest first, and what the rules ask of them again and again. */
interface Scope {
  readonly sets: readonly RetentionCandidate[];
  readonly byId: ReadonlyMap<string, RetentionCandidate>;
  /** R-BKP-7: what counts; R-BKP-4: nothing that claims to be of the future does. */
  readonly good: readonly RetentionCandidate[];
  /** The newest good one whose service was started; null: none was. */
  readonly proven: RetentionCandidate | null;
  readonly nowMs: number;
}

type Reasons = ReadonlyMap<string, readonly KeepReason[]>;

function scopeOf(sets: readonly RetentionCandidate[], nowMs: number): Scope {
  const byId = setsById(sets);
  const good = sets.filter((set) => set.atMs <= nowMs && isGood(set, byId));
  return { sets, byId, nowMs, good, proven: good.find(({ levels }) => isAtLeast(levels, 'V4')) ?? null };
}

function reasonsOf(scope: Scope, policy: RetentionPolicy, emptyPolicy: boolean): Reasons {
  const byTime = keptByTime(scope, policy);
  const counted = countedKeeps(scope, policy, new Set(byTime.keys()));
  return new Map(
    scope.sets.map((set) => {
      const empty: readonly KeepReason[] = emptyPolicy ? [{ rule: 'empty-policy' }] : [];
      const byRules = [...(byTime.get(set.id) ?? []), ...(counted.get(set.id) ?? [])];
      return [set.id, [...protections(set, scope), ...empty, ...byRules]];
    }),
  );
}

function countedKeeps({ good }: Scope, policy: RetentionPolicy, already: ReadonlySet<string>): Counted {
  switch (policy.algorithm) {
    case 'independent':
      return independentKeeps(good, policy);
    case 'cascading':
      return cascadingKeeps(good, policy, already);
  }
}

/**
 * R-BKP-4: measured from the newest backup that is not of the future, so that one wrong clock does not age all others, and a service
 * that is not backed up any more keeps what it has. The recovery window ends now: it promises points in time (R-BKP-6).
 */
function keptByTime({ sets, good, nowMs }: Scope, { withinMs, fullOlderThanMs }: RetentionPolicy): Reasons {
  const past = sets.filter(({ atMs }) => atMs <= nowMs);
  const newestMs = past.find(({ owned }) => owned)?.atMs ?? nowMs;
  const firstOutside = good.find(({ parent, atMs }) => parent === '' && atMs <= nowMs - fullOlderThanMs);
  const kept = new Map<string, readonly KeepReason[]>();
  for (const set of past) {
    const reasons: KeepReason[] = [];
    if (withinMs > 0 && set.atMs >= newestMs - withinMs) reasons.push({ rule: 'within' });
    if (fullOlderThanMs > 0 && set.atMs > nowMs - fullOlderThanMs) reasons.push({ rule: 'window' });
    if (fullOlderThanMs > 0 && set === firstOutside) reasons.push({ rule: 'first-outside-window' });
    if (reasons.length > 0) kept.set(set.id, reasons);
  }
  return kept;
}

/** What no policy may touch, whatever it says. */
function protections(set: RetentionCandidate, { byId, good, proven, nowMs }: Scope): readonly KeepReason[] {
  const newestGood = good[0];
  const reasons: KeepReason[] = [];
  if (!set.owned) reasons.push({ rule: 'foreign' });
  for (const hold of set.holds) if (isHolding(hold, nowMs)) reasons.push({ rule: 'hold', name: hold.name });
  for (const by of set.pins) reasons.push({ rule: 'pin', by });
  if (set.atMs > nowMs) reasons.push({ rule: 'future' });
  if (!ancestry(set, byId).whole) reasons.push({ rule: 'orphan' });
  // It may be verified yet, or be all that is left: it goes only when something good is newer.
  else if (set.atMs <= nowMs && (newestGood === undefined || set.atMs > newestGood.atMs)) {
    reasons.push({ rule: 'not-superseded' });
  }
  if (set === newestGood) reasons.push({ rule: 'newest-verified' });
  if (set === proven) reasons.push({ rule: 'newest-proven' });
  return reasons;
}

/** R-BKP-7: backups that need the same root are no redundancy to one another, so chains are counted. */
function withFloor({ good, byId }: Scope, own: Reasons, minimum: number): Reasons {
  const rootIds = new Set<string>();
  const isKept = ({ id }: RetentionCandidate): boolean => (own.get(id) ?? []).length > 0;
  for (const set of good.filter(isKept)) rootIds.add(rootOf(set, byId).id);
  const result = new Map(own);
  for (const set of good) {
    const root = rootOf(set, byId).id;
    if (rootIds.size >= minimum) break;
    if (rootIds.has(root)) continue;
    rootIds.add(root);
    result.set(set.id, [{ rule: 'floor', rank: rootIds.size, of: minimum }]);
  }
  return result;
}

/** R-BKP-8: a root and all that need it share one fate: they stay when one of them does. */
function withChains({ sets, byId }: Scope, own: Reasons): readonly RetentionVerdict[] {
  const keeper = new Map<string, string>();
  for (const { id, root } of sets.map((set) => ({ id: set.id, root: rootOf(set, byId).id }))) {
    if ((own.get(id) ?? []).length > 0 && !keeper.has(root)) keeper.set(root, id);
  }
  return sets.map((set) => {
    const reasons = own.get(set.id) ?? [];
    const by = keeper.get(rootOf(set, byId).id);
    const all: readonly KeepReason[] =
      reasons.length === 0 && by !== undefined ? [{ rule: 'chain', with: by }] : reasons;
    return { id: set.id, keep: all.length > 0, reasons: all };
  });
}
