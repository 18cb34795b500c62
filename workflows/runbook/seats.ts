import { joinPath } from '../domain/effect-path';
import type { SeatLimits } from '../domain/seats';
import { isInterruption } from '../effects';
import type { Here } from './here';
import { receiveLockNews } from './inbox';
import { whileWaiting } from './life';
import { recheckMs } from './locks';

/** Hosts of a rollout that are to be taken out of service: how many of their redundancy groups may be so at once. */
export interface SeatedHosts {
  readonly limits: SeatLimits;
  /** Address of the rollout. */
  readonly at: string;
  readonly set: string;
  /** Into the target set. */
  readonly indices: readonly number[];
}

/**
 * R-ROLL-1, D13: a host is out of service from before its first body step, and also while it is taken back; whoever is to be out needs
 * its seats first.
 *
 * - S1 As many hosts as there is room for, from the first on, each with all of its seats: a group is split rather than kept waiting.
 * - S2 The store alone knows who sits where. Asking again for what is held gives it again, so nothing of it is in a run's state.
 * - S3 A host whose state nobody knows, or whose undo has failed, keeps its seats; they are left to the run and to people.
 */
export type Seated =
  | { readonly kind: 'granted'; readonly hosts: number }
  /** In the way are hosts that this rollout has left out itself, or runs that wait for it in turn. */
  | { readonly kind: 'exhausted'; readonly heldBy: readonly string[] }
  /** Something that is honoured between two groups came first. */
  | { readonly kind: 'boundary' };

export interface SeatWait {
  readonly path: string;
  /** What ends the wait. */
  readonly isDue: () => boolean;
  /** Also where it is stuck: until a person does something about it. */
  readonly waitsForOwn: boolean;
}

export async function takeSeats(hosts: SeatedHosts, wait: SeatWait, here: Here): Promise<Seated> {
  const heard = here.state.lockNews;
  const first = await tryToSit(hosts, wait, here);
  if (first.seated !== null) return first.seated;
  const groups = Object.keys(hosts.limits).join(', ');
  const reason = `hosts of the redundancy group ${groups} are out of service by ${first.heldBy.join(', ')}`;
  const waiting = { about: `seats:${wait.path}`, reason, held: false };
  try {
    return await whileWaiting(waiting, here, () => waitForSeats(hosts, { ...wait, heard }, here));
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel')
      await here.effects.shield((effects) => giveUpPlace(hosts, wait.path, { ...here, effects }));
    throw error;
  }
}

/** D13: news may be lost; so it looks again from time to time. */
async function waitForSeats(
  hosts: SeatedHosts,
  wait: SeatWait & { readonly heard: number },
  here: Here,
): Promise<Seated> {
  const { state, effects } = here;
  for (let { heard } = wait; ;) {
    await effects.waitFor(() => state.lockNews !== heard || wait.isDue(), effects.now() + recheckMs);
    if (wait.isDue()) {
      await giveUpPlace(hosts, wait.path, here);
      return { kind: 'boundary' };
    }
    heard = state.lockNews;
    const { seated } = await tryToSit(hosts, wait, here);
    if (seated !== null) return seated;
  }
}

async function tryToSit(
  hosts: SeatedHosts,
  { path, waitsForOwn }: SeatWait,
  here: Here,
): Promise<{ readonly seated: Seated | null; readonly heldBy: readonly string[] }> {
  const { hosts: granted, heldBy, isStuck } = await ask(hosts, path, here);
  if (granted > 0) return { seated: { kind: 'granted', hosts: granted }, heldBy };
  if (!isStuck || waitsForOwn) return { seated: null, heldBy };
  await giveUpPlace(hosts, path, here);
  return { seated: { kind: 'exhausted', heldBy }, heldBy };
}

/** Others must not stand behind nobody. */
async function giveUpPlace({ at, set }: SeatedHosts, path: string, here: Here): Promise<void> {
  await freeSeats({ at, set, back: [], out: [] }, path, here);
}

/** `back`: in service again; `out`: left as they are (S3). */
export async function freeSeats(
  hosts: Pick<SeatedHosts, 'at' | 'set'> & { readonly back: readonly number[]; readonly out: readonly number[] },
  path: string,
  here: Here,
): Promise<void> {
  const { run, planDigest } = here.input;
  const { due } = await here.effects.lookUp('releaseSeats', {
    runId: run.id,
    path: seatsPath(path),
    planDigest,
    ...hosts,
  });
  if (due.includes(run.id)) receiveLockNews(here.state);
  const others = due.filter((id) => id !== run.id);
  if (others.length > 0) await here.effects.wake(others);
}

const hostsPerLookUp = 100;

async function ask(
  { limits, at, set, indices }: SeatedHosts,
  path: string,
  here: Here,
): Promise<{ readonly hosts: number; readonly heldBy: readonly string[]; readonly isStuck: boolean }> {
  const { run, planDigest } = here.input;
  const some = indices.slice(0, hostsPerLookUp);
  const asked = { runId: run.id, path: seatsPath(path), planDigest, at, set, indices: some, limits };
  return here.effects.lookUp('acquireSeats', asked);
}

/** Apart from the locks of the step itself. */
function seatsPath(path: string): string {
  return joinPath(path, 'seats');
}
