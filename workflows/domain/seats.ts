/**
 * Seats of redundancy groups: a host that is taken out of service sits on one of its group for as long as nobody has seen it come back.
 *
 * - A1 A seat is a lock that is named for its host, so whoever looks at the locks sees which hosts are out.
 * - A2 A group counts all its seats, whoever holds them, also those that a dead run left behind.
 * - A3 Runs may have been planned with different limits: the smallest of those that are out and those that ask counts.
 */
export interface SeatRequest {
  /** The seats of each host, one in each of its groups. A host in no group has none. */
  readonly hosts: readonly (readonly string[])[];
  readonly limits: SeatLimits;
}

/** How many of a group may be out at once, by its name. */
export type SeatLimits = { readonly [group: string]: number };

export interface SeatHolder {
  readonly runId: string;
  readonly path: string;
  /** Of a seat: what its holder was told. */
  readonly seatLimit?: number | null;
}

const prefix = 'redundancy/';

/** Neither part can hold a slash. */
export function seatName(group: string, host: string): string {
  return `${prefix}${group}/${host}`;
}

/** Null: the lock is no seat. */
export function groupOfSeat(name: string): string | null {
  if (!name.startsWith(prefix)) return null;
  const [group, host, more] = name.slice(prefix.length).split('/');
  return group === undefined || host === undefined || more !== undefined ? null : group;
}

export function hostOfSeat(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** What the holder of a seat was told of its group; null: the lock is no seat, or nothing was said. */
export function seatLimitOf(name: string, limits: SeatLimits): number | null {
  const group = groupOfSeat(name);
  return group === null ? null : (limits[group] ?? null);
}

/** Seats that are set aside for those who asked before, by group. */
export type SetAside = ReadonlyMap<string, number>;

export interface SeatTable {
  readonly holds: ReadonlyMap<string, SeatHolder>;
  readonly setAside: SetAside;
}

/**
 * The seats of as many hosts as there is room for, from the first on; a host gets all of its seats or none. Null: there is not even
 * room for the first.
 */
export function seatsToGrant(
  owner: SeatHolder,
  { hosts, limits }: SeatRequest,
  table: SeatTable,
): readonly string[] | null {
  const taken = takenByGroup(table);
  const roomOf = (group: string): number => limitOf(group, limits, table.holds) - (taken.get(group) ?? 0);
  const granted: string[] = [];
  for (const [index, names] of hosts.entries()) {
    const wanted = names.filter((name) => !isOwn(table.holds.get(name), owner) && !granted.includes(name));
    const groups = wanted.map((name) => groupOfSeat(name) ?? '');
    const isFree = wanted.every((name) => !table.holds.has(name)) && groups.every((group) => roomOf(group) > 0);
    if (!isFree) return index === 0 ? null : granted;
    for (const group of groups) taken.set(group, (taken.get(group) ?? 0) + 1);
    granted.push(...names);
  }
  return granted;
}

/** Who sits where the first host is to sit, or keeps it from doing so. */
export function seatHolders(
  owner: SeatHolder,
  { hosts: [first = []] }: SeatRequest,
  holds: ReadonlyMap<string, SeatHolder>,
): readonly SeatHolder[] {
  const groups = new Set(first.map(groupOfSeat));
  return [...holds].flatMap(([name, holder]) => {
    const group = groupOfSeat(name);
    const isInTheWay = group !== null && groups.has(group) && !(first.includes(name) && isOwn(holder, owner));
    return isInTheWay ? [holder] : [];
  });
}

/** One host of each of those who asked before has its place kept. */
export function setAsideFor(waits: readonly SeatRequest[], holds: ReadonlyMap<string, SeatHolder>): SetAside {
  const setAside = new Map<string, number>();
  for (const { hosts } of waits) {
    for (const name of hosts[0] ?? []) {
      const group = groupOfSeat(name);
      if (group === null || holds.has(name)) continue;
      setAside.set(group, (setAside.get(group) ?? 0) + 1);
    }
  }
  return setAside;
}

function takenByGroup({ holds, setAside }: SeatTable): Map<string, number> {
  const taken = new Map(setAside);
  for (const name of holds.keys()) {
    const group = groupOfSeat(name);
    if (group !== null) taken.set(group, (taken.get(group) ?? 0) + 1);
  }
  return taken;
}

function limitOf(group: string, limits: SeatLimits, holds: ReadonlyMap<string, SeatHolder>): number {
  let limit = limits[group] ?? 0;
  for (const [name, { seatLimit }] of holds) {
    if (groupOfSeat(name) === group) limit = Math.min(limit, seatLimit ?? limit);
  }
  return limit;
}

function isOwn(holder: SeatHolder | undefined, owner: SeatHolder): boolean {
  return holder?.runId === owner.runId && holder.path === owner.path;
}
