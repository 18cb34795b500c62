import { bucketKinds, bucketOf } from './retention-policy';

import type { BucketKind, Counted, CountedReason, KeepNumbers, RetentionCandidate } from './retention-policy';

/** R-BKP-1, as restic does it: every kind of bucket for itself, and what any of them wants stays. `sets`: newest first. */
export function independentKeeps(sets: readonly RetentionCandidate[], numbers: KeepNumbers): Counted {
  const kept = new Map<string, readonly CountedReason[]>();
  for (const rule of bucketKinds) {
    for (const [id, reason] of keptBy(rule, sets, numbers[rule])) kept.set(id, [...(kept.get(id) ?? []), reason]);
  }
  return kept;
}

function keptBy(rule: BucketKind, sets: readonly RetentionCandidate[], of: number): readonly [string, CountedReason][] {
  const kept: [string, CountedReason][] = [];
  let last: string | null = null;
  for (const set of sets) {
    if (kept.length >= of) break;
    const bucket = bucketOf(set, rule);
    const oldest = bucket === last;
    if (!oldest || set === sets.at(-1)) kept.push([set.id, { rule, rank: kept.length + 1, of, oldest }]);
    last = bucket;
  }
  return kept;
}
