import { barOf, isDelegated, isEligibleAt, isOf, spentBy } from './approval-electorate';
import { beginRound, deadlineOf, levelOpened, roundRefusal } from './approval-round';
import { settle, shortfallsOf, sweep } from './approval-settle';
import { phaseRefusal, refused } from './approval-state';

import type { ApprovalEvent, VoteChoice } from './approval-event';
import type {
  ApprovalRefusal,
  ApprovalRequest,
  ApprovalState,
  ApprovalTransition,
  StandingVote,
} from './approval-state';
import type { Due } from './approval-round';
import type { Moment, Settled } from './approval-settle';

/**
 * The approval of one request: who is asked, what counts, when it is decided. Every transition is a function of the state and of what
 * the caller found out; the caller applies one after the other and journals the events before they count (D9).
 */
export interface Vote extends Moment {
  readonly actor: string;
  /** Null: the actor's own vote. */
  readonly onBehalfOf: string | null;
  readonly choice: VoteChoice;
  readonly comment: string;
  readonly via: string;
  /** What the single-use token of the channel is bound to (R-APPR-11); whether it is genuine was checked at the door. */
  readonly token: {
    readonly id: string;
    readonly request: string;
    readonly hash: string;
    readonly person: string;
  };
}

export interface Revocation extends Moment {
  readonly actor: string;
  readonly vote: string;
  readonly comment: string;
  /** For the new round, if the approval had been granted. */
  readonly respondBy: number | null;
}

/** R-APPR-5: a quorum that cannot be reached is refused here rather than waited for. */
export function openApproval(request: ApprovalRequest, moment: Moment & Due): ApprovalTransition {
  const refusal = roundRefusal(request, moment);
  if (refusal !== null) return refusal;
  const begun = beginRound(request, moment);
  const shortfalls = shortfallsOf(begun.state, moment.electorate);
  const what = shortfalls.map((each) =>
    each.kind === 'independent'
      ? 'nobody but its authors'
      : `slot "${each.slot}" needs ${each.min} and has ${each.eligible} eligible people`,
  );
  return shortfalls.length === 0
    ? { accepted: true, ...begun }
    : refused('QUORUM_UNREACHABLE', `Cannot ask for approval "${request.id}": ${what.join('; ')}`);
}

/** The same token twice changes nothing: `state.answered` shows what it was used for (R-APPR-11). */
export function castVote(state: ApprovalState, vote: Vote): ApprovalTransition {
  const { at, actor, via, choice, comment, token } = vote;
  const isForThis = token.request === state.request.id && token.person === actor;
  if (isForThis && Object.hasOwn(state.answered, token.id)) return { accepted: true, state, events: [] };
  const swept = sweep(state, vote);
  const refusal = requestRefusal(state, vote) ?? personRefusal(swept.state, vote);
  if (refusal !== null) return refusal;
  const { phase } = state;
  const person = vote.onBehalfOf ?? actor;
  const level = phase.name === 'pending' ? phase.level : 0;
  const standing: StandingVote = { id: token.id, person, actor, choice, level, at, leftAt: null };
  const cast: ApprovalEvent = {
    at,
    kind: 'approval.vote-cast',
    vote: token.id,
    person,
    actor,
    via,
    choice,
    comment,
    hash: token.hash,
  };
  const voted = {
    ...swept.state,
    votes: [...swept.state.votes, standing],
    answered: { ...state.answered, [token.id]: choice },
  };
  return after({ state: voted, events: [...swept.events, cast] }, vote);
}

/**
 * Until the start. What was closed on this vote is open again, with the votes of the levels after it void: they approved what had
 * been approved before them.
 */
export function revokeVote(state: ApprovalState, revocation: Revocation): ApprovalTransition {
  const { at, actor, comment } = revocation;
  const { id: request } = state.request;
  const cannot = `Cannot revoke vote "${revocation.vote}" of approval "${request}"`;
  const closed = phaseRefusal(state, 'revoke');
  if (closed !== null) return closed;
  if (state.start !== null) return refused('ALREADY_STARTED', `${cannot}: what it approved has started`);
  const vote = state.votes.find(({ id }) => id === revocation.vote);
  if (vote === undefined) return refused('VOTE_NOT_FOUND', `${cannot}: no such vote stands`);
  if (!isOf(vote, actor)) return refused('NOT_YOUR_VOTE', `${cannot}: it is the vote of "${vote.person}"`);
  if (isOverdue(state, at)) return refused('RESPONSE_DUE', `${cannot}: answers were due`);
  const unasked = state.phase.name === 'approved' ? roundRefusal(state.request, revocation) : null;
  if (unasked !== null) return unasked;
  const revoked: ApprovalEvent = {
    at,
    kind: 'approval.vote-revoked',
    vote: vote.id,
    person: vote.person,
    actor,
    comment,
  };
  const without = { ...state, votes: state.votes.filter(({ id }) => id !== vote.id) };
  if (isAtOpenLevel(state, vote)) return after({ state: without, events: [revoked] }, revocation);
  const reopened = reopen(without, { level: vote.level, due: revocation });
  return after({ state: reopened.state, events: [revoked, ...reopened.events] }, revocation);
}

/** R-APPR-4: void until the level closed, annotated after it. */
export function personLeft(
  state: ApprovalState,
  { person, ...moment }: Moment & { person: string },
): ApprovalTransition {
  const refusal = phaseRefusal(state, 'leave');
  if (refusal !== null) return refusal;
  const { at } = moment;
  const stands = (vote: StandingVote): boolean =>
    isOf(vote, person) && vote.leftAt === null && !isAtOpenLevel(state, vote);
  const events = state.votes
    .filter((vote) => stands(vote))
    .map((vote): ApprovalEvent => ({
      at,
      kind: 'approval.vote-annotated',
      vote: vote.id,
      person: vote.person,
      note: 'left',
    }));
  const left = {
    ...state,
    left: [...new Set([...state.left, person])],
    votes: state.votes.map((vote) => (stands(vote) ? { ...vote, leftAt: at } : vote)),
  };
  return after({ state: left, events: [{ at, kind: 'approval.person-left', person }, ...events] }, moment);
}

/** R-APPR-5: to be called whenever a team, a roster or a delegation changed. */
export function electorateChanged(state: ApprovalState, moment: Moment): ApprovalTransition {
  return phaseRefusal(state, 'leave') ?? after({ state, events: [] }, moment);
}

/** Answers were due and nobody has said so yet: the time of the vote decides, not the order in which a timer and a vote arrive. */
export function isOverdue({ phase, start, respondBy }: ApprovalState, at: number): boolean {
  return phase.name === 'pending' && start === null && at >= respondBy;
}

function requestRefusal(state: ApprovalState, { at, token, actor }: Vote): ApprovalRefusal | null {
  const { id, hash } = state.request;
  const no = (code: string, found: string): ApprovalRefusal => refused(code, `Cannot count the vote: ${found}`);
  if (token.request !== id) return no('OTHER_REQUEST', `it was given to "${token.request}", not to "${id}"`);
  if (token.person !== actor) return no('TOKEN_NOT_YOURS', `its token is of "${token.person}"`);
  const closed = phaseRefusal(state, 'vote');
  if (closed !== null) return closed;
  if (token.hash !== hash) return no('PLAN_CHANGED', 'it was given to another plan');
  return isOverdue(state, at) ? no('RESPONSE_DUE', 'answers were due') : null;
}

function personRefusal(state: ApprovalState, vote: Vote): ApprovalRefusal | null {
  const { at, actor, electorate } = vote;
  const person = vote.onBehalfOf ?? actor;
  const { phase, request } = state;
  const no = (code: string, found: string): ApprovalRefusal =>
    refused(code, `Cannot count the vote of "${actor}": ${found}`);
  const level = phase.name === 'pending' ? request.rule.levels[phase.level] : undefined;
  if (phase.name !== 'pending' || level === undefined) return no('APPROVAL_CLOSED', 'no level is open');
  if (person !== actor && !isDelegated(state, electorate, { from: person, to: actor, at }))
    return no('NOT_DELEGATED', `"${person}" has not delegated to them now`);
  for (const each of new Set([actor, person])) {
    const bar = barOf(state, each);
    if (bar === 'left') return no('PERSON_LEFT', `"${each}" has left`);
    if (bar !== null) return no('DUTIES_NOT_SEPARATE', `"${each}" is the ${bar}`);
  }
  if (!isEligibleAt(state, electorate, { level, person }))
    return no('NOT_ELIGIBLE', `"${person}" is not asked at level "${level.id}"`);
  for (const each of new Set([actor, person]))
    if (spentBy(state, phase.level, each) !== null) return no('ALREADY_VOTED', `"${each}" has voted`);
  return null;
}

function reopen(state: ApprovalState, { level, due }: { level: number; due: Due }): Settled {
  const { at } = due;
  const granted = state.phase.name === 'approved';
  const later = state.votes.filter((vote) => vote.level > level);
  const reopened: ApprovalState = {
    ...state,
    ...(granted ? { openedAt: at, respondBy: deadlineOf(state.request, due), remindedPercent: 0 } : {}),
    phase: { name: 'pending', level },
    votes: state.votes.filter((vote) => vote.level <= level),
  };
  const voided = later.map(({ id, person }): ApprovalEvent => ({
    at,
    kind: 'approval.vote-voided',
    vote: id,
    person,
    reason: 'level-reopened',
  }));
  return { state: reopened, events: [...voided, ...levelOpened(reopened, at)] };
}

function isAtOpenLevel({ phase }: ApprovalState, vote: StandingVote): boolean {
  return phase.name === 'pending' && vote.level === phase.level;
}

function after({ state, events }: Settled, moment: Moment): ApprovalTransition {
  const settled = settle(state, moment);
  return { accepted: true, state: settled.state, events: [...events, ...settled.events] };
}
