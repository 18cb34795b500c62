import { barOf, eligibleIn, isEligibleAt, peopleOf, spentBy } from './approval-electorate';
import { requiredOf } from './approval-rule';
import { unfilled } from './approval-seats';

import type { Electorate } from './approval-electorate';
import type { ApprovalEvent, Shortfall } from './approval-event';
import type { ApprovalState, StandingVote } from './approval-state';
import type { Seats } from './approval-seats';

/** The instant of a transition, and who is who at it. */
export interface Moment {
  readonly at: number;
  readonly electorate: Electorate;
}

export interface Settled {
  readonly state: ApprovalState;
  readonly events: readonly ApprovalEvent[];
}

/**
 * Follows from any change, in this order:
 *
 * - S1 votes at the open level of people who may no longer vote are void, so what is counted was eligible at vote and at quorum;
 * - S2 rejections come before approvals;
 * - S3 a satisfied level closes, and its votes stand from then on;
 * - S4 a quorum that became impossible, or possible again, is said at once.
 */
export function settle(state: ApprovalState, moment: Moment): Settled {
  const swept = sweep(state, moment);
  const counted = count(swept.state, moment);
  const judged = judgeReach(counted.state, moment);
  return { state: judged.state, events: [...swept.events, ...counted.events, ...judged.events] };
}

/** S1. */
export function sweep(state: ApprovalState, { at, electorate }: Moment): Settled {
  const { phase, votes, request } = state;
  const level = phase.name === 'pending' ? request.rule.levels[phase.level] : undefined;
  if (phase.name !== 'pending' || level === undefined) return { state, events: [] };
  const events: ApprovalEvent[] = [];
  const standing = votes.filter((vote) => {
    if (vote.level !== phase.level) return true;
    const { person, actor } = vote;
    const isLeaver = barOf(state, person) === 'left' || barOf(state, actor) === 'left';
    if (!isLeaver && barOf(state, actor) === null && isEligibleAt(state, electorate, { level, person })) return true;
    events.push({
      at,
      kind: 'approval.vote-voided',
      vote: vote.id,
      person,
      reason: isLeaver ? 'left' : 'not-eligible',
    });
    return false;
  });
  return { state: { ...state, votes: standing }, events };
}

/** S2, S3. */
function count(state: ApprovalState, { at, electorate }: Moment): Settled {
  const { phase, votes, request } = state;
  if (phase.name !== 'pending') return { state, events: [] };
  const level = request.rule.levels[phase.level];
  if (level === undefined) return { state, events: [] };
  const here = votes.filter((vote) => vote.level === phase.level);
  const rejecting = peopleOfVotes(here.filter(({ choice }) => choice === 'reject'));
  if (rejecting.length >= level.rejectOn) {
    const rejected = { ...state, phase: { name: 'rejected' as const, at, by: rejecting } };
    return { state: rejected, events: [{ at, kind: 'approval.rejected', by: rejecting }, ...unregularised(state, at)] };
  }
  const approving = peopleOfVotes(here.filter(({ choice }) => choice === 'approve'));
  const seats = level.slots.map(({ id, quorum }): Seats => {
    const eligible = eligibleIn(state, electorate, id);
    const min = requiredOf(quorum, peopleOf(state, electorate, id).length);
    return { slot: id, min, people: approving.filter((person) => eligible.includes(person)) };
  });
  if (unfilled(seats).length > 0) return { state, events: [] };
  const closed: ApprovalEvent = { at, kind: 'approval.level-closed', level: level.id, by: approving };
  const next = request.rule.levels[phase.level + 1];
  if (next === undefined) {
    if (!isIndependent(state)) return { state, events: [] };
    const granted = grant(state, { at, silence: false });
    return { state: granted.state, events: [closed, ...granted.events] };
  }
  return {
    state: { ...state, phase: { name: 'pending', level: phase.level + 1 } },
    events: [closed, { at, kind: 'approval.level-opened', level: next.id, slots: next.slots.map(({ id }) => id) }],
  };
}

/** R-APPR-8: valid until the earlier of its expiry and the end of the window. */
export function grant(state: ApprovalState, { at, silence }: { at: number; silence: boolean }): Settled {
  const { rule, window } = state.request;
  const ends = [rule.validForMs === null ? null : at + rule.validForMs, window?.end ?? null];
  const known = ends.filter((end) => end !== null);
  const validUntil = known.length === 0 ? null : Math.min(...known);
  const by = peopleOfVotes(state.votes.filter(({ choice }) => choice === 'approve'));
  const events: ApprovalEvent[] = [{ at, kind: 'approval.approved', by, silence, validUntil }];
  if (state.start?.kind === 'emergency')
    events.push({ at, kind: 'approval.regularised', late: state.start.overdue || at >= state.start.regulariseBy });
  return { state: { ...state, phase: { name: 'approved', at, by, validUntil }, shortfalls: [] }, events };
}

/** S4. */
function judgeReach(state: ApprovalState, { at, electorate }: Moment): Settled {
  const shortfalls = state.phase.name === 'pending' ? shortfallsOf(state, electorate) : [];
  const before = state.shortfalls;
  if (isSameShortfall(before, shortfalls)) return { state, events: [] };
  const next = { ...state, shortfalls };
  if (state.phase.name !== 'pending') return { state: next, events: [] };
  const event: ApprovalEvent =
    shortfalls.length === 0 ? { at, kind: 'approval.reachable' } : { at, kind: 'approval.unreachable', shortfalls };
  return { state: next, events: [event] };
}

/**
 * R-APPR-5, over the open level and those to come. Levels that count together share their people, so they are seated together; a level
 * that counts apart is seated alone.
 */
export function shortfallsOf(state: ApprovalState, electorate: Electorate): readonly Shortfall[] {
  const { phase, request } = state;
  if (phase.name !== 'pending') return [];
  const together: Seats[] = [];
  const empty: Seats[] = [];
  const possible = new Set<string>();
  const eligibles = new Map<string, number>();
  for (const [index, level] of request.rule.levels.entries()) {
    if (index < phase.level) continue;
    const seats = level.slots.map(({ id, quorum }): Seats => {
      const eligible = eligibleIn(state, electorate, id);
      eligibles.set(id, eligible.length);
      const free = eligible.filter((person) => spentBy(state, index, person) === null);
      for (const person of free) possible.add(person);
      const people = eligible.filter((person) => free.includes(person) || hasApproved(state, index, person));
      return { slot: id, min: requiredOf(quorum, peopleOf(state, electorate, id).length), people };
    });
    if (level.countsApart) empty.push(...unfilled(seats));
    else together.push(...seats);
  }
  empty.push(...unfilled(together));
  const seats = empty.map(({ slot, min }): Shortfall => ({
    kind: 'seats',
    slot,
    min,
    eligible: eligibles.get(slot) ?? 0,
  }));
  const isStranded = !isIndependent(state) && [...possible].every((person) => request.authors.includes(person));
  return isStranded ? [...seats, { kind: 'independent' }] : seats;
}

/** R-SOD-1: authors may approve, never they alone. */
function isIndependent({ request: { authors }, votes }: ApprovalState): boolean {
  if (authors.length === 0) return true;
  return votes.some(
    ({ choice, person, actor }) => choice === 'approve' && !authors.includes(person) && !authors.includes(actor),
  );
}

function hasApproved({ votes }: ApprovalState, level: number, person: string): boolean {
  return votes.some((vote) => vote.level === level && vote.choice === 'approve' && vote.person === person);
}

function peopleOfVotes(votes: readonly StandingVote[]): readonly string[] {
  return [...new Set(votes.map(({ person }) => person))];
}

function isSameShortfall(a: readonly Shortfall[], b: readonly Shortfall[]): boolean {
  const text = (list: readonly Shortfall[]): string =>
    list.map((each) => (each.kind === 'seats' ? `${each.slot}:${each.min}:${each.eligible}` : each.kind)).join(' ');
  return text(a) === text(b);
}

/** R-APPR-12: what has started and was rejected afterwards stays without its second approval. */
function unregularised({ start }: ApprovalState, at: number): readonly ApprovalEvent[] {
  return start?.kind === 'emergency' && !start.overdue ? [{ at, kind: 'approval.unregularised' }] : [];
}
