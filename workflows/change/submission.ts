import { deskProblem, openDesk, reviseDesk, withdrawDesk } from '../approvals/desk';
import type { DeskOpening, DeskState } from '../approvals/desk-state';
import { accept, refuse, refuseFor } from './acts';
import { conflictsNow } from './checks';
import { asJson, move, note } from './facts';
import { as, deskContext, nameOf } from './here';
import type { Here } from './here';
import { windowOf } from './initial-state';
import type { ChangeAct, ChangeReply, ConflictAnswer } from './messages';
import { factsMoved } from './difference';
import { adopt, approvalRequest, changeFacts, prepare, shownFacts, windowProblems } from './preparation';
import type { ChangeDraft } from './schema';
import type { Scope } from '../domain/authorization';
import type { ChangeState } from './state';

type Act<A extends ChangeAct['action']> = Extract<ChangeAct, { action: A }>;

/** Computes plan, hash, conflicts and risk, refuses what can never run, and sends the change on its way. */
export async function submit(act: Act<'submit'>, here: Here): Promise<ChangeReply> {
  const { state } = here;
  const prepared = await prepare(here);
  if (!prepared.ok) return refuseFor(prepared.problems, 'Cannot submit the change');
  const { planned } = prepared;
  const window = windowProblems(planned, here);
  if (window.length > 0) return refuseFor(window, 'Cannot submit the change');
  const before = adopted(here);
  state.model = planned.model;
  const conflicts = await conflictsNow({ when: 'submission' }, here);
  if (conflicts.verdict === 'blocked')
    return refuse(
      'CHANGE_CONFLICTS',
      `Cannot submit ${nameOf(here)}: it meets other changes or closed calendars`,
      conflicts.lines,
    );
  await adopt(planned, here);
  state.hold = null;
  const refused = isAssessed(here) ? await sendToAssessors(act, here) : await sendToApprovers(act, here);
  if (refused === null) return accept(here, warningsOf(conflicts));
  Object.assign(state, before);
  return refused;
}

/** What a refusal leaves as it was. */
function adopted({ state }: Here): Pick<ChangeState, 'hash' | 'model' | 'assessment' | 'plan' | 'signed'> {
  const { hash, model, assessment, plan, signed } = state;
  return { hash, model, assessment, plan, signed };
}

/** Somebody confirms the assessment before anybody is asked to approve on it. */
function isAssessed({ state }: Here): boolean {
  return state.phase === 'draft' && state.model?.type === 'normal' && state.model.assessors.length > 0;
}

async function sendToAssessors(act: Act<'submit'>, here: Here): Promise<ChangeReply | null> {
  const opening = approvalOpening(here);
  const problem = opening === null ? null : await deskProblem(opening, deskContext(here));
  if (problem !== null) return refuse(problem.code, problem.reason);
  move(as(act, here), 'assess', 'submitted');
  return null;
}

async function sendToApprovers(act: Act<'submit'>, here: Here): Promise<ChangeReply | null> {
  const opened = await openApproval(here);
  if (!opened.ok) return refuse(opened.code, opened.reason);
  here.state.approval = opened.desk;
  move(as(act, here), opened.desk === null ? 'schedule' : 'authorise', 'submitted');
  return null;
}

/** Assessed as it stands: now approvers are asked. Where nobody can be any more, it goes back to its requester. */
export async function goOnAssessed(reason: string, here: Here): Promise<void> {
  const opened = await openApproval(here);
  if (!opened.ok) return move(here, 'revise', `${reason}; ${opened.reason}`);
  here.state.approval = opened.desk;
  move(here, opened.desk === null ? 'schedule' : 'authorise', reason);
}

type Opened =
  | { readonly ok: true; readonly desk: DeskState | null }
  | { readonly ok: false; readonly code: string; readonly reason: string };

/** R-APPR-5: a quorum that cannot be reached is refused at once. */
async function openApproval(here: Here): Promise<Opened> {
  const opening = approvalOpening(here);
  if (opening === null) return { ok: true, desk: null };
  const opened = await openDesk(opening, deskContext(here));
  return opened.opened ? { ok: true, desk: opened.desk } : { ok: false, code: opened.code, reason: opened.reason };
}

/** Null: the model asks for no approval. */
function approvalOpening(here: Here): DeskOpening | null {
  const { state, effects } = here;
  const { model } = state;
  if (model?.rule == null) return null;
  return {
    request: approvalRequest(model.rule, here),
    path: 'approval',
    title: `${nameOf(here)} ${state.draft.title}`,
    show: shownFacts(here),
    facts: changeFacts(here),
    respondBy: Math.min(effects.now() + model.respondWithinMs, state.window.endMs),
    onDue: null,
  };
}

export function warningsOf({ verdict, lines }: ConflictAnswer): readonly string[] {
  return verdict === 'clear' ? [] : lines;
}

/** R-APPR-10: nobody is asked any more. */
export function withdrawApproval(reason: string, here: Here): void {
  const { state } = here;
  if (state.approval !== null) withdrawDesk(state.approval, reason, deskContext(here));
  state.approval = null;
}

export async function revise(act: Act<'revise'>, here: Here): Promise<ChangeReply> {
  withdrawApproval(act.reason, here);
  here.state.signed = null;
  here.state.hold = null;
  move(as(act, here), 'revise', act.reason);
  return accept(here);
}

/** Of a draft: nothing depends on it yet. */
export async function editDraft(act: Act<'edit'>, here: Here): Promise<ChangeReply> {
  const { draft, scope } = act;
  keepDraft(draft, [], { here, material: false, ...(scope === undefined ? {} : { scope }) });
  return accept(here);
}

/**
 * R-APPR-9: what is edited after submission is planned anew. The same hash means that it was editorial, and the approvals stand; another
 * one voids them and shows the difference.
 */
export async function editSubmitted(act: Act<'edit'>, here: Here): Promise<ChangeReply> {
  const { state } = here;
  const before = { draft: state.draft, window: state.window };
  state.draft = act.draft;
  state.window = windowOf(act.draft);
  const reply = await replan('edited', act, here);
  if (!reply.accepted) Object.assign(state, before);
  return reply;
}

/** Of a change that is under way or done: only what nobody signed can still be edited. */
export async function editText(act: Act<'edit'>, here: Here): Promise<ChangeReply> {
  const { state } = here;
  const { title, description, reason, backOutPlan, testPlan, labels } = act.draft;
  const texts = { title, description, reason, backOutPlan, testPlan, labels };
  const known = Object.entries(texts).filter(([, value]) => value !== undefined);
  keepDraft({ ...state.draft, ...Object.fromEntries(known) }, [], { here, material: false });
  return accept(here);
}

export async function reschedule(act: Act<'reschedule'>, here: Here): Promise<ChangeReply> {
  const { state } = here;
  const before = { draft: state.draft, window: state.window };
  const start = new Date(act.startMs).toISOString();
  const end = new Date(act.endMs).toISOString();
  state.draft = { ...state.draft, window: { ...state.draft.window, start, end } };
  state.window = windowOf(state.draft);
  if (state.phase === 'draft') {
    keepDraft(state.draft, [], { here, material: false });
    return accept(here);
  }
  const reply = await replan(act.reason, act, here);
  if (!reply.accepted) Object.assign(state, before);
  return reply;
}

/** Plan, conflicts and approvals once more, for a change that was submitted. */
export async function replan(reason: string, act: ChangeAct, here: Here): Promise<ChangeReply> {
  const { state } = here;
  const cannot = `Cannot ${act.action} ${nameOf(here)}`;
  const prepared = await prepare(here);
  if (!prepared.ok) return refuseFor(prepared.problems, cannot);
  const { planned } = prepared;
  const window = windowProblems(planned, here);
  if (window.length > 0) return refuseFor(window, cannot);
  const conflicts = await conflictsNow({ when: act.action }, here);
  if (conflicts.verdict === 'blocked')
    return refuse('CHANGE_CONFLICTS', `${cannot}: it meets other changes or closed calendars`, conflicts.lines);
  const before = adopted(here);
  const difference = [...planned.difference, ...factsMoved(planned, here)];
  await adopt(planned, here);
  const material = state.hash !== before.hash;
  const refused = await reviseApproval(difference, here);
  if (refused !== null) {
    Object.assign(state, before);
    return refused;
  }
  keepDraft(state.draft, difference, { here, material });
  if (material) goBack(reason, act, here);
  return accept(here, [...warningsOf(conflicts), ...(material ? difference : [])]);
}

/** To be authorised anew where there is somebody to ask. */
function goBack(reason: string, act: ChangeAct, here: Here): void {
  const { state } = here;
  state.hold = null;
  if (state.approval !== null && state.phase !== 'assessing') move(as(act, here), 'reauthorise', reason);
  else if (state.phase !== 'assessing') move(as(act, here), 'reschedule', reason);
}

async function reviseApproval(difference: readonly string[], here: Here): Promise<ChangeReply | null> {
  const { state, effects } = here;
  const { approval, model } = state;
  // Approvers have not been asked yet.
  if (state.phase === 'assessing') return null;
  if (approval === null || model?.rule == null || !isOpen(approval)) {
    const opened = await openApproval(here);
    if (!opened.ok) return refuse(opened.code, opened.reason);
    state.approval = opened.desk;
    return null;
  }
  const revised = await reviseDesk(
    approval,
    {
      request: approvalRequest(model.rule, here),
      difference: asJson(difference),
      title: `${nameOf(here)} ${state.draft.title}`,
      show: shownFacts(here),
      facts: changeFacts(here),
      respondBy: Math.min(effects.now() + model.respondWithinMs, state.window.endMs),
    },
    deskContext(here),
  );
  return revised.accepted ? null : refuse(revised.code, revised.reason);
}

/** R-APPR-8: without an approval that holds everybody is asked again; where nobody can be, it goes back to its requester. */
export async function reauthorise(reason: string, here: Here): Promise<void> {
  const { state } = here;
  const opened = await openApproval(here);
  state.approval = opened.ok ? opened.desk : null;
  state.hold = null;
  if (opened.ok && opened.desk !== null) return move(here, 'reauthorise', reason);
  move(here, 'revise', opened.ok ? reason : `${reason}; ${opened.reason}`);
}

/** One that has ended is not revised: another one is opened. */
function isOpen({ approval }: DeskState): boolean {
  return approval.phase.name === 'pending' || approval.phase.name === 'approved';
}

interface Kept {
  readonly here: Here;
  readonly material: boolean;
  readonly scope?: Scope;
}

function keepDraft(draft: ChangeDraft, difference: readonly string[], { here, ...kept }: Kept): void {
  const { state } = here;
  state.draft = draft;
  state.window = windowOf(draft);
  note(here, 'change.edited', { draft: asJson(draft), difference, ...kept });
}
