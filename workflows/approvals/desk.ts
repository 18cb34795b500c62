import { openApproval } from '../domain/approval';
import { expireApproval, extendValidity, nextDueAt, remindApprovers, startApproved } from '../domain/approval-course';
import { reviseRequest, withdrawRequest } from '../domain/approval-revision';
import type { ApprovalFacts } from '../domain/approval-candidate';
import type { Moment } from '../domain/approval-settle';
import type { ApprovalPhase, ApprovalRequest, ApprovalTransition } from '../domain/approval-state';
import { hourMs } from '../domain/duration';
import type { Json, JsonObject } from '../domain/json';
import { lookAgain, lookUpElectorate } from './desk-electorate';
import { carry } from './desk-journal';
import type { DeskContext, DeskOpened, DeskOpening, DeskResult, DeskState } from './desk-state';

/**
 * The one place where approvals meet the world: it binds the pure rules of `domain/approval*.ts` to `Effects`. Runs and changes ask
 * through it.
 *
 * - DK1 After every await the rule is applied to the state as it is then; nothing is decided on one that was read before.
 * - DK2 State, journal and tasks change together, without an await in between.
 * - DK3 A vote is in the journal before it counts (D9, `desk-answer.ts`).
 * - DK4 What opens a desk has it in its state before it waits: only then is it written that people are asked.
 */
export async function openDesk(opening: DeskOpening, here: DeskContext): Promise<DeskOpened> {
  const { effects } = here;
  const { path, title, show, facts, onDue } = opening;
  // Nobody is bothered with a question that a cancel withdraws at once.
  await effects.checkpoint();
  const showHash = await hashOfShown(show, here);
  const found = await couldOpen(opening, here);
  if ('code' in found) return { opened: false, ...found };
  const { opened, moment } = found;
  const desk: DeskState = {
    id: here.nextTaskId(),
    path,
    title,
    show,
    showHash,
    facts,
    onDue,
    approval: opened.state,
    tasks: [],
    asked: {},
    answers: {},
    entries: 0,
    turns: 0,
    lookedAt: moment.at,
  };
  carry(desk, opened, { here, moment });
  return { opened: true, desk };
}

/** R-APPR-5: why it could not be opened as things stand now; null: nothing. Nobody is asked yet. */
export async function deskProblem(
  opening: DeskOpening,
  here: DeskContext,
): Promise<{ readonly code: string; readonly reason: string } | null> {
  const found = await couldOpen(opening, here);
  return 'code' in found ? found : null;
}

interface CouldOpen {
  readonly opened: Extract<ApprovalTransition, { accepted: true }>;
  readonly moment: Moment;
}

async function couldOpen(
  opening: DeskOpening,
  here: DeskContext,
): Promise<CouldOpen | { readonly code: string; readonly reason: string }> {
  const electorate = await lookUpElectorate(opening, [], here);
  const moment = { at: here.effects.now(), electorate };
  const opened = openApproval(opening.request, { ...moment, respondBy: opening.respondBy });
  if (opened.accepted) return { opened, moment };
  const why = electorate.problems.length === 0 ? '' : ` (${electorate.problems.join('; ')})`;
  return { code: opened.code, reason: `${opened.reason}${why}` };
}

/** Waits until it is decided: reminds, adds managers, lets it time out; looks at least hourly who is who (R-APPR-4). */
export async function awaitDesk(desk: DeskState, here: DeskContext): Promise<ApprovalPhase> {
  const { effects } = here;
  // People must find in the journal what they are asked.
  await effects.flush();
  while (desk.approval.phase.name === 'pending') {
    const until = deskDueAt(desk) ?? Infinity;
    // A vote that decides nothing, and a due time that was put off, do not end the wait: every wait costs a timer.
    const isOver = (): boolean => desk.approval.phase.name !== 'pending' || (deskDueAt(desk) ?? Infinity) < until;
    const hasEnded = await effects.waitFor(isOver, Number.isFinite(until) ? until : undefined);
    if (!hasEnded && (deskDueAt(desk) ?? Infinity) <= effects.now()) await tendDesk(desk, here);
  }
  return desk.approval.phase;
}

/** When `tendDesk` next has something to do; null: never again. */
export function deskDueAt({ approval, lookedAt }: DeskState): number | null {
  const dueAt = nextDueAt(approval);
  // After the start votes stand, whoever leaves.
  const isOpen = approval.phase.name === 'pending' || (approval.phase.name === 'approved' && approval.start === null);
  if (!isOpen) return dueAt;
  return Math.min(dueAt ?? Infinity, lookedAt + hourMs);
}

/** Whatever is due now. */
export async function tendDesk(desk: DeskState, here: DeskContext): Promise<void> {
  const moment = await lookAgain(desk, here);
  const { at } = moment;
  // Both refuse where nothing is due.
  carry(desk, remindApprovers(desk.approval, moment), { here, moment });
  carry(desk, expireApproval(desk.approval, at), { here, moment });
  await here.effects.flush();
}

/** A team, a roster, a delegation or a person changed; to be called as soon as somebody says so. */
export async function electorateMoved(desk: DeskState, here: DeskContext): Promise<void> {
  await lookAgain(desk, here);
  await here.effects.flush();
}

export interface DeskRevision {
  readonly request: ApprovalRequest;
  /** What approvers are shown: hosts, commands, window before and after. */
  readonly difference: Json;
  readonly title: string;
  readonly show: JsonObject;
  readonly facts: ApprovalFacts;
  readonly respondBy: number | null;
}

/** R-APPR-9: where it is material, votes are void and everybody is asked anew with the difference; where it is editorial, they stand. */
export async function reviseDesk(desk: DeskState, revision: DeskRevision, here: DeskContext): Promise<DeskResult> {
  const { effects } = here;
  const { request, difference, respondBy, title, facts } = revision;
  const show = { ...revision.show, difference };
  const showHash = await hashOfShown(show, here);
  const electorate = await lookUpElectorate(revision, [], here);
  const moment = { at: effects.now(), electorate };
  const revised = reviseRequest(desk.approval, { ...moment, request, difference, respondBy });
  if (!revised.accepted) return revised;
  const isMaterial = revised.events.some(({ kind }) => kind === 'approval.changed');
  desk.title = title;
  desk.facts = facts;
  if (isMaterial) {
    desk.show = show;
    desk.showHash = showHash;
    desk.lookedAt = moment.at;
  }
  const result = carry(desk, revised, { here, moment });
  await effects.flush();
  return result;
}

/** R-APPR-10. */
export function withdrawDesk(desk: DeskState, reason: string, here: DeskContext): DeskResult {
  return carry(desk, withdrawRequest(desk.approval, { at: here.effects.now(), reason }), { here, moment: null });
}

/** R-APPR-8 and its ruling: an addendum moves the end of validity and voids nothing. */
export function extendDesk(desk: DeskState, until: number, here: DeskContext): DeskResult {
  return carry(desk, extendValidity(desk.approval, { at: here.effects.now(), until }), { here, moment: null });
}

/** Whatever of it has ended by now; `deskDueAt` says when. */
export function expireDesk(desk: DeskState, here: DeskContext): DeskResult {
  return carry(desk, expireApproval(desk.approval, here.effects.now()), { here, moment: null });
}

export interface DeskStart {
  /** Of the plan as it is computed now. */
  readonly hash: string;
  /** R-APPR-12: one business day from now, by the calendar of the process; only an emergency needs it. */
  readonly regulariseBy: number | null;
}

/** What was approved begins: after this no vote can be revoked and nothing can be revised. */
export async function startDesk(desk: DeskState, start: DeskStart, here: DeskContext): Promise<DeskResult> {
  const moment = await lookAgain(desk, here);
  const result = carry(desk, startApproved(desk.approval, { ...moment, ...start }), { here, moment });
  await here.effects.flush();
  return result;
}

async function hashOfShown(show: JsonObject, { effects }: DeskContext): Promise<string> {
  return Object.keys(show).length === 0 ? '' : (await effects.lookUp('digest', { value: show })).digest;
}
