export interface LockStanding {
  readonly name: string;
  readonly state: 'held' | 'orphaned';
}

/** by the filters of the address. */
export function locksShown<L extends LockStanding>(
  locks: readonly L[],
  { name = '', state }: { readonly [filter: string]: string },
): readonly L[] {
  const fitting = locks.filter(
    (lock) => lock.name.includes(name.trim()) && (state === undefined || lock.state === state),
  );
  // What a person has to look at comes first.
  return fitting.toSorted(
    (a, b) => Number(b.state === 'orphaned') - Number(a.state === 'orphaned') || a.name.localeCompare(b.name),
  );
}

/** Null: a person may free it. */
export function freeRefusal({ state }: LockStanding): string | null {
  return state === 'orphaned'
    ? null
    : 'Its run is at work: wait for it, or cancel it. Only a lock of a run that is over can be freed by hand.';
}
