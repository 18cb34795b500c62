import { awaitDesk, openDesk, withdrawDesk } from '../approvals/desk';
import { hourMs, minuteMs } from '../domain/duration';
import type { FreezeDuty } from '../domain/freeze';
import { changeStart } from '../domain/window';
import { answerAct, hasAct } from './acts';
import type { ActHandlers } from './acts';
import { cancel } from './cancelling';
import { closingsOf, conflictsNow, conflictText, freezeNow, freezeText } from './checks';
import { move, note } from './facts';
import { deskContext, nameOf, within } from './here';
import type { Here } from './here';
import type { ChangeAct, ChangeReply } from './messages';
import { approvalRequest, changeFacts, prepare, shownFacts } from './preparation';
import { hasLapsed } from './scheduled';
import type { ChangeHold } from './state';
import { editSubmitted, replan, reschedule, revise } from './submission';

const heldActs: ActHandlers = { submit: submitAgain, edit: editSubmitted, revise, reschedule, cancel };

/** Others and calendars announce what they change; what was not announced is seen after this. */
const recheckMs = hourMs;
/** Within its window every minute counts that an item is free. */
const itemsRecheckMs = minuteMs;

/** Approved, but something is in the way: it goes on as soon as that is gone, and stays until its window can no longer be met. */
export async function beHeld(here: Here): Promise<void> {
  const { state, effects } = here;
  if (hasAct(here)) return answerAct(heldActs, here);
  if (await hasLapsed(here)) return withdrawFreezeDesk('the approval ended', here);
  if (isFreezePassed(here) || (await isGone(here))) return release(here);
  const { news } = state;
  const { desk } = state.freeze;
  const until = nextLook(here);
  const isNews = (): boolean => hasAct(here) || state.news !== news;
  if (desk === null || desk.approval.phase.name !== 'pending') await effects.waitFor(isNews, until);
  else
    await effects.race<unknown>([
      (inner) => awaitDesk(desk, deskContext(within(here, inner))),
      (inner) => inner.waitFor(isNews, until),
    ]);
}

function nextLook({ state, effects }: Here): number {
  const fits = state.hold?.kind === 'freeze' ? (state.hold.fitsAtMs ?? Infinity) : Infinity;
  const now = effects.now();
  const isWaited = state.hold?.kind === 'conflict' && now >= state.window.startMs;
  const next = now + (isWaited ? itemsRecheckMs : recheckMs);
  return fits > now ? Math.min(fits, next) : next;
}

function release(here: Here): void {
  const { state } = here;
  withdrawFreezeDesk('the change goes on', here);
  const reason = state.hold?.kind ?? 'nothing';
  state.hold = null;
  move(here, 'release', `${reason} is out of the way`);
}

/** Of a plan that changed: the plan as it is now is to be approved. */
async function submitAgain(act: Extract<ChangeAct, { action: 'submit' }>, here: Here): Promise<ChangeReply> {
  return replan('submitted again', act, here);
}

async function isGone(here: Here): Promise<boolean> {
  const { state } = here;
  const { hold } = state;
  if (hold === null) return true;
  if (hold.kind === 'missed' || isMissed(here)) return false;
  switch (hold.kind) {
    case 'freeze':
      return isLifted(hold, here);
    case 'conflict':
      return isSettled(hold, here);
    case 'plan-changed':
      return isAsApproved(here);
  }
}

/** R-WIN-5: what is held past its last possible start waits for a new window. */
function isMissed(here: Here): boolean {
  const { state, effects } = here;
  if (state.plan === null) return false;
  const begin = changeStart(
    state.window,
    { plannedStartMs: state.window.startMs, work: state.plan.work },
    effects.now(),
  );
  if (begin.kind !== 'missed') return false;
  withdrawFreezeDesk('the window was missed', here);
  const text = `held until its last possible start (${new Date(begin.latestMs).toISOString()}): reschedule or cancel it`;
  rehold({ kind: 'missed', since: effects.now(), text, latestMs: begin.latestMs }, here);
  return true;
}

async function isLifted(hold: ChangeHold, here: Here): Promise<boolean> {
  const { state, effects } = here;
  const startMs = Math.max(effects.now(), state.window.startMs);
  const freeze = await freezeNow('not-started', { startMs, endMs: state.window.endMs }, here);
  if (freeze.kind === 'proceed') return true;
  const fitsAtMs = freeze.kind === 'hold' ? freeze.fitsAtMs : null;
  rehold({ kind: 'freeze', since: hold.since, text: freezeText(freeze.because), fitsAtMs }, here);
  await askFreezeApprovers(freeze, here);
  return false;
}

async function isSettled(hold: ChangeHold, here: Here): Promise<boolean> {
  // At the start it is asked under the locks, and so it is here: what is let go there must be let in there.
  const take = here.effects.now() >= here.state.window.startMs;
  const answer = await conflictsNow({ when: 'held', take }, here);
  if (answer.heldBy.length === 0 && (answer.verdict === 'clear' || answer.verdict === 'warned')) return true;
  rehold({ kind: 'conflict', since: hold.since, text: conflictText(answer) }, here);
  return false;
}

async function isAsApproved(here: Here): Promise<boolean> {
  const prepared = await prepare(here);
  return prepared.ok && prepared.planned.plan.planHash === here.state.plan?.planHash;
}

function rehold(hold: ChangeHold, here: Here): void {
  const { state } = here;
  if (state.hold?.kind === hold.kind && state.hold.text === hold.text) return;
  state.hold = hold;
  noteHeld(`${hold.kind}: ${hold.text}`, here);
}

/** It stays held, for another reason. */
function noteHeld(reason: string, here: Here): void {
  note(here, 'change.state', { from: 'held', to: 'held', event: 'hold', reason, hash: here.state.hash });
}

/** R-FREEZE-2: their quorum lets this change pass the closures that are known; each closure that is added is asked about anew. */
async function askFreezeApprovers(freeze: FreezeDuty, here: Here): Promise<void> {
  const { state } = here;
  const rule = state.model?.freezeRule ?? null;
  if (rule === null || freeze.kind === 'proceed') return;
  const closings = closingsOf(freeze.because).flatMap((closing) => (closing.reason === 'closure' ? [closing] : []));
  // What is no opening at all cannot be let pass: there is no freeze that somebody declared.
  const isDeclared = freeze.because.kind === 'closed' && closings.length === freeze.because.closings.length;
  const asked = closings.map(({ closure }) => closure.id);
  if (!isDeclared || asked.join('\n') === state.freeze.asked.join('\n')) return;
  withdrawFreezeDesk('other freezes were declared', here);
  const request = approvalRequest(rule, here);
  const opened = await openDesk(
    {
      request: { ...request, id: `${request.id}/freeze`, emergency: false },
      path: 'freeze',
      title: `Let ${nameOf(here)} pass: ${freezeText(freeze.because)}`,
      show: { ...shownFacts(here), freezes: closings.map(({ calendar, closure }) => `${calendar}: ${closure.title}`) },
      facts: changeFacts(here),
      respondBy: state.window.endMs,
      onDue: null,
    },
    deskContext(here),
  );
  state.freeze = { desk: opened.opened ? opened.desk : null, asked, passed: state.freeze.passed };
  if (!opened.opened) noteHeld(opened.reason, here);
}

function isFreezePassed({ state }: Here): boolean {
  const { desk, asked, passed } = state.freeze;
  if (state.hold?.kind !== 'freeze' || desk?.approval.phase.name !== 'approved') return false;
  state.freeze = { desk: null, asked: [], passed: [...new Set([...passed, ...asked])] };
  return true;
}

function withdrawFreezeDesk(reason: string, here: Here): void {
  const { state } = here;
  if (state.freeze.desk !== null) withdrawDesk(state.freeze.desk, reason, deskContext(here));
  state.freeze = { desk: null, asked: [], passed: state.freeze.passed };
}
