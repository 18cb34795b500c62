import { deskDueAt, startDesk, tendDesk } from '../approvals/desk';
import { openTimeOf } from '../domain/calendar';
import type { ResolvedCalendar } from '../domain/calendar';
import { hourMs } from '../domain/duration';
import { changeStart } from '../domain/window';
import { answerAct, hasAct } from './acts';
import type { ActHandlers } from './acts';
import { cancel } from './cancelling';
import { conflictsNow, conflictText, freezeNow, freezeText } from './checks';
import { move, note } from './facts';
import { deskContext } from './here';
import type { Here } from './here';
import { prepare } from './preparation';
import type { ChangeHold } from './state';
import { beginRun } from './implementing';
import { freeItems } from './items';
import { editSubmitted, reauthorise, reschedule, revise } from './submission';

const scheduledActs: ActHandlers = { edit: editSubmitted, revise, reschedule, cancel };

/** Calendars and others announce what they change; what was not announced is seen after this. */
const recheckMs = 6 * hourMs;

/** Approved, and waiting for its window: held as soon as a freeze or another change is in the way (R-FREEZE-2). */
export async function beScheduled(here: Here): Promise<void> {
  const { state, effects } = here;
  if (hasAct(here)) return answerAct(scheduledActs, here);
  if (await hasLapsed(here)) return;
  const now = effects.now();
  if (now >= state.window.startMs) return start(here);
  const freeze = await freezeNow('not-started', { startMs: state.window.startMs, endMs: state.window.endMs }, here);
  if (freeze.kind !== 'proceed')
    return hold(
      {
        kind: 'freeze',
        since: now,
        text: freezeText(freeze.because),
        fitsAtMs: freeze.kind === 'hold' ? freeze.fitsAtMs : null,
      },
      here,
    );
  const { news } = state;
  const until = Math.min(state.window.startMs, now + recheckMs, dueAt(here));
  await effects.waitFor(() => hasAct(here) || state.news !== news, until);
}

function dueAt({ state }: Here): number {
  return (state.approval === null ? null : deskDueAt(state.approval)) ?? Infinity;
}

/** R-APPR-8: an approval that ended before the start is asked for anew; one of its people may have left (R-APPR-4). */
export async function hasLapsed(here: Here): Promise<boolean> {
  const { state, effects } = here;
  const { approval } = state;
  if (approval === null) return false;
  if (effects.now() >= dueAt(here)) await tendDesk(approval, deskContext(here));
  const { name } = approval.approval.phase;
  if (name === 'approved' || (name === 'pending' && approval.approval.request.emergency)) return false;
  await reauthorise('the approval ended before the start', here);
  return true;
}

/** Everything once more, at the start itself: nothing of what was checked before counts (R-CONF-3, R-WIN-5, R-APPR-9). */
async function start(here: Here): Promise<void> {
  const { state, effects } = here;
  const { plan, window } = state;
  if (plan === null) return;
  const now = effects.now();
  const begin = changeStart(window, { plannedStartMs: window.startMs, work: plan.work }, now);
  if (begin.kind === 'missed')
    return hold(
      {
        kind: 'missed',
        since: now,
        text: `its start was missed: it had to begin by ${new Date(begin.latestMs).toISOString()}`,
        latestMs: begin.latestMs,
      },
      here,
    );
  const obstacle = (await changedPlan(here)) ?? (await closedCalendar(here)) ?? (await conflict(here));
  if (obstacle !== null) {
    await freeItems(here);
    return hold(obstacle, here);
  }
  if (begin.kind === 'late') flagLate(begin.lateByMs, here);
  if (!(await startApproved(here))) return;
  beginRun(here);
}

/** What is approved is what runs: a host more, and the change stops here with the difference. */
async function changedPlan(here: Here): Promise<ChangeHold | null> {
  const { state, effects } = here;
  const prepared = await prepare(here);
  const since = effects.now();
  if (!prepared.ok) {
    const difference = prepared.problems.map(({ message }) => message);
    return { kind: 'plan-changed', since, text: 'it cannot be planned any more', difference };
  }
  const { plan, difference } = prepared.planned;
  if (plan.planHash === state.plan?.planHash) return null;
  return { kind: 'plan-changed', since, text: 'the plan is not the one that was approved', difference };
}

/** R-FREEZE-4: the whole execution with its back-out, from now on. */
async function closedCalendar(here: Here): Promise<ChangeHold | null> {
  const { state, effects } = here;
  const now = effects.now();
  const freeze = await freezeNow('not-started', { startMs: now, endMs: state.window.endMs }, here);
  if (freeze.kind === 'proceed') return null;
  return {
    kind: 'freeze',
    since: now,
    text: freezeText(freeze.because),
    fitsAtMs: freeze.kind === 'hold' ? freeze.fitsAtMs : null,
  };
}

/** R-CONF-3, R-CONF-4: under the locks of its items, which it keeps to the end. */
async function conflict(here: Here): Promise<ChangeHold | null> {
  const answer = await conflictsNow({ when: 'start', take: true }, here);
  const isFree = answer.heldBy.length === 0 && (answer.verdict === 'clear' || answer.verdict === 'warned');
  return isFree ? null : { kind: 'conflict', since: here.effects.now(), text: conflictText(answer) };
}

function flagLate(lateByMs: number, here: Here): void {
  here.state.flags = { ...here.state.flags, late: true };
  note(here, 'change.flagged', { flag: 'late', reason: `started ${Math.round(lateByMs / 1000)} s late` });
}

/** Nothing may start that is not approved at this instant, whatever it was before. */
async function startApproved(here: Here): Promise<boolean> {
  const { state } = here;
  const { approval } = state;
  if (approval === null) return true;
  const regulariseBy = state.model?.type === 'emergency' ? await nextBusinessDayEnd(here) : null;
  const started = await startDesk(approval, { hash: state.hash, regulariseBy }, deskContext(here));
  if (started.accepted) return true;
  await freeItems(here);
  await reauthorise(started.reason, here);
  return false;
}

/** R-APPR-12: one business day, to the end of the first one that begins after now. */
async function nextBusinessDayEnd(here: Here): Promise<number> {
  const { state, effects } = here;
  const now = effects.now();
  const name = state.model?.businessHours ?? null;
  const fallback = endOfNextWeekday(now);
  if (name === null) return fallback;
  const { calendars } = await effects.lookUp('calendars', {
    names: [name],
    fromMs: now,
    untilMs: now + 31 * 24 * hourMs,
  });
  return endOfNextOpening(calendars, now) ?? fallback;
}

function endOfNextOpening(calendars: readonly ResolvedCalendar[], now: number): number | null {
  if (calendars.length === 0) return null;
  return openTimeOf(calendars).open.find(({ startMs }) => startMs > now)?.endMs ?? null;
}

/** Monday to Friday, whole days, UTC. */
function endOfNextWeekday(now: number): number {
  const dayMs = 24 * hourMs;
  let day = Math.floor(now / dayMs) + 1;
  // Day 0 of the epoch was a Thursday.
  while ((day + 4) % 7 === 0 || (day + 4) % 7 === 6) day += 1;
  return (day + 1) * dayMs;
}

export function hold(reason: ChangeHold, here: Here): void {
  here.state.hold = reason;
  move(here, 'hold', holdText(reason));
}

const mostShown = 20;

/** What changed is what whoever looks at a held change wants to know; the journal has nothing else of it. */
function holdText(reason: ChangeHold): string {
  const text = `${reason.kind}: ${reason.text}`;
  if (reason.kind !== 'plan-changed' || reason.difference.length === 0) return text;
  const more = reason.difference.length > mostShown ? [`and ${reason.difference.length - mostShown} more`] : [];
  return `${text}: ${[...reason.difference.slice(0, mostShown), ...more].join('; ')}`;
}
