import { defineLifecycle } from './lifecycle';

import type { ApprovalEvent, Shortfall, VoteChoice } from './approval-event';
import type { ApprovalRule, Risk } from './approval-rule';
import type { GivenDelegation } from './delegation';

/** What is approved: the material facts and nothing else, so that another value here is a material change (R-APPR-9). */
export interface ApprovalRequest {
  readonly id: string;
  /** Over plan, targets, window, risk, rule; what a vote signs. */
  readonly hash: string;
  readonly requester: string;
  /** Whoever else asked for this very thing, as for an extension of somebody else's change; barred like the requester. */
  readonly askers?: readonly string[];
  readonly implementers: readonly string[];
  /** Of the runbook that is to be published; empty for everything else. */
  readonly authors: readonly string[];
  readonly risk: Risk;
  /** Access to privileged groups: silence never consents. */
  readonly privileged: boolean;
  /** R-APPR-12: one approver before the start, the others afterwards. */
  readonly emergency: boolean;
  /** Half-open, epoch ms; it contains the back-out. */
  readonly window: { readonly start: number; readonly end: number } | null;
  readonly rule: ApprovalRule;
}

/** A vote that counts at its level. One that is void or revoked is in the journal only. */
export interface StandingVote {
  /** Of its single-use token. */
  readonly id: string;
  /** Whose vote it is. */
  readonly person: string;
  /** Who gave it: the person, or the person's delegate. */
  readonly actor: string;
  readonly choice: VoteChoice;
  readonly level: number;
  readonly at: number;
  /** R-APPR-4: one of the two left after the level had closed; the vote stands. */
  readonly leftAt: number | null;
}

export type ApprovalPhase =
  | { readonly name: 'pending'; readonly level: number }
  | {
      readonly name: 'approved';
      readonly at: number;
      readonly by: readonly string[];
      /** R-APPR-8; null: for good. */
      readonly validUntil: number | null;
    }
  | { readonly name: 'rejected'; readonly at: number; readonly by: readonly string[] }
  | { readonly name: 'timed-out'; readonly at: number }
  /** The approval ended before the start: to be authorised anew, by another request. */
  | { readonly name: 'lapsed'; readonly at: number }
  | { readonly name: 'withdrawn'; readonly at: number; readonly reason: string };

export type ApprovalStart =
  | { readonly kind: 'approved'; readonly at: number; readonly expiredAt: number | null }
  | { readonly kind: 'emergency'; readonly at: number; readonly regulariseBy: number; readonly overdue: boolean };

/** Everything about one request, as plain JSON: stored, carried over, entered again. */
export interface ApprovalState {
  readonly request: ApprovalRequest;
  /** Of this round: a material change and a revocation of a granted approval begin another. */
  readonly openedAt: number;
  /** The response deadline; another thing than the validity of what was granted. */
  readonly respondBy: number;
  readonly phase: ApprovalPhase;
  readonly start: ApprovalStart | null;
  readonly votes: readonly StandingVote[];
  readonly left: readonly string[];
  /** R-APPR-7: additional approvers by slot; they raise no quorum. */
  readonly extra: { readonly [slot: string]: readonly string[] };
  /** The last reminder that went out in this round, in percent; 0: none. */
  readonly remindedPercent: number;
  readonly shortfalls: readonly Shortfall[];
  /** R-APPR-11: what each token was used for, over all rounds. */
  readonly answered: { readonly [id: string]: VoteChoice };
  /** Votes given to somebody else for this request alone, the newest first; over all rounds. Absent: none were. */
  readonly delegations?: readonly GivenDelegation[];
}

/** What a transition answers. A refusal changes nothing. */
export type ApprovalTransition =
  | { readonly accepted: true; readonly state: ApprovalState; readonly events: readonly ApprovalEvent[] }
  | ApprovalRefusal;

export interface ApprovalRefusal {
  readonly accepted: false;
  readonly code: string;
  readonly reason: string;
}

/** Which transition is accepted in which phase, and where it may lead; transitions that leave the phase alone name it. */
export const approvalLifecycle = defineLifecycle({
  pending: {
    vote: 'pending',
    revoke: 'pending',
    leave: 'pending',
    revise: 'pending',
    start: 'pending',
    remind: 'pending',
    approve: 'approved',
    reject: 'rejected',
    timeOut: 'timed-out',
    withdraw: 'withdrawn',
  },
  approved: {
    revoke: 'pending',
    leave: 'approved',
    revise: 'pending',
    start: 'approved',
    extend: 'approved',
    lapse: 'lapsed',
    withdraw: 'withdrawn',
  },
  rejected: {},
  'timed-out': {},
  lapsed: {},
  withdrawn: {},
});

type ApprovalAction = Parameters<typeof approvalLifecycle.can>[1];

/** Null: this phase accepts it. The refusal says how the request ended. */
export function phaseRefusal(state: ApprovalState, action: ApprovalAction): ApprovalRefusal | null {
  const { phase, request } = state;
  if (approvalLifecycle.can(phase.name, action)) return null;
  const code = phase.name === 'pending' ? 'APPROVAL_PENDING' : 'APPROVAL_CLOSED';
  return refused(code, `Cannot ${action} approval "${request.id}": it is ${phase.name}`);
}

export function refused(code: string, reason: string): ApprovalRefusal {
  return { accepted: false, code, reason };
}
