import type { Failure } from '../../../domain/failure';
import type { Here } from '../../here';
import type { GroupStep } from '../../plan';
import { race } from '../../race';
import type { Walk } from '../../state';
import type { Body } from './body';

/** A group of the body on its way, and the hosts that have come to it. */
export interface WalkedGroup {
  readonly step: GroupStep;
  readonly walk: Walk;
  readonly body: Body;
  readonly hosts: readonly number[];
}

/** Null: the time limit has passed, and whoever was not through is out at the group itself. */
export async function walkInTime<T>(
  group: WalkedGroup,
  here: Here,
  walkOn: (here: Here) => Promise<T>,
): Promise<T | null> {
  const { step, walk, hosts } = group;
  const end = endOf(group);
  if (step.timeoutMs === undefined || end < walk.cursor) return walkOn(here);
  const until = (walk.limits[step.at] ??= here.effects.now() + step.timeoutMs);
  const through = await race<{ readonly sorted: T } | { readonly failedBefore: ReadonlySet<number> }>(here.effects, [
    async (effects) => ({ sorted: await walkOn({ ...here, effects }) }),
    async (effects) => {
      await effects.waitFor(() => false, until);
      return { failedBefore: new Set(hosts.filter((position) => walk.origin[position] !== undefined)) };
    },
  ]);
  if ('sorted' in through) return through.sorted;
  const cutOff = hosts.filter(
    (position) => !through.failedBefore.has(position) && walk.unknown[position] === undefined,
  );
  failGroup(group, cutOff, timedOut);
  return null;
}

const timedOut: Failure = { code: 'TIMEOUT', message: 'Cannot finish in time: the time limit has passed' };

/** Puts the group behind: these hosts have failed at it as a whole. */
export function failGroup(group: WalkedGroup, positions: readonly number[], failure: Failure): void {
  const { walk } = group;
  const order = orderOf(group);
  walk.failedGroups[order] = failure;
  for (const position of positions) walk.out[position] = [...(walk.out[position] ?? []), order];
  walk.cursor = endOf(group) + 1;
  walk.waitUntil = null;
}

/** Those who failed at the group itself: its rescue takes them on, and another try begins with it. */
export function failedAtGroup(group: WalkedGroup): readonly number[] {
  const { walk, hosts } = group;
  const order = orderOf(group);
  const failed = hosts.filter((position) => walk.out[position]?.includes(order) ?? false);
  const { code, message } = walk.failedGroups[order] ?? timedOut;
  for (const position of failed) walk.origin[position] = { order, code, message };
  return failed;
}

function orderOf({ step, body }: WalkedGroup): number {
  return body.orderOf.get(step.at) ?? 0;
}

/** Order of the last step inside, without the group's own rescue. */
function endOf({ step, body }: WalkedGroup): number {
  const last = step.steps.at(-1);
  return body.lastOf.get((last ?? step).at) ?? 0;
}
