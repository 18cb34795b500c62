import { deskDueAt } from '../approvals/desk';
import type { ChangeProblem } from '../change/messages';
import type { Effects } from '../effects';
import { asJson } from './here';
import { answerActs } from './keeper-acts';
import { lower, raise, tendDrillAge, tendRisk } from './keeper-alarms';
import { noteKept } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import { endHolds, isSettled, tendReleases, withdrawReleases } from './keeper-holds';
import { dropFromQueue, dropOverdue, endQueued, launchReady, takeEnds, want } from './keeper-operations';
import { unpinEnded } from './keeper-pins';
import { pruneDueMs, tendPrune } from './keeper-prune';
import { keeperSets } from './keeper-sets';
import { takeSlots } from './keeper-slots';
import type { KeeperState } from './keeper-state';
import { closeAnswered } from './keeper-tasks';
import type { KeeperInput } from './messages';

/**
 * Looks after one backup plan for as long as it is published, and waits to be told when it is not.
 *
 * - K1 It awaits no operation: it starts one, and learns its end by a message or by asking (D7).
 * - K2 Each pass leaves it in a state that it can be entered again with. Nothing is left half done at the safe point.
 * - K3 Whatever makes a difference by time alone is among `nextLookMs`; whatever comes from outside counts as news.
 */
export async function keeperProcedure(input: KeeperInput, state: KeeperState, effects: Effects): Promise<never> {
  const here: KeeperHere = { input, state, effects };
  for (;;) {
    const { news } = state;
    await pass(here);
    await effects.flush();
    const hasNews = (): boolean => state.news !== news;
    // Whoever waits for the answer to an act gets it first.
    if (!hasNews()) await effects.checkpoint();
    await effects.waitFor(hasNews, nextLookMs(here) ?? undefined);
  }
}

async function pass(here: KeeperHere): Promise<void> {
  await knowPlan(here);
  await takeEnds(here);
  await answerActs(here);
  closeAnswered(here);
  await tendReleases(here);
  await takeSlots(here);
  dropOverdue(here);
  await tendPrune(here);
  await lookAtSets(here);
  await tendWatch(here);
  await launchReady(here);
}

/** The plan as it was published last is in force. One that can no longer be compiled stays as it was. */
async function knowPlan(here: KeeperHere): Promise<void> {
  const { state, effects, input } = here;
  if (!state.planMoved) return;
  state.planMoved = false;
  const answer = await effects.lookUp('backupPlan', { plan: input.plan });
  if ('problems' in answer) return leaveAsItWas(answer.problems, here);
  if ('gone' in answer) return leavePlan(here);
  const { inForce } = answer;
  if (state.published && state.plan?.digest === inForce.digest) return lower('plan', here);
  const { name: plan, version, service, provider } = inForce;
  const now = effects.now();
  state.plan = inForce;
  state.published = true;
  state.slots = { fromMs: newSlotsFromMs(here), nextMs: now };
  state.watchMs = now + inForce.watch.everyMs;
  state.sets.moved = true;
  // Its retention may be another one.
  state.pruneWanted = true;
  lower('plan', here);
  const scope = inForce.scope === undefined ? {} : { scope: inForce.scope };
  noteKept(here, 'backup.kept', { plan, version, service, provider, inForce: asJson(inForce), ...scope });
}

/**
 * R-TIME-7: its schedules hold from now on, and what they would have been before is no slot that was missed. But a slot of the plan before
 * that is due, or was missed, has yet to be dealt with: from there on.
 */
function newSlotsFromMs({ state, effects }: KeeperHere): number {
  return Math.min(effects.now(), state.slots.nextMs ?? Infinity);
}

async function leaveAsItWas(problems: readonly ChangeProblem[], here: KeeperHere): Promise<void> {
  await raise('plan', problems.map(({ message }) => message).join('; '), here);
}

/** What runs comes to its end; nothing else begins, and nobody is asked about it any more. */
async function leavePlan(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  if (!state.published) return;
  state.published = false;
  // Before, nobody who waited for one of them heard of it again.
  if (effects.version('queued-ends')) await endQueued(unpublished, here);
  else dropFromQueue(() => true, here);
  state.slots = { ...state.slots, nextMs: null };
  state.watchMs = null;
  state.sets = { moved: false, dueMs: null };
  withdrawReleases(unpublished, here);
  for (const alarm of Object.keys(state.alarms)) lower(alarm, here);
  noteKept(here, 'backup.state', { state: 'left', reason: 'the plan is not published any more' });
}

const unpublished = 'the backup plan is not published any more';

/** R-RPO-2, the age of drills, and holds that end: all that hangs on what sets there are, and how old they are. */
async function lookAtSets(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  const { plan } = state;
  const isDue = state.sets.dueMs !== null && effects.now() >= state.sets.dueMs;
  if (plan === null || !state.published || !(state.sets.moved || isDue)) return;
  const sets = await keeperSets(here);
  await unpinEnded(sets, here);
  const dues = [endHolds(sets, here), await tendRisk(plan, sets, here), await tendDrillAge(plan, here)];
  state.sets = { moved: false, dueMs: earliest(dues) };
}

async function tendWatch(here: KeeperHere): Promise<void> {
  const { state, effects, input } = here;
  const { plan, watchMs } = state;
  if (plan === null || watchMs === null || effects.now() < watchMs) return;
  state.watchMs = effects.now() + plan.watch.everyMs;
  const isAbout = [...state.queue.map(({ work }) => work.kind), ...state.running.map(({ kind }) => kind)];
  if (state.paused !== null || isAbout.includes('watch')) return;
  const { requester } = input.keeper;
  await want({ work: { kind: 'watch' }, requester, asked: false, untilMs: null }, here);
}

/** K3. Null: only news can make a difference. */
function nextLookMs(here: KeeperHere): number | null {
  const { state } = here;
  const desks = state.releases.map((asked) => (isSettled(asked) ? 0 : deskDueAt(asked.desk)));
  const overdue = state.queue.map(({ untilMs }) => untilMs);
  return earliest([
    state.slots.nextMs,
    state.watchMs,
    state.sets.dueMs,
    state.recheckMs,
    pruneDueMs(here),
    ...desks,
    ...overdue,
  ]);
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
