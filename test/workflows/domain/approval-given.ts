import { castVote, openApproval } from '../../../workflows/domain/approval';

import type { ApprovalEvent, VoteChoice } from '../../../workflows/domain/approval-event';
import type { Delegation, Electorate } from '../../../workflows/domain/approval-electorate';
import type { ApprovalRequest, ApprovalState, ApprovalTransition } from '../../../workflows/domain/approval-state';
import type { ApprovalLevel, ApprovalRule, ApprovalSlot, Quorum } from '../../../workflows/domain/approval-rule';

export const hourMs = 3_600_000;

export function slot(id: string, quorum: Quorum = { mode: 'any' }): ApprovalSlot {
  return { id, candidates: [`team/${id}`], quorum };
}

/** A level of one slot of its name. */
export function level(id: string, quorum: Quorum = { mode: 'any' }, over: Partial<ApprovalLevel> = {}): ApprovalLevel {
  return { id, slots: [slot(id, quorum)], rejectOn: 1, countsApart: false, ...over };
}

export function rule(levels: readonly ApprovalLevel[], over: Partial<ApprovalRule> = {}): ApprovalRule {
  return { levels, validForMs: null, leadMs: 0, silenceMeansConsent: false, excludeRequester: true, ...over };
}

export function request(levels: readonly ApprovalLevel[], over: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'c1',
    hash: 'h1',
    requester: 'rita',
    implementers: ['ivan'],
    authors: [],
    risk: 'moderate',
    privileged: false,
    emergency: false,
    window: null,
    rule: rule(levels),
    ...over,
  };
}

/** People by slot; `delegations` as from, to, start and end in hours. */
export function electorate(
  slots: { readonly [slot: string]: string },
  ...delegations: readonly (readonly [string, string, number, number])[]
): Electorate {
  return {
    slots: Object.fromEntries(Object.entries(slots).map(([id, names]) => [id, names.split(' ').filter(Boolean)])),
    delegations: delegations.map(([from, to, start, end]): Delegation => ({
      from,
      to,
      start: start * hourMs,
      end: end * hourMs,
    })),
  };
}

/** Opened at 0, answers due after seven days. */
export function opened(asked: ApprovalRequest, roster: Electorate): ApprovalState {
  return done(openApproval(asked, { at: 0, respondBy: null, electorate: roster }));
}

export interface Given {
  readonly roster: Electorate;
  readonly at?: number;
  readonly choice?: VoteChoice;
  readonly onBehalfOf?: string;
  readonly id?: string;
  readonly hash?: string;
}

export function vote(state: ApprovalState, actor: string, given: Given): ApprovalTransition {
  const { roster, at = hourMs, choice = 'approve', onBehalfOf = null, id = `${actor}-${at}` } = given;
  const token = { id, request: state.request.id, hash: given.hash ?? state.request.hash, person: actor };
  return castVote(state, { at, electorate: roster, actor, onBehalfOf, choice, comment: '', via: 'cli', token });
}

/** `ben`, `ben:reject`, `ben>anna` (for anna), one after the other. */
export function voted(state: ApprovalState, votes: string, given: Given): ApprovalState {
  let next = state;
  for (const each of votes.split(' ').filter(Boolean)) {
    const [who = '', word] = each.split(':');
    const [actor = '', onBehalfOf] = who.split('>');
    const choice = word === 'reject' || word === 'abstain' ? word : 'approve';
    next = done(vote(next, actor, { ...given, choice, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) }));
  }
  return next;
}

export function done(transition: ApprovalTransition): ApprovalState {
  if (!transition.accepted) throw new Error(`${transition.code}: ${transition.reason}`);
  return transition.state;
}

export function codeOf(transition: ApprovalTransition): string | null {
  return transition.accepted ? null : transition.code;
}

export function eventsOf(transition: ApprovalTransition): readonly ApprovalEvent[] {
  return transition.accepted ? transition.events : [];
}

export function kindsOf(transition: ApprovalTransition): readonly string[] {
  return eventsOf(transition).map(({ kind }) => kind.replace('approval.', ''));
}
