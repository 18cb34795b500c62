import { isOverdue } from './approval';
import { barOf, delegationsOf, isDelegated, isEligibleAt, spentBy } from './approval-electorate';
import { settle } from './approval-settle';
import type { Moment } from './approval-settle';
import { phaseRefusal, refused } from './approval-state';
import type { ApprovalRefusal, ApprovalState, ApprovalTransition } from './approval-state';
import { delegationProblem, withDelegation } from './delegation';

interface Delegating extends Moment {
  readonly actor: string;
  readonly to: string;
  /** Epoch ms; null: as long as it is asked. */
  readonly until: number | null;
}

/**
 * R-APPR-3: somebody who is asked has somebody else vote for them in this one approval. It obeys the same separation as a vote: neither of
 * the two is the requester or an implementer, has left, or has voted; and a delegate hands on nothing. Whether it still may is looked at
 * again when the delegate votes.
 */
export function delegateVote(state: ApprovalState, delegating: Delegating): ApprovalTransition {
  const { at, actor, to, until } = delegating;
  const refusal = phaseRefusal(state, 'vote') ?? delegatingRefusal(state, delegating);
  if (refusal !== null) return refusal;
  const delegations = withDelegation(state.delegations ?? [], { from: actor, to, start: at, end: until });
  const settled = settle({ ...state, delegations }, delegating);
  return { accepted: true, ...settled };
}

function delegatingRefusal(state: ApprovalState, delegating: Delegating): ApprovalRefusal | null {
  const { at, electorate, actor, to, until } = delegating;
  const { phase, request } = state;
  const no = (code: string, found: string): ApprovalRefusal =>
    refused(code, `Cannot delegate the vote of "${actor}": ${found}`);
  const level = phase.name === 'pending' ? request.rule.levels[phase.level] : undefined;
  if (phase.name !== 'pending' || level === undefined) return no('APPROVAL_CLOSED', 'no level is open');
  if (isOverdue(state, at)) return no('RESPONSE_DUE', 'answers were due');
  const problem = delegationProblem(state.delegations ?? [], { from: actor, to, start: at, end: until }, at);
  if (problem !== null) return refused(problem.code, problem.reason);
  for (const each of new Set([actor, to])) {
    const bar = barOf(state, each);
    if (bar === 'left') return no('PERSON_LEFT', `"${each}" has left`);
    if (bar !== null) return no('DUTIES_NOT_SEPARATE', `"${each}" is the ${bar}`);
  }
  if (!isEligibleAt(state, electorate, { level, person: actor })) {
    const isDelegate = delegationsOf(state, electorate).some(({ from }) =>
      isDelegated(state, electorate, { from, to: actor, at }),
    );
    return isDelegate
      ? no('DELEGATE_OF_DELEGATE', 'it was delegated to them, and is not handed on')
      : no('NOT_ELIGIBLE', `they are not asked at level "${level.id}"`);
  }
  for (const each of new Set([actor, to]))
    if (spentBy(state, phase.level, each) !== null) return no('ALREADY_VOTED', `"${each}" has voted`);
  return null;
}
