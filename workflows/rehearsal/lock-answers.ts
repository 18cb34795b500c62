import { decideLocks, dueWaits } from '../domain/lock-queue';
import type { LockOwner, LockTable, LockWait } from '../domain/lock-queue';
import { seatLimitOf, seatName } from '../domain/seats';
import type { SeatHolder } from '../domain/seats';
import type { Lookups } from '../effects';
import type { PlanHost } from '../runbook/plan';
import type { HeldLocks } from '../runbook/state';

type Questions = 'acquireLocks' | 'releaseLocks' | 'acquireSeats' | 'releaseSeats';
type Answers = { readonly [Q in Questions]: (asked: Lookups[Q]['asked']) => Lookups[Q]['answer'] };
type Hosts = (set: string) => readonly PlanHost[];

/** Locks and seats as the store grants them (D13). Every grant is noted, in order. */
export function lockAnswers(granted: HeldLocks[], hostsOf: Hosts): Answers {
  const holds = new Map<string, SeatHolder>();
  let waits: readonly LockWait[] = [];
  let count = 0;
  // All runs of a rehearsal are of one family: one plan is played, with its children.
  const table = (): LockTable => ({ holds, waits, familyOf: () => '' });
  /** One place in the order for each owner; the names that were granted, or who is in the way. */
  function ask(asked: Omit<LockWait, 'since'>, mayWait: boolean): ReturnType<typeof decideLocks> {
    count += 1;
    const { runId, path, names, seats } = asked;
    const isMine = isOf(asked);
    const asker = waits.find((wait) => isMine(wait) && wait.names.join() === names.join()) ?? {
      ...asked,
      since: count,
    };
    const decision = decideLocks(asker, table());
    waits = waits.filter((other) => !isMine(other));
    if (decision.granted === null) {
      if (mayWait) waits = [...waits, asker];
      return decision;
    }
    for (const name of decision.granted)
      holds.set(name, { runId, path, seatLimit: seatLimitOf(name, seats?.limits ?? {}) });
    granted.push({ path, names: decision.granted });
    return decision;
  }

  function giveBack(owner: LockOwner, names: readonly string[]): { released: number; due: readonly string[] } {
    const isMine = isOf(owner);
    const own = names.filter((name) => isMine(holds.get(name)));
    for (const name of own) holds.delete(name);
    waits = waits.filter((other) => !isMine(other));
    return { released: own.length, due: [...new Set(dueWaits(table()).map((each) => each.runId))] };
  }

  const seatsOf = (
    { set, at }: { readonly set: string; readonly at: string },
    indices: readonly number[],
  ): readonly (readonly string[])[] =>
    indices.map((index) => {
      const { name = '', steps } = hostsOf(set)[index] ?? {};
      return (steps?.[at]?.redundancy ?? []).map((group) => seatName(group, name));
    });

  return {
    acquireLocks({ runId, path, names, anyOf = false, wait = true }) {
      const decision = ask({ runId, path, names, anyOf }, wait);
      if (decision.granted === null) return { token: null, names: [], heldBy: decision.heldBy };
      return { token: count, names: decision.granted, heldBy: [] };
    },
    releaseLocks: ({ runId, path, names }) => giveBack({ runId, path }, names),
    acquireSeats({ runId, path, set, at, indices, limits }) {
      const hosts = seatsOf({ set, at }, indices);
      const decision = ask({ runId, path, names: hosts.flat(), anyOf: false, seats: { hosts, limits } }, true);
      if (decision.granted === null) return { hosts: 0, heldBy: decision.heldBy, isStuck: decision.isStuck === true };
      const names = new Set(decision.granted);
      const refused = hosts.findIndex((seats) => !seats.every((name) => names.has(name)));
      return { hosts: refused === -1 ? hosts.length : refused, heldBy: [], isStuck: false };
    },
    // What is left out of service stays where it is: nobody dies in a rehearsal.
    releaseSeats: ({ runId, path, set, at, back }) => ({
      due: giveBack({ runId, path }, seatsOf({ set, at }, back).flat()).due,
    }),
  };
}

function isOf({ runId, path }: LockOwner): (other: LockOwner | undefined) => boolean {
  return (other) => other?.runId === runId && other.path === path;
}
