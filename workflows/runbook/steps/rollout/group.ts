import { joinPath } from '../../../domain/effect-path';
import { nextGroupSize } from '../../../domain/budget';
import type { Wave } from '../../../domain/waves';
import { ask, openTask } from '../../ask';
import type { Decision } from '../../ask';
import { positionsOf, replaceAt } from '../../batch';
import type { Here } from '../../here';
import { within } from '../../here';
import { freeLocksOf } from '../../locks';
import { race } from '../../race';
import type { LeftHost, QueuedWalk, RolloutStop, RolloutWork, Walk } from '../../state';
import { choiceFor, namesOf, unknownQuestion } from '../../unknown';
import { atBoundary } from './boundary';
import { leftOut } from './removed';
import type { Rollout } from './rollout';
import { harmed, indexOf, raiseIn } from './rollout';
import { seatHosts, unseatHosts, unseatIfCancelled } from './seating';
import { takeBackFailed } from './take-back';
import { walkSteps } from './walk';
import { gateDecides, isWatched, whileAwaited } from './watch';

/** Starts the next hosts of a wave, as many as the budget and their redundancy groups let start. */
export async function nextGroup(rollout: Rollout, wave: Wave, here: Here): Promise<RolloutStop | null> {
  const { work, budget } = rollout;
  while (work.next < wave.end && work.statuses[work.next] === leftOut) work.next += 1;
  const size = nextGroupSize(budget, harmed(work), runLength(work, wave));
  const wanted = Array.from({ length: size }, (_, offset) => work.next + offset);
  const seated = size === 0 ? { hosts: wanted } : await seatHosts(rollout, wanted, here);
  if ('stop' in seated) return seated.stop;
  const { hosts } = seated;
  work.next += hosts.length;
  if (hosts.length > 0) startWalk(rollout, { hosts, cursor: 0, generation: work.base, out: {} }, here);
  return null;
}

/** Up to the next one that is left out. */
function runLength({ next, statuses }: RolloutWork, { end }: Wave): number {
  const gap = statuses.indexOf(leftOut, next);
  return (gap < 0 ? end : Math.min(gap, end)) - next;
}

function startWalk(rollout: Rollout, from: QueuedWalk, here: Here): void {
  const { work, step } = rollout;
  work.groups += 1;
  work.statuses = replaceAt(work.statuses, from.hosts, 'r');
  for (const position of from.hosts) delete work.left[position];
  const deadlineAt = here.effects.now() + step.hostDeadlineMs;
  work.walk = {
    ...from,
    group: work.groups,
    origin: {},
    unknown: {},
    leaf: null,
    limits: {},
    failedGroups: {},
    toUndo: null,
    waitUntil: null,
    deadlineAt,
    remainingMs: step.hostDeadlineMs,
    // Hosts that go on in the middle have been worked on before.
    begun: from.generation !== work.base,
    done: false,
  };
}

/** Takes a group through the body; R-ROLL-10: a host that is not through by its deadline is a failure. */
export async function runGroup(rollout: Rollout, walk: Walk, here: Here): Promise<RolloutStop | null> {
  const goThrough = (): Promise<RolloutStop | null> => walkUntilDeadline(rollout, walk, here);
  const stop = walk.done ? null : await unseatIfCancelled({ rollout, walk }, here, goThrough);
  return stop ?? finishGroup(rollout, walk, here);
}

type WalkEnd = 'through' | 'late' | RolloutStop;

async function walkUntilDeadline(rollout: Rollout, walk: Walk, here: Here): Promise<RolloutStop | null> {
  const { path, step } = rollout;
  const body = (inner: Here): Promise<unknown> =>
    walkSteps(step.steps, walk.hosts, { at: { rollout, walk }, here: within(inner, { path }) });
  const end = await race<WalkEnd>(
    here.effects,
    [
      async (effects) => {
        await body(within(here, { effects }));
        return 'through';
      },
      async (effects) => {
        await deadlineOf(walk, { ...here, effects });
        return 'late';
      },
    ],
    isWatched(rollout, here) ? [(effects) => gateWhileAsked(rollout, walk, { ...here, effects })] : [],
  );
  // The group stays where it is: it is taken back, or set aside until somebody resumes.
  if (end !== 'through' && end !== 'late') return end;
  if (end === 'late') missDeadline(walk);
  walk.done = true;
  return null;
}

/** R-ROLL-6, in the middle of a group: its deadline stands still just as long as people are asked. */
async function gateWhileAsked(rollout: Rollout, walk: Walk, here: Here): Promise<RolloutStop> {
  for (;;) {
    await here.effects.waitFor(() => walk.deadlineAt === null);
    const answered = (inner: Here): Promise<boolean> => inner.effects.waitFor(() => walk.deadlineAt !== null);
    const awaited = await whileAwaited(rollout, { wait: answered, decides: gateDecides(rollout, here) }, here);
    if ('stop' in awaited) return awaited.stop;
  }
}

async function deadlineOf(walk: Walk, here: Here): Promise<void> {
  for (;;) {
    const { deadlineAt } = walk;
    if (deadlineAt === null) await here.effects.waitFor(() => walk.deadlineAt !== null);
    else if (deadlineAt <= here.effects.now()) return;
    else await here.effects.waitFor(() => walk.deadlineAt !== deadlineAt, deadlineAt);
  }
}

/** R-ROLL-2: one host past its deadline is one failure, however far it was. */
function missDeadline(walk: Walk): void {
  for (const position of walk.hosts) {
    if (walk.unknown[position] !== undefined) continue;
    const order = walk.origin[position]?.order ?? walk.cursor;
    walk.origin[position] = {
      order,
      code: 'HOST_DEADLINE',
      message: 'Cannot finish the host in time: its deadline has passed',
    };
  }
}

async function finishGroup(rollout: Rollout, walk: Walk, here: Here): Promise<RolloutStop | null> {
  const { work } = rollout;
  const failed = walk.hosts.filter((position) => walk.origin[position] !== undefined);
  const unknown = walk.hosts.filter((position) => walk.unknown[position] !== undefined);
  await openUnknownTasks(rollout, { walk, unknown }, here);
  const taken = await takeBackFailed(rollout, { walk, failed }, here);
  if ('stop' in taken) return taken.stop;
  const { undone } = taken;
  for (const position of [...failed, ...unknown]) work.left[position] = leftAt(walk, position);
  work.statuses = replaceAt(work.statuses, walk.hosts, 's');
  work.statuses = replaceAt(work.statuses, failed, 'f');
  work.statuses = replaceAt(work.statuses, undone, 'b');
  work.statuses = replaceAt(work.statuses, unknown, 'u');
  const out = [...failed.filter((position) => !undone.includes(position)), ...unknown];
  await unseatHosts(rollout, { back: walk.hosts.filter((position) => !out.includes(position)), out }, here);
  work.walk = null;
  // A deadline leaves the locks of the step that it cut off.
  await freeLocksOf((path) => path.startsWith(`${rollout.path}/`) && path.endsWith(`/group:${walk.group}`), here);
  return null;
}

export function leftAt(walk: Walk, position: number): LeftHost {
  const at = walk.unknown[position] ?? walk.origin[position] ?? { order: walk.cursor, code: 'CANCELLED', message: '' };
  const out = (walk.out[position] ?? []).filter((order) => order < at.order);
  return { ...at, out, group: walk.group };
}

// ---- hosts that nobody knows about -------------------------------------------------------------------------------------

/** D1: one task for each step and group; the group goes on without them. */
async function openUnknownTasks(
  rollout: Rollout,
  about: { walk: Walk; unknown: readonly number[] },
  here: Here,
): Promise<void> {
  if (here.input.check) return;
  const { walk, unknown } = about;
  for (const order of new Set(unknown.map((position) => walk.unknown[position]?.order ?? 0))) {
    const positions = unknown.filter((position) => walk.unknown[position]?.order === order);
    await openTask(await questionAbout(rollout, { order, positions, group: walk.group }, here), here);
  }
}

async function questionAbout(
  rollout: Rollout,
  about: { order: number; positions: readonly number[]; group: number },
  here: Here,
): Promise<ReturnType<typeof unknownQuestion>> {
  const { order, positions, group } = about;
  const names = await namesOf(
    rollout.step.set,
    positions.map((position) => indexOf(rollout.work.targets, position)),
    here,
  );
  const id =
    [...rollout.body.orderOf]
      .find(([, found]) => found === order)?.[0]
      .split(/[.>]/)
      .at(-1) ?? '';
  return unknownQuestion(joinPath(rollout.path, `group:${group}`, id), names, here);
}

/** Waits for the answers, and takes those hosts on from where they stand that are not given up. */
export async function settleUnknownHosts(rollout: Rollout, here: Here): Promise<RolloutStop | null> {
  const { work } = rollout;
  for (let [first] = positionsOf(work.statuses, 'u'); first !== undefined; [first] = positionsOf(work.statuses, 'u')) {
    const left = work.left[first];
    if (left === undefined) return null;
    const positions = positionsOf(work.statuses, 'u').filter((position) => isTogether(work.left[position], left));
    const question = await questionAbout(rollout, { order: left.order, positions, group: left.group }, here);
    const decides = gateDecides(rollout, here);
    const awaited = await whileAwaited(rollout, { wait: (inner) => ask(question, inner), decides }, here);
    if ('stop' in awaited) return awaited.stop;
    answer(rollout, { positions, names: question.hosts, decision: awaited.answer, left }, here);
    const stop = await runQueued(rollout, here);
    if (stop !== null) return stop;
  }
  return null;
}

function isTogether(one: LeftHost | undefined, other: LeftHost): boolean {
  return one !== undefined && one.group === other.group && one.order === other.order;
}

/** The walk that is under way, then those that wait. */
export async function runQueued(rollout: Rollout, here: Here): Promise<RolloutStop | null> {
  const { work } = rollout;
  for (;;) {
    if (work.walk === null) {
      if (work.queue.length === 0) return null;
      const kept = await atBoundary(rollout, here);
      if (kept !== null) return kept;
      const [next, ...rest] = work.queue;
      if (next === undefined) return null;
      const seated = await seatHosts(rollout, next.hosts, here);
      if ('stop' in seated) return seated.stop;
      if (seated.hosts.length === 0) continue;
      const waiting = next.hosts.slice(seated.hosts.length);
      work.queue = waiting.length === 0 ? rest : [{ ...next, hosts: waiting }, ...rest];
      startWalk(rollout, { ...next, hosts: seated.hosts }, here);
    }
    const stop = work.walk === null ? null : await runGroup(rollout, work.walk, here);
    if (stop !== null) return stop;
  }
}

function answer(
  rollout: Rollout,
  given: { positions: readonly number[]; names: readonly string[]; decision: Decision; left: LeftHost },
  here: Here,
): void {
  const { positions, names, decision, left } = given;
  const { work } = rollout;
  const where = (choice: string): readonly number[] =>
    positions.filter((_, at) => choiceFor(decision, names[at]) === choice);
  work.statuses = replaceAt(work.statuses, where('fail'), 'f');
  markDone(rollout, left.order, where('done'));
  enqueue(rollout, { hosts: where('done'), cursor: left.order + 1 }, here);
  enqueue(rollout, { hosts: where('not-done'), cursor: left.order }, here);
}

/** Somebody says that it was done: then it is also to be undone. */
function markDone({ work, entry, body }: Rollout, order: number, positions: readonly number[]): void {
  const leaf = body.undoable.find(({ step }) => body.orderOf.get(step.at) === order);
  if (entry === null || leaf === undefined) return;
  const { at } = leaf.step;
  entry.touched[at] = replaceAt(entry.touched[at] ?? '0'.repeat(work.total), positions, '1');
}

/** Hosts that go on in the middle of the body do so above every generation that was used. */
export function enqueue(rollout: Rollout, from: { hosts: readonly number[]; cursor: number }, here: Here): void {
  const { work } = rollout;
  if (from.hosts.length === 0) return;
  const out: { [position: string]: readonly number[] } = {};
  for (const position of from.hosts) out[position] = work.left[position]?.out ?? [];
  work.queue = [...work.queue, { ...from, out, generation: raiseIn(work, here.state) }];
  work.statuses = replaceAt(work.statuses, from.hosts, 'r');
}

/** Failed hosts once more, each from the step it failed at, in groups of the usual size. */
export function enqueueFailed(rollout: Rollout, positions: readonly number[], here: Here): void {
  const { work, step } = rollout;
  const orders = new Set(positions.map((position) => work.left[position]?.order ?? 0));
  for (const cursor of [...orders].sort((a, b) => a - b)) {
    const hosts = positions.filter((position) => (work.left[position]?.order ?? 0) === cursor);
    for (let at = 0; at < hosts.length; at += step.parallel)
      enqueue(rollout, { hosts: hosts.slice(at, at + step.parallel), cursor }, here);
  }
}
