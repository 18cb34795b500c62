import type { BackupSet } from './backup-set';

/** From the finest; `cascading` goes through them in this order. `last` counts backups themselves. */
export const bucketKinds = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;

export type BucketKind = (typeof bucketKinds)[number];

/** How many buckets of each kind keep a backup. */
export type KeepNumbers = { readonly [K in BucketKind]: number };

export interface RetentionPolicy extends KeepNumbers {
  /** R-BKP-1: `independent`: a backup stays when any rule wants it. `cascading`: a rule passes over what an earlier one keeps. */
  readonly algorithm: 'independent' | 'cascading';
  /** Everything stays that is not more than this older than the newest backup; 0: no such rule. */
  readonly withinMs: number;
  /** R-BKP-6, the recovery window: everything younger than this stays, and the newest one that is not and stands alone; 0: no such rule. */
  readonly fullOlderThanMs: number;
  /** R-BKP-7: so many chains with a good backup stay, whatever the rules say. */
  readonly minimumRedundancy: number;
  /** R-BKP-3: the group for which an empty policy shall mean "nothing is kept". Floors, holds and pins hold all the same. */
  readonly unsafeDeleteAllOf?: string;
}

/** What the rules look at. The keys are made elsewhere, in the zone of the policy: `2026-03-01T05`, `2026-03-01`, `2026-W09` … */
export interface RetentionCandidate extends Pick<
  BackupSet,
  'id' | 'atMs' | 'parent' | 'owned' | 'levels' | 'broken' | 'holds' | 'pins'
> {
  /** R-BKP-5: as `groupOf` says. */
  readonly group: string;
  readonly buckets: { readonly [K in Exclude<BucketKind, 'last'>]: string };
}

/** It is the newest of the `rank`th bucket of `of`; or the oldest of all, which stays while there are buckets left. */
export interface CountedReason {
  readonly rule: BucketKind;
  readonly rank: number;
  readonly of: number;
  readonly oldest: boolean;
}

/** What an algorithm keeps, by id. */
export type Counted = ReadonlyMap<string, readonly CountedReason[]>;

export function bucketOf(set: RetentionCandidate, kind: BucketKind): string {
  return kind === 'last' ? set.id : set.buckets[kind];
}

export function isEmptyPolicy(policy: RetentionPolicy): boolean {
  return policy.withinMs <= 0 && policy.fullOlderThanMs <= 0 && bucketKinds.every((kind) => policy[kind] <= 0);
}
