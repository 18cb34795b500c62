import { beginRound, roundRefusal } from './approval-round';
import { settle } from './approval-settle';
import { phaseRefusal, refused } from './approval-state';

import type { ApprovalEvent } from './approval-event';
import type { ApprovalRequest, ApprovalState, ApprovalTransition } from './approval-state';
import type { Due } from './approval-round';
import type { Json } from './json';
import type { Moment } from './approval-settle';

export interface Revision extends Moment, Due {
  readonly request: ApprovalRequest;
  /** What approvers are shown: hosts, commands, window before and after. */
  readonly difference: Json;
}

/**
 * R-APPR-9: another hash or another material fact voids every vote and asks anew with the difference; with the same facts the change
 * is editorial and the votes stand. The facts decide, not who changed them.
 */
export function reviseRequest(state: ApprovalState, revision: Revision): ApprovalTransition {
  const { request, at, difference } = revision;
  const cannot = `Cannot change approval "${state.request.id}"`;
  if (request.id !== state.request.id) return refused('OTHER_REQUEST', `${cannot}: "${request.id}" is another request`);
  const closed = phaseRefusal(state, 'revise');
  if (closed !== null) return closed;
  if (isEqual(request, state.request))
    return { accepted: true, state, events: [{ at, kind: 'approval.edited', difference }] };
  if (state.start !== null)
    return refused('ALREADY_STARTED', `${cannot}: it has started; an extension is a request of its own`);
  const refusal = roundRefusal(request, revision);
  if (refusal !== null) return refusal;
  const changed: ApprovalEvent = {
    at,
    kind: 'approval.changed',
    from: state.request.hash,
    hash: request.hash,
    difference,
  };
  const voided = state.votes.map(({ id, person }): ApprovalEvent => ({
    at,
    kind: 'approval.vote-voided',
    vote: id,
    person,
    reason: 'changed',
  }));
  const begun = beginRound(request, revision);
  const delegated = state.delegations === undefined ? {} : { delegations: state.delegations };
  const anew = settle({ ...begun.state, left: state.left, answered: state.answered, ...delegated }, revision);
  return { accepted: true, state: anew.state, events: [changed, ...voided, ...begun.events, ...anew.events] };
}

/** R-APPR-10: back to draft, or cancelled: nobody is asked any more. */
export function withdrawRequest(
  state: ApprovalState,
  { at, reason }: { at: number; reason: string },
): ApprovalTransition {
  const closed = phaseRefusal(state, 'withdraw');
  if (closed !== null) return closed;
  if (state.start !== null)
    return refused('ALREADY_STARTED', `Cannot withdraw approval "${state.request.id}": what it approves has started`);
  const { phase, request } = state;
  const open = phase.name === 'pending' ? request.rule.levels.slice(phase.level) : [];
  const slots = open.flatMap((level) => level.slots.map(({ id }) => id));
  return {
    accepted: true,
    state: { ...state, phase: { name: 'withdrawn', at, reason }, shortfalls: [] },
    events: [{ at, kind: 'approval.withdrawn', slots, reason }],
  };
}

/** Of plain JSON: the order of an object's members does not matter. */
function isEqual(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  const members = new Map(Object.entries(left));
  const others = Object.entries(right);
  return members.size === others.length && others.every(([name, value]) => isEqual(members.get(name), value));
}
