import type { BucketKind, RetentionCandidate, RetentionPolicy } from '../../../workflows/domain/retention-policy';

/**
 * The same rules once more, by sets of ids and repetition until nothing changes, without a look at how the engine does it: slow, and
 * plain enough to be checked by reading.
 */
export function referenceKept(
  sets: readonly RetentionCandidate[],
  policy: RetentionPolicy,
  nowMs: number,
): ReadonlySet<string> {
  const groupOf = (set: RetentionCandidate): string =>
    (ancestors(set, sets) ?? known(set, sets)).at(-1)?.group ?? set.group;
  const groups = new Set(sets.map(groupOf));
  const kept = [...groups].flatMap((group) => {
    const members = sets.filter((set) => groupOf(set) === group);
    return [...keptOfGroup(members, policy, nowMs)];
  });
  return new Set(kept);
}

const order: readonly BucketKind[] = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'];

function keptOfGroup(sets: readonly RetentionCandidate[], policy: RetentionPolicy, nowMs: number): ReadonlySet<string> {
  if (order.every((kind) => policy[kind] === 0) && policy.withinMs === 0 && policy.fullOlderThanMs === 0) {
    return new Set(sets.map(({ id }) => id));
  }
  const good = sets.filter(
    (set) => set.owned && set.atMs <= nowMs && isRestorable(set, sets) && hasAny(set, ['V1', 'V4']),
  );
  const young = sets.filter(
    (set) =>
      isYoung(set, sets, policy) ||
      (policy.fullOlderThanMs > 0 && isPast(set, nowMs) && set.atMs > nowMs - policy.fullOlderThanMs),
  );
  const outside =
    policy.fullOlderThanMs === 0
      ? []
      : good.filter((set) => set.parent === '' && nowMs - set.atMs >= policy.fullOlderThanMs);
  const byTime = new Set([...young.filter((set) => isPast(set, nowMs)), ...newest(outside, 1)].map(({ id }) => id));
  const byCount = policy.algorithm === 'independent' ? independent(good, policy) : cascading(good, policy, byTime);
  const untouchable = sets.filter(
    (set) =>
      !set.owned ||
      set.pins.length > 0 ||
      set.holds.some((hold) => hold.kind !== 'plain' || hold.untilMs === null || hold.untilMs > nowMs) ||
      !isPast(set, nowMs) ||
      ancestors(set, sets) === null ||
      good.every((other) => other.atMs < set.atMs || other === set),
  );
  const newestOnes = [
    ...newest(good, 1),
    ...newest(
      good.filter((set) => hasAny(set, ['V4'])),
      1,
    ),
  ];
  const kept = new Set([...byTime, ...byCount, ...[...untouchable, ...newestOnes].map(({ id }) => id)]);
  return linked(withFloor(kept, { good, sets }, policy.minimumRedundancy), sets);

  function isYoung(
    set: RetentionCandidate,
    all: readonly RetentionCandidate[],
    { withinMs }: RetentionPolicy,
  ): boolean {
    const own = all.filter((other) => other.owned && isPast(other, nowMs)).map(({ atMs }) => atMs);
    return withinMs > 0 && set.atMs >= (own.length === 0 ? nowMs : Math.max(...own)) - withinMs;
  }
}

function independent(good: readonly RetentionCandidate[], policy: RetentionPolicy): ReadonlySet<string> {
  return new Set(
    order.flatMap((kind) => {
      const heads = headsOf(good, kind);
      const rest = heads.length < policy[kind] ? newest(good, good.length).slice(-1) : [];
      return [...heads.slice(0, policy[kind]), ...rest].map(({ id }) => id);
    }),
  );
}

function cascading(
  good: readonly RetentionCandidate[],
  policy: RetentionPolicy,
  already: ReadonlySet<string>,
): ReadonlySet<string> {
  let kept: ReadonlySet<string> = already;
  for (const kind of order) {
    const heads = headsOf(good, kind).filter(({ id }) => !kept.has(id));
    const taken = heads.slice(0, policy[kind]).map(({ id }) => id);
    const oldest = newest(good, good.length).at(-1)?.id;
    kept = new Set([...kept, ...taken, ...(taken.length < policy[kind] && oldest !== undefined ? [oldest] : [])]);
  }
  return kept;
}

/** The newest of each bucket, newest first. */
function headsOf(good: readonly RetentionCandidate[], kind: BucketKind): readonly RetentionCandidate[] {
  const keyOf = (set: RetentionCandidate): string => (kind === 'last' ? set.id : set.buckets[kind]);
  const heads = [...new Set(good.map(keyOf))].flatMap((key) =>
    newest(
      good.filter((set) => keyOf(set) === key),
      1,
    ),
  );
  return newest(heads, heads.length);
}

function newest(sets: readonly RetentionCandidate[], count: number): readonly RetentionCandidate[] {
  return [...sets].sort((a, b) => (a.atMs === b.atMs ? b.id.localeCompare(a.id) : b.atMs - a.atMs)).slice(0, count);
}

function isPast(set: RetentionCandidate, nowMs: number): boolean {
  return set.atMs <= nowMs;
}

function hasAny({ levels }: RetentionCandidate, wanted: readonly ('V1' | 'V4')[]): boolean {
  return wanted.some((level) => levels[level] !== undefined);
}

function isRestorable(set: RetentionCandidate, sets: readonly RetentionCandidate[]): boolean {
  const needed = ancestors(set, sets);
  return needed !== null && [set, ...needed].every(({ broken }) => broken === '');
}

/** Null: one of them is not there. */
function ancestors(set: RetentionCandidate, sets: readonly RetentionCandidate[]): readonly RetentionCandidate[] | null {
  if (set.parent === '') return [];
  const parent = sets.find(({ id }) => id === set.parent);
  const rest = parent === undefined ? null : ancestors(parent, sets);
  return parent === undefined || rest === null ? null : [parent, ...rest];
}

/** Of one that needs what is not there: as far up as there is something. */
function known(set: RetentionCandidate, sets: readonly RetentionCandidate[]): readonly RetentionCandidate[] {
  const parent = sets.find(({ id }) => id === set.parent);
  return parent === undefined ? [] : [parent, ...known(parent, sets)];
}

/** Kept ones, and what is linked to them up or down, until nothing is added. */
function linked(kept: ReadonlySet<string>, sets: readonly RetentionCandidate[]): ReadonlySet<string> {
  const more = sets.filter(
    ({ id, parent }) =>
      kept.has(id) || kept.has(parent) || sets.some((child) => child.parent === id && kept.has(child.id)),
  );
  return more.length === kept.size ? kept : linked(new Set(more.map(({ id }) => id)), sets);
}

function withFloor(
  kept: ReadonlySet<string>,
  { good, sets }: { readonly good: readonly RetentionCandidate[]; readonly sets: readonly RetentionCandidate[] },
  minimum: number,
): ReadonlySet<string> {
  const chainOf = ({ id }: RetentionCandidate): string => [...linked(new Set([id]), sets)].toSorted().join(' ');
  const chains = new Set(good.filter(({ id }) => kept.has(id)).map(chainOf));
  const added = newest(good, good.length).find((set) => !chains.has(chainOf(set)));
  if (chains.size >= minimum || added === undefined) return kept;
  return withFloor(new Set([...kept, added.id]), { good, sets }, minimum);
}
