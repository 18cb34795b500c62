import { isInterruption } from '../../../effects';
import { positionsOf } from '../../batch';
import type { Here } from '../../here';
import { freeSeats, takeSeats } from '../../seats';
import type { RolloutStop, Walk } from '../../state';
import { isKept } from '../../steering';
import { indexOf } from './rollout';
import type { Rollout } from './rollout';

/** R-ROLL-1: which of these hosts, from the first on, may be taken out of service now. None: something is to be honoured before. */
export async function seatHosts(
  rollout: Rollout,
  hosts: readonly number[],
  here: Here,
): Promise<{ readonly hosts: readonly number[] } | { readonly stop: RolloutStop }> {
  const { step, work, path } = rollout;
  if (step.redundancy === undefined || here.input.check) return { hosts };
  const indices = hosts.map((position) => indexOf(work.targets, position));
  const asked = { limits: step.redundancy, at: step.at, set: step.set, indices };
  const seated = await takeSeats(asked, { path, isDue: () => isKept('group', here), waitsForOwn: false }, here);
  switch (seated.kind) {
    case 'granted':
      return { hosts: hosts.slice(0, seated.hosts) };
    case 'boundary':
      return { hosts: [] };
    case 'exhausted':
      return {
        stop: exhausted(
          rollout,
          seated.heldBy.filter((id) => id !== here.input.run.id),
        ),
      };
  }
}

/** `back`: through, or taken back; `out`: failed, or nobody knows. By position. */
export async function unseatHosts(
  { step, work, path }: Rollout,
  { back, out }: { readonly back: readonly number[]; readonly out: readonly number[] },
  here: Here,
): Promise<void> {
  if (step.redundancy === undefined || here.input.check) return;
  const indicesOf = (positions: readonly number[]): readonly number[] =>
    positions.map((position) => indexOf(work.targets, position));
  await freeSeats({ at: step.at, set: step.set, back: indicesOf(back), out: indicesOf(out) }, path, here);
}

/** A group that is cut short keeps the seats of hosts on which anything has begun: the way back, or a resume, needs them. */
export async function unseatIfCancelled<T>(
  { rollout, walk }: { readonly rollout: Rollout; readonly walk: Walk },
  here: Here,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel')
      await here.effects.shield((effects) => unseatWalk(rollout, walk, { ...here, effects }));
    throw error;
  }
}

export async function unseatWalk(rollout: Rollout, walk: Walk, here: Here): Promise<void> {
  const hosts = walk.begun ? { back: [], out: walk.hosts } : { back: walk.hosts, out: [] };
  await unseatHosts(rollout, hosts, here);
}

function exhausted({ step, work }: Rollout, others: readonly string[]): RolloutStop {
  const left = positionsOf(work.statuses, 'f').length + positionsOf(work.statuses, 'u').length;
  const limits = Object.entries(step.redundancy ?? {}).map(([group, limit]) => `${limit} of "${group}"`);
  const why =
    others.length === 0
      ? `${left} hosts that failed are still out`
      : `${others.join(', ')} has taken hosts out and waits for a lock that this run holds`;
  const message = `Cannot take the next host of "${step.id}" out of service: ${why}, at most ${limits.join(', ')} may be out`;
  return { reason: 'budget', error: { code: 'REDUNDANCY_EXHAUSTED', message } };
}
