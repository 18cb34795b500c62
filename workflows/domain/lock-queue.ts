import { groupOfSeat, seatHolders, seatLimitOf, seatsToGrant, setAsideFor } from './seats';
import type { SeatHolder, SeatRequest } from './seats';

/** What a lock is held or waited for by: a step, or the run as a whole. */
export interface LockOwner {
  readonly runId: string;
  readonly path: string;
}

export interface LockWait extends LockOwner {
  readonly names: readonly string[];
  /** Any one of them will do. */
  readonly anyOf: boolean;
  /** They are seats: as many of the hosts as there is room for will do, one at least. */
  readonly seats?: SeatRequest;
  /** Place in the order of asking. */
  readonly since: number;
}

export interface LockTable {
  /** By name. */
  readonly holds: ReadonlyMap<string, SeatHolder>;
  readonly waits: readonly LockWait[];
  /** Runs that wait for each other as parent and child are one family. */
  familyOf(runId: string): string;
}

export type LockDecision =
  | { readonly granted: readonly string[] }
  /** Runs that hold what is asked for, or asked for it before. `isStuck`: nobody in the way can go on unless the asker does something else. */
  | { readonly granted: null; readonly heldBy: readonly string[]; readonly isStuck?: true };

/**
 * Who gets a lock (D13).
 *
 * - Q1 In the order of asking: whoever wants several names keeps its place for each of them, also for those that are free.
 * - Q2 Nobody stands behind one that waits for him, directly or through others: that would be for ever.
 */
export function decideLocks(asker: LockWait, table: LockTable): LockDecision {
  if (asker.seats !== undefined) return decideSeats(asker, asker.seats, table);
  return asker.anyOf ? decideOne(asker, table) : decideAll(asker, table);
}

/** Waits that are over as things stand, oldest first. */
export function dueWaits(table: LockTable): readonly LockWait[] {
  const holds = new Map(table.holds);
  const due: LockWait[] = [];
  for (const wait of table.waits.toSorted((left, right) => left.since - right.since)) {
    const waits = table.waits.filter((other) => !due.includes(other));
    const { granted } = decideLocks(wait, { ...table, holds, waits });
    if (granted === null) continue;
    for (const name of granted) holds.set(name, { ...wait, seatLimit: seatLimitOf(name, wait.seats?.limits ?? {}) });
    due.push(wait);
  }
  return due;
}

function decideSeats(asker: LockWait, seats: SeatRequest, table: LockTable): LockDecision {
  const ahead = aheadOf(asker, asker.names, table);
  const setAside = setAsideFor(
    ahead.flatMap((wait) => wait.seats ?? []),
    table.holds,
  );
  const granted = seatsToGrant(asker, seats, { holds: table.holds, setAside });
  if (granted !== null) return { granted };
  const holders = holdersOf(asker, table);
  const isStuck =
    (holders.length > 0 || ahead.length === 0) &&
    holders.every((holder) => isSameOwner(holder, asker) || waitsInTurn(holder, asker, table));
  return { ...refused([...holders, ...ahead]), ...(isStuck ? { isStuck } : {}) };
}

/** Whoever sits waits, for what it sits for, for a lock that is held around what asks for its seat: neither would ever go on. */
function waitsInTurn(holder: LockOwner, asker: LockOwner, table: LockTable): boolean {
  const inside = holder.path.slice(0, holder.path.lastIndexOf('/') + 1);
  const isAround = (other: LockOwner): boolean =>
    table.familyOf(other.runId) === table.familyOf(asker.runId) &&
    (other.runId !== asker.runId || other.path === 'run' || asker.path.startsWith(`${other.path}/`));
  const inTurn = table.waits.filter(
    ({ runId, path, seats }) => seats === undefined && runId === holder.runId && path.startsWith(inside),
  );
  return inTurn.some(({ names }) =>
    names.some((name) => {
      const lock = table.holds.get(name);
      return lock !== undefined && isAround(lock);
    }),
  );
}

function decideAll(asker: LockWait, table: LockTable): LockDecision {
  const holders = holdersOf(asker, table);
  if (holders.length > 0) return refused(holders);
  const wanted = asker.names.filter((name) => !table.holds.has(name));
  const ahead = aheadOf(asker, wanted, table);
  return ahead.length > 0 ? refused(ahead) : { granted: asker.names };
}

/** Each of those ahead has one of the free names set aside for it. */
function decideOne(asker: LockWait, table: LockTable): LockDecision {
  const own = asker.names.find((name) => isSameOwner(table.holds.get(name), asker));
  if (own !== undefined) return { granted: [own] };
  let free = asker.names.filter((name) => !table.holds.has(name));
  const ahead = aheadOf(asker, free, table);
  for (const wait of ahead) {
    const wanted = free.filter((name) => wait.names.includes(name));
    const setAside = wait.anyOf ? wanted.slice(0, 1) : wanted;
    free = free.filter((name) => !setAside.includes(name));
  }
  const [first] = free;
  return first === undefined ? refused([...holdersOf(asker, table), ...ahead]) : { granted: [first] };
}

function refused(owners: readonly LockOwner[]): Extract<LockDecision, { readonly granted: null }> {
  return { granted: null, heldBy: [...new Set(owners.map(({ runId }) => runId))].sort() };
}

function holdersOf(wait: LockWait, { holds }: LockTable): readonly LockOwner[] {
  if (wait.seats !== undefined) return seatHolders(wait, wait.seats, holds);
  return wait.names.flatMap((name) => {
    const holder = holds.get(name);
    return holder === undefined || isSameOwner(holder, wait) ? [] : [holder];
  });
}

function aheadOf(asker: LockWait, wanted: readonly string[], table: LockTable): readonly LockWait[] {
  const before = earlier(asker, wanted, table);
  if (before.length === 0) return [];
  const waiting = waitingFor(table.familyOf(asker.runId), table);
  return before.filter((wait) => !waiting.has(wait)).toSorted((left, right) => left.since - right.since);
}

function earlier(asker: LockWait, wanted: readonly string[], { waits }: LockTable): readonly LockWait[] {
  const names = new Set(wanted.map(claimOf));
  return waits.filter(
    (wait) =>
      wait.since < asker.since && !isSameOwner(wait, asker) && wait.names.some((name) => names.has(claimOf(name))),
  );
}

/** Seats of one group are like each other. */
function claimOf(name: string): string {
  return groupOfSeat(name) ?? name;
}

/** All that can only go on when that family does, directly or through others. */
function waitingFor(family: string, table: LockTable): ReadonlySet<LockWait> {
  const blockedBy = table.waits.map((wait) => {
    const blockers = [...holdersOf(wait, table), ...earlier(wait, wait.names, table)];
    return { wait, families: new Set(blockers.map(({ runId }) => table.familyOf(runId))) };
  });
  const waiting = new Set<LockWait>();
  const families = new Set([family]);
  // A set that grows while it is walked: whoever waits for one that waits is found as well.
  for (const each of families) {
    for (const blocked of blockedBy) {
      if (!blocked.families.has(each)) continue;
      waiting.add(blocked.wait);
      families.add(table.familyOf(blocked.wait.runId));
    }
  }
  return waiting;
}

function isSameOwner(left: LockOwner | undefined, right: LockOwner): boolean {
  return left?.runId === right.runId && left.path === right.path;
}
