import { positionsOf, replaceAt } from '../../batch';
import type { Here } from '../../here';
import type { RolloutWork, Walk } from '../../state';
import { enqueue, enqueueFailed, leftAt } from './group';
import { indexOf } from './rollout';
import type { Rollout } from './rollout';

/** Only the hosts that failed, from where each of them failed or from where people say; then the waves go on. */
export async function tryAgain(rollout: Rollout, here: Here): Promise<void> {
  const { work } = rollout;
  const isNamed = await namedHosts(rollout, here);
  work.stop = null;
  work.over = false;
  setAside(rollout, here);
  forgetTakenBack(work);
  const cutOff = work.from === null ? [] : sendTo(work, work.from);
  work.from = null;
  const failed = [...positionsOf(work.statuses, 'f'), ...positionsOf(work.statuses, 'b')].filter(isNamed);
  if (failed.length + cutOff.length > 0) {
    work.stage = 'groups';
    // All waves were through: the last is judged once more, with them.
    work.wave = Math.min(work.wave, rollout.waves.length);
  }
  enqueueFailed(
    rollout,
    [...cutOff, ...failed].toSorted((a, b) => a - b),
    here,
  );
}

/** A host that was taken back has nothing behind it. */
function forgetTakenBack(work: RolloutWork): void {
  for (const position of positionsOf(work.statuses, 'b')) {
    const left = work.left[position];
    if (left !== undefined) work.left[position] = { ...left, order: 0, out: [] };
  }
}

/** `resume --from`: all that are not through go on at this step. Answers which of them had been cut off in the middle. */
function sendTo(work: RolloutWork, order: number): readonly number[] {
  const cutOff = work.queue.flatMap(({ hosts }) => hosts);
  const before = new Map(
    work.queue.flatMap(({ hosts, out }) => hosts.map((position) => [position, out[position]] as const)),
  );
  work.queue = [];
  for (const position of [...positionsOf(work.statuses, 'f'), ...cutOff]) {
    const left = work.left[position] ?? { code: 'CANCELLED', message: '', group: 0, out: before.get(position) ?? [] };
    work.left[position] = { ...left, order, out: left.out.filter((each) => each < order) };
  }
  return cutOff;
}

/** `resume --host`: the other failed hosts stay as they are. */
async function namedHosts({ work, step }: Rollout, here: Here): Promise<(position: number) => boolean> {
  const { onlyHosts } = here.state;
  if (onlyHosts === null) return () => true;
  const { planDigest } = here.input;
  const named = new Set(
    (await here.effects.lookUp('hostIndices', { planDigest, set: step.set, names: onlyHosts })).indices,
  );
  return (position) => named.has(indexOf(work.targets, position));
}

/** A group that a cancel cut short: who was hit starts from that step, the others from the same one, under a new generation. */
function setAside(rollout: Rollout, here: Here): void {
  const { work } = rollout;
  const { walk } = work;
  if (walk === null) return;
  work.walk = null;
  for (const position of walk.hosts) work.left[position] = leftAt(walk, position);
  work.statuses = noteWalk(work, walk);
  const rest = walk.hosts.filter((position) => work.statuses[position] === 'r');
  enqueue(rollout, { hosts: rest, cursor: walk.cursor }, here);
}

/** What the rollout knows of each host of a group that was cut short. */
export function noteWalk(work: RolloutWork, walk: Walk): string {
  const failed = walk.hosts.filter((position) => walk.origin[position] !== undefined);
  const unknown = walk.hosts.filter((position) => walk.unknown[position] !== undefined);
  return replaceAt(replaceAt(work.statuses, failed, 'f'), unknown, 'u');
}
