import { ancestry, isGood, setsById } from '../domain/backup-set';
import { noteKept } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import type { Wanted } from './keeper-state';
import type { KnownSet, OperationWork } from './messages';

/**
 * R-BKP-8: what an operation works with is not deleted, from the moment on that it is wanted. What waits for its turn pins under a name of
 * its own: it may never begin, and then no end of it tells that its pins can go.
 */
export function noteWaitingPins({ id, pins }: Pick<Wanted, 'id' | 'pins'>, pinned: boolean, here: KeeperHere): void {
  notePins({ sets: pins, by: waitingPin(id), pinned }, here);
}

interface Pinning {
  readonly sets: readonly string[];
  readonly by: string;
  readonly pinned: boolean;
}

export function notePins(pinning: Pinning, here: KeeperHere): void {
  if (pinning.sets.length === 0) return;
  noteKept(here, 'backup.pinned', pinning);
  here.state.sets.moved = true;
}

const waiting = 'queue/';

function waitingPin(id: string): string {
  return `${waiting}${id}`;
}

/** What it was asked to work with, and what that needs. */
export function namedPins(set: string, sets: readonly KnownSet[]): readonly string[] {
  return withAncestry(
    sets.filter(({ id }) => id === set),
    sets,
  );
}

/** Where it selects by itself, everything that it could come to: nothing that is to go. */
export function pinsAtStart(work: OperationWork, sets: readonly KnownSet[], nowMs: number): readonly string[] {
  const byId = setsById(sets);
  const named = namedSet(work);
  const begun = sets.filter(
    (set) => set.id === named || (mayTakeAny(work) && !set.expiring && set.atMs <= nowMs && isGood(set, byId)),
  );
  return withAncestry(begun, sets);
}

function withAncestry(begun: readonly KnownSet[], sets: readonly KnownSet[]): readonly string[] {
  const byId = setsById(sets);
  return [...new Set(begun.flatMap((set) => ancestry(set, byId).members.map(({ id }) => id)))];
}

/** Null: none. */
export function namedSet(work: OperationWork): string | null {
  switch (work.kind) {
    case 'verify':
    case 'restore':
      return work.set;
    case 'drill':
      return work.select.how === 'specific' ? work.select.set : null;
    case 'backup':
    case 'forget':
    case 'watch':
      return null;
  }
}

function mayTakeAny(work: OperationWork): boolean {
  switch (work.kind) {
    case 'restore':
      return work.set === null;
    // What corrupts on purpose may take an older one than the one it drills with.
    case 'drill':
      return true;
    case 'verify':
    case 'backup':
    case 'forget':
    case 'watch':
      return false;
  }
}

/** Pins of a keeper that was lost: nobody else gives them up. */
export async function unpinEnded(sets: readonly KnownSet[], here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  const own = new Set([...state.running.map(({ id }) => id), ...state.queue.map(({ id }) => waitingPin(id))]);
  const others = [...new Set(sets.flatMap(({ pins }) => pins))].filter((by) => !own.has(by));
  if (others.length === 0) return;
  const over = others.filter((by) => by.startsWith(waiting));
  const ids = others.filter((by) => !by.startsWith(waiting));
  if (ids.length > 0) {
    const { ended } = await effects.lookUp('operationsEnded', { ids });
    over.push(...ended.map(({ operation }) => operation));
  }
  for (const by of over) {
    const pinned = sets.filter(({ pins }) => pins.includes(by)).map(({ id }) => id);
    noteKept(here, 'backup.pinned', { sets: pinned, by, pinned: false });
  }
}
