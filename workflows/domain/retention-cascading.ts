import { bucketKinds, bucketOf } from './retention-policy';

import type { BucketKind, Counted, CountedReason, KeepNumbers, RetentionCandidate } from './retention-policy';

/**
 * R-BKP-1, as borg does it: from the finest kind of bucket to the coarsest, and a bucket whose newest backup is kept already is passed
 * over without being counted. `sets`: newest first; `already`: what stays by time.
 */
export function cascadingKeeps(
  sets: readonly RetentionCandidate[],
  numbers: KeepNumbers,
  already: ReadonlySet<string>,
): Counted {
  const kept = new Map<string, readonly CountedReason[]>();
  for (const rule of bucketKinds) {
    const isFree = ({ id }: RetentionCandidate): boolean => !already.has(id) && !kept.has(id);
    for (const [id, reason] of keptBy(rule, sets, { of: numbers[rule], isFree })) kept.set(id, [reason]);
  }
  return kept;
}

function keptBy(
  rule: BucketKind,
  sets: readonly RetentionCandidate[],
  { of, isFree }: { readonly of: number; readonly isFree: (set: RetentionCandidate) => boolean },
): readonly [string, CountedReason][] {
  const kept: [string, CountedReason][] = [];
  let last: string | null = null;
  for (const set of sets) {
    if (kept.length >= of) break;
    const bucket = bucketOf(set, rule);
    const oldest = bucket === last;
    if ((!oldest || set === sets.at(-1)) && isFree(set)) {
      kept.push([set.id, { rule, rank: kept.length + 1, of, oldest }]);
    }
    last = bucket;
  }
  return kept;
}
