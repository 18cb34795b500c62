import { decideLocks, dueWaits } from '../../../workflows/domain/lock-queue';
import type { LockTable, LockWait } from '../../../workflows/domain/lock-queue';
import { seatLimitOf, seatName } from '../../../workflows/domain/seats';
import type { SeatLimits } from '../../../workflows/domain/seats';
import type { Lookups } from '../../../workflows/effects';

export interface Seat {
  readonly runId: string;
  readonly path: string;
  readonly seatLimit: number | null;
  readonly state: 'held' | 'orphaned';
}

/** Seats as the store keeps them, in memory, for many runs on one virtual clock. */
export class SeatOffice {
  readonly seats = new Map<string, Seat>();
  #waits: readonly LockWait[] = [];
  #count = 0;

  /** `hostOf`: who a host of a run is, and its redundancy groups. */
  constructor(
    readonly hostOf: (runId: string, index: number) => { readonly name: string; readonly groups: readonly string[] },
    readonly onOrphaned: (name: string) => void,
  ) {}

  acquire({ runId, path, indices, limits }: Lookups['acquireSeats']['asked']): Lookups['acquireSeats']['answer'] {
    this.#count += 1;
    const hosts = indices.map((index) => this.#seatsOf(runId, index));
    const seats = { hosts, limits };
    const known = this.#waits.find((wait) => wait.runId === runId && wait.path === path);
    const isSame = known !== undefined && JSON.stringify(known.seats) === JSON.stringify(seats);
    const asker = isSame ? known : { runId, path, names: hosts.flat(), anyOf: false, seats, since: this.#count };
    const decision = decideLocks(asker, this.#table());
    if (decision.granted === null) {
      this.#waits = [...this.#waits.filter((wait) => wait !== known), asker];
      return { hosts: 0, heldBy: decision.heldBy, isStuck: decision.isStuck === true };
    }
    this.#waits = this.#waits.filter((wait) => wait !== known);
    this.#grant({ runId, path }, decision.granted, limits);
    const granted = new Set(decision.granted);
    const refused = hosts.findIndex((names) => !names.every((name) => granted.has(name)));
    return { hosts: refused === -1 ? hosts.length : refused, heldBy: [], isStuck: false };
  }

  release({ runId, path, back, out }: Lookups['releaseSeats']['asked']): Lookups['releaseSeats']['answer'] {
    this.#waits = this.#waits.filter((wait) => wait.runId !== runId || wait.path !== path);
    for (const name of back.flatMap((index) => this.#seatsOf(runId, index)))
      if (this.seats.get(name)?.runId === runId) this.seats.delete(name);
    for (const name of out.flatMap((index) => this.#seatsOf(runId, index))) this.#orphan(runId, name);
    return { due: this.due() };
  }

  /** The execution of a run is over. */
  orphanAll(runId: string): void {
    this.#waits = this.#waits.filter((wait) => wait.runId !== runId);
    for (const name of this.seats.keys()) this.#orphan(runId, name);
  }

  free(name: string): void {
    if (this.seats.get(name)?.state === 'orphaned') this.seats.delete(name);
  }

  due(): readonly string[] {
    return [...new Set(dueWaits(this.#table()).map(({ runId }) => runId))];
  }

  #table(): LockTable {
    return { holds: this.seats, waits: this.#waits, familyOf: (runId) => runId };
  }

  #seatsOf(runId: string, index: number): readonly string[] {
    const { name, groups } = this.hostOf(runId, index);
    return groups.map((group) => seatName(group, name));
  }

  #grant(owner: { readonly runId: string; readonly path: string }, names: readonly string[], limits: SeatLimits): void {
    for (const name of names) this.seats.set(name, { ...owner, seatLimit: seatLimitOf(name, limits), state: 'held' });
  }

  #orphan(runId: string, name: string): void {
    const seat = this.seats.get(name);
    if (seat?.runId !== runId || seat.state === 'orphaned') return;
    this.seats.set(name, { ...seat, state: 'orphaned' });
    this.onOrphaned(name);
  }
}
