import { decideLocks, dueWaits } from '../domain/lock-queue';
import type { LockOwner, LockTable, LockWait } from '../domain/lock-queue';
import type { Lookups } from '../effects';
import type { HeldLocks } from '../runbook/state';

type Answers = {
  readonly [Q in 'acquireLocks' | 'releaseLocks']: (asked: Lookups[Q]['asked']) => Lookups[Q]['answer'];
};

/** Locks as the store grants them (D13). Every grant is noted, in order. */
export function lockAnswers(granted: HeldLocks[]): Answers {
  const holds = new Map<string, LockOwner>();
  let waits: readonly LockWait[] = [];
  let count = 0;
  // All runs of a rehearsal are of one family: one plan is played, with its children.
  const table = (): LockTable => ({ holds, waits, familyOf: () => '' });
  return {
    acquireLocks({ runId, path, names, anyOf = false, wait = true }) {
      count += 1;
      const isMine = isOf({ runId, path });
      const asker = waits.find(isMine) ?? { runId, path, names, anyOf, since: count };
      const decision = decideLocks(asker, table());
      waits = waits.filter((other) => !isMine(other));
      if (decision.granted === null) {
        if (wait) waits = [...waits, asker];
        return { token: null, names: [], heldBy: decision.heldBy };
      }
      for (const name of decision.granted) holds.set(name, { runId, path });
      granted.push({ path, names: decision.granted });
      return { token: count, names: decision.granted, heldBy: [] };
    },
    releaseLocks({ runId, path, names }) {
      const isMine = isOf({ runId, path });
      const own = names.filter((name) => isMine(holds.get(name)));
      for (const name of own) holds.delete(name);
      waits = waits.filter((other) => !isMine(other));
      return { released: own.length, due: [...new Set(dueWaits(table()).map((each) => each.runId))] };
    },
  };
}

function isOf({ runId, path }: LockOwner): (other: LockOwner | undefined) => boolean {
  return (other) => other?.runId === runId && other.path === path;
}
