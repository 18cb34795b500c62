import { isPastCutoff } from '../domain/window';
import type { Here } from './here';
import { goingOn, whileWaiting } from './life';
import type { RunFact } from './messages';
import { race } from './race';

/**
 * D8: what keeps anything that goes forward from starting now. What is in flight finishes; what goes back, verifies or cleans up is
 * bound by none of it.
 *
 * - `step` outside of a rollout: a pause, a hard hold, the cutoff.
 * - `group` of a rollout, and so each wave: any hold besides.
 * - `inside` a group or a step, where hosts would stand half done: only a hard hold and the cutoff.
 */
export type Boundary = 'step' | 'group' | 'inside';

interface Obstacle {
  readonly kind: 'pause' | 'hold' | 'cutoff';
  readonly reason: string;
}

function obstacleAt(boundary: Boundary, { state, effects }: Here): Obstacle | null {
  const { paused, held, hard, cutoffAt } = state.control;
  if (paused && boundary !== 'inside') return { kind: 'pause', reason: 'asked to pause' };
  if (held && (hard || boundary === 'group')) return { kind: 'hold', reason: 'held' };
  if (cutoffAt === null || !isPastCutoff(cutoffAt, effects.now())) return null;
  return { kind: 'cutoff', reason: `nothing starts after ${new Date(cutoffAt).toISOString()}` };
}

export function isKept(boundary: Boundary, here: Here): boolean {
  return !here.cleanup && obstacleAt(boundary, here) !== null;
}

/** Waits until what stands at `path` may start. R-WIN-1: past the cutoff that is when the deadline moves. */
export async function clearance(boundary: Boundary, path: string, here: Here): Promise<void> {
  const about = `pause:${path}`;
  while (isKept(boundary, here)) await untilItChanges(boundary, { about, path }, here);
  // Entered again, the wait that a suspension left may be over already.
  goingOn(about, 'nothing is in the way any more', here);
}

async function untilItChanges(
  boundary: Boundary,
  where: { readonly about: string; readonly path: string },
  here: Here,
): Promise<void> {
  const obstacle = obstacleAt(boundary, here);
  if (obstacle === null) return;
  const { kind, reason } = obstacle;
  const isOther = (): boolean => obstacleAt(boundary, here)?.reason !== reason;
  const wait = async (): Promise<void> => {
    if (kind !== 'cutoff') await here.effects.waitFor(isOther);
    else await whileTelling(deadlineReached(where.path, here), isOther, here);
  };
  await whileWaiting({ about: where.about, reason, held: kind !== 'cutoff' }, here, wait);
}

function deadlineReached(path: string, { state }: Here): Told {
  const cutoffAt = state.control.cutoffAt ?? 0;
  return { fact: { kind: 'deadlineReached', path, cutoffAt }, id: `${path}/deadline:${cutoffAt}` };
}

/** The same fact has the same id, however often it is told. */
export interface Told {
  readonly fact: RunFact;
  readonly id: string;
}

/** Only a run that is steered has anybody to tell. */
export async function tell({ fact, id }: Told, here: Here): Promise<void> {
  const { steered, run, check } = here.input;
  if (steered !== true || check || here.cleanup) return;
  await here.effects.report({ ...fact, runId: run.id, id, at: here.effects.now() });
}

/** A report may be lost: then this is how long nobody notices (D7). */
const tellAgainMs = 300_000;

/** Waits, and tells the parent what for as long as it takes. */
export async function whileTelling(told: Told, predicate: () => boolean, here: Here): Promise<void> {
  await tell(told, here);
  await race<void>(
    here.effects,
    [
      async (effects) => {
        await effects.waitFor(predicate);
      },
    ],
    here.input.steered === true ? [(effects) => tellOn(told, { ...here, effects })] : [],
  );
}

async function tellOn(told: Told, here: Here): Promise<never> {
  for (;;) {
    await here.effects.sleep(tellAgainMs);
    await tell(told, here);
  }
}
