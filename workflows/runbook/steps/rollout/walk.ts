import { joinPath } from '../../../domain/effect-path';
import type { Here } from '../../here';
import { within } from '../../here';
import { freeLocks, hostLocksOf, takeLocks } from '../../locks';
import type { GroupStep, Step } from '../../plan';
import { errorRecord } from '../../records';
import { evaluate } from '../../scope';
import type { Walk } from '../../state';
import { noteTolerated } from '../../tolerated';
import { clearanceInWalk, failLeaf, runLeaf } from './leaf';
import { failGroup, failedAtGroup, walkInTime } from './limit';
import type { Rollout } from './rollout';
import { indexOf } from './rollout';

/** Who is through a part of the body, and who has failed in it. Hosts that nobody knows about are in neither. */
interface Sorted {
  readonly passed: readonly number[];
  readonly failed: readonly number[];
}

interface Walking {
  readonly rollout: Rollout;
  readonly walk: Walk;
}

/**
 * A group goes through the body in lockstep, step by step. Steps before the cursor are behind it: entered again, they are replayed
 * from what the walk remembers of each host, without any effect.
 */
export async function walkSteps(
  steps: readonly Step[],
  hosts: readonly number[],
  where: { at: Walking; here: Here },
): Promise<Sorted> {
  let passed = hosts;
  const failed: number[] = [];
  for (const step of steps) {
    if (passed.length === 0) break;
    const sorted = await walkStep(step, passed, where);
    failed.push(...sorted.failed);
    passed = sorted.passed;
  }
  return { passed, failed };
}

async function walkStep(step: Step, hosts: readonly number[], where: { at: Walking; here: Here }): Promise<Sorted> {
  const { at, here } = where;
  if (!(await isWanted(step, hosts, where))) return { passed: hosts, failed: [] };
  if (!isBehind(step, at) && !isUnderWay(at))
    await clearanceInWalk(at.walk, joinPath(where.here.path, step.id), where.here);
  const locks = joinPath(here.path, step.id, `group:${at.walk.group}`);
  await takeLocks(await lockNames(step, hosts, where), locks, here);
  const sorted = await passStep(step, hosts, where);
  await freeLocks(locks, here);
  return sorted;
}

function isUnderWay({ walk }: Walking): boolean {
  return walk.leaf !== null || walk.waitUntil !== null;
}

async function passStep(step: Step, hosts: readonly number[], where: { at: Walking; here: Here }): Promise<Sorted> {
  const own = step.kind === 'group' ? await passGroup(step, hosts, where) : await passLeaf(step, hosts, where);
  const rescued = await walkRescue(step, own.failed, where);
  const through = [...own.passed, ...rescued.passed];
  if (step.onFailure !== 'continue' || rescued.failed.length === 0)
    return { passed: inOrder(hosts, through), failed: rescued.failed };
  tolerate(step, rescued.failed, where);
  return { passed: inOrder(hosts, [...through, ...rescued.failed]), failed: [] };
}

/** None for what the group has behind it. */
async function lockNames(
  step: Step,
  hosts: readonly number[],
  where: { at: Walking; here: Here },
): Promise<readonly string[]> {
  const { rollout, walk } = where.at;
  if ((rollout.body.lastOf.get(step.at) ?? 0) < walk.cursor) return [];
  if (step.hostLocks !== true) return step.locks ?? [];
  const indices = hosts.map((position) => indexOf(rollout.work.targets, position));
  const own = await hostLocksOf(step.at, { set: rollout.step.set, indices }, where.here);
  return [...new Set([...(step.locks ?? []), ...own])];
}

/**
 * A condition that reads the host is the worker's; what reads only the run is the same for the whole group of hosts. One that cannot be
 * evaluated is a failure of its step, and never false.
 */
async function isWanted(
  step: Step,
  hosts: readonly number[],
  { at, here }: { at: Walking; here: Here },
): Promise<boolean> {
  if (step.if === undefined || step.if.perHost || isBehind(step, at)) return true;
  const held = await evaluate(step.if.expression, step.reads, here);
  if (held.ok) return held.value === true;
  if (here.input.check) return false;
  const { walk, rollout } = at;
  if (step.kind === 'group') failGroup({ step, walk, body: rollout.body, hosts }, hosts, held.failure);
  else failLeaf({ rollout, walk, step, order: rollout.body.orderOf.get(step.at) ?? 0, hosts }, held.failure);
  return true;
}

function isBehind(step: Step, { rollout, walk }: Walking): boolean {
  return (rollout.body.orderOf.get(step.at) ?? 0) < walk.cursor;
}

async function passGroup(
  step: GroupStep,
  hosts: readonly number[],
  { at, here }: { at: Walking; here: Here },
): Promise<Sorted> {
  const path = joinPath(here.path, step.id);
  const walkOn = (inner: Here): Promise<Sorted> => walkSteps(step.steps, hosts, { at, here: within(inner, { path }) });
  const group = { step, walk: at.walk, body: at.rollout.body, hosts };
  // What was cut off is behind the group now: going through it once more only tells who had passed.
  const sorted = (await walkInTime(group, here, walkOn)) ?? (await walkOn(here));
  const failed = failedAtGroup(group);
  return {
    passed: sorted.passed.filter((position) => !failed.includes(position)),
    failed: inOrder(hosts, [...sorted.failed, ...failed]),
  };
}

async function passLeaf(step: Step, hosts: readonly number[], where: { at: Walking; here: Here }): Promise<Sorted> {
  const { rollout, walk } = where.at;
  const order = rollout.body.orderOf.get(step.at) ?? 0;
  if (!isBehind(step, where.at)) {
    if (!isUnderWay(where.at)) {
      await where.here.effects.checkpoint();
      await clearanceInWalk(walk, joinPath(where.here.path, step.id), where.here);
    }
    await runLeaf({ rollout, walk, step, order, hosts }, where.here);
  }
  const isOut = (position: number): boolean => walk.out[position]?.includes(order) ?? false;
  const isUnknown = (position: number): boolean => walk.unknown[position]?.order === order;
  return {
    passed: hosts.filter((position) => !isOut(position)),
    failed: hosts.filter((position) => isOut(position) && !isUnknown(position)),
  };
}

/** Only for the hosts that failed; success takes them back into the group. */
async function walkRescue(
  step: Step,
  failed: readonly number[],
  { at, here }: { at: Walking; here: Here },
): Promise<Sorted> {
  const [first] = failed;
  if (step.rescue === undefined || first === undefined || here.input.check) return { passed: [], failed };
  const cause = at.walk.origin[first];
  const error = errorRecord(cause === undefined ? null : { code: cause.code, message: cause.message }, step.id);
  const path = joinPath(here.path, step.id, 'rescue');
  const sorted = await walkSteps(step.rescue, failed, {
    at,
    here: within(here, { path, names: { ...here.names, error } }),
  });
  forgive(sorted.passed, at.walk);
  return sorted;
}

function tolerate(step: Step, failed: readonly number[], { at, here }: { at: Walking; here: Here }): void {
  forgive(failed, at.walk);
  noteTolerated(joinPath(here.path, step.id), [], here.state);
}

function forgive(positions: readonly number[], walk: Walk): void {
  for (const position of positions) delete walk.origin[position];
}

function inOrder(hosts: readonly number[], chosen: readonly number[]): readonly number[] {
  const set = new Set(chosen);
  return hosts.filter((position) => set.has(position));
}
