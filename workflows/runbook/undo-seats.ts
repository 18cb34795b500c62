import type { Here } from './here';
import { freeSeats, takeSeats } from './seats';
import type { HostUndo } from './undo-hosts';

/**
 * R-ROLL-1: a host that is taken back is out of service once more, so it needs its seats for that. Of these hosts the first ones that
 * may be so now, as many as go back at once. None: nothing is left, or what failed in this pass is to be looked at before.
 */
export async function seatForUndo(
  about: HostUndo,
  positions: readonly number[],
  here: Here,
): Promise<readonly number[]> {
  const { entry, limits, set, parallel } = about;
  if (limits === undefined || set === null) return [];
  // Entered again, a group is what it was: what it has in flight is known by its hosts.
  const known = positions.filter((position) => entry.seated?.includes(position));
  const wanted =
    known.length > 0 ? known : positions.filter((position) => isPending(about, position)).slice(0, parallel);
  if (wanted.length === 0) return [];
  const hasFailed = Object.keys(entry.failed).length > 0;
  const wait = { path: entry.path, isDue: () => false, waitsForOwn: !hasFailed };
  const seated = await takeSeats({ limits, at: entry.at, set, indices: indicesOf(about, wanted) }, wait, here);
  if (seated.kind !== 'granted') return [];
  const hosts = wanted.slice(0, seated.hosts);
  entry.seated = hosts;
  return hosts;
}

/** A host whose undo has failed stays out (D13). */
export async function unseatUndone(about: HostUndo, group: readonly number[], here: Here): Promise<void> {
  const { entry, limits, set } = about;
  if (limits === undefined || set === null) return;
  const isOut = (position: number): boolean => entry.failed[position] !== undefined;
  const back = indicesOf(
    about,
    group.filter((position) => !isOut(position)),
  );
  await freeSeats({ at: entry.at, set, back, out: indicesOf(about, group.filter(isOut)) }, entry.path, here);
  entry.seated = null;
}

function isPending({ entry, leaves }: HostUndo, position: number): boolean {
  return entry.failed[position] === undefined && leaves.some(({ step }) => entry.touched[step.at]?.[position] === '1');
}

function indicesOf({ entry }: HostUndo, positions: readonly number[]): readonly number[] {
  return positions.map((position) => entry.hosts?.[position] ?? position);
}
