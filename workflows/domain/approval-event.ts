import type { Json } from './json';

export type VoteChoice = 'approve' | 'reject' | 'abstain';

/** Why a quorum cannot be reached any more (R-APPR-5); `independent`: only authors are left to approve (R-SOD-1). */
export type Shortfall =
  | { readonly kind: 'seats'; readonly slot: string; readonly min: number; readonly eligible: number }
  | { readonly kind: 'independent' };

/** Why a vote no longer counts. */
export type VoidReason = 'left' | 'not-eligible' | 'changed' | 'level-reopened';

/** What the journal holds about an approval. */
export type ApprovalEvent = { readonly at: number } & (
  | { readonly kind: 'approval.opened'; readonly hash: string; readonly respondBy: number }
  | { readonly kind: 'approval.changed'; readonly from: string; readonly hash: string; readonly difference: Json }
  | { readonly kind: 'approval.edited'; readonly difference: Json }
  | { readonly kind: 'approval.level-opened'; readonly level: string; readonly slots: readonly string[] }
  | { readonly kind: 'approval.level-closed'; readonly level: string; readonly by: readonly string[] }
  | {
      readonly kind: 'approval.vote-cast';
      readonly vote: string;
      readonly person: string;
      readonly actor: string;
      readonly via: string;
      readonly choice: VoteChoice;
      readonly comment: string;
      readonly hash: string;
    }
  | {
      readonly kind: 'approval.vote-voided';
      readonly vote: string;
      readonly person: string;
      readonly reason: VoidReason;
    }
  | {
      readonly kind: 'approval.vote-revoked';
      readonly vote: string;
      readonly person: string;
      readonly actor: string;
      readonly comment: string;
    }
  | { readonly kind: 'approval.vote-annotated'; readonly vote: string; readonly person: string; readonly note: 'left' }
  | { readonly kind: 'approval.person-left'; readonly person: string }
  | { readonly kind: 'approval.unreachable'; readonly shortfalls: readonly Shortfall[] }
  | { readonly kind: 'approval.reachable' }
  | { readonly kind: 'approval.reminded'; readonly percent: number; readonly people: readonly string[] }
  | { readonly kind: 'approval.approver-added'; readonly slot: string; readonly person: string; readonly of: string }
  | {
      readonly kind: 'approval.approved';
      readonly by: readonly string[];
      readonly silence: boolean;
      readonly validUntil: number | null;
    }
  | { readonly kind: 'approval.rejected'; readonly by: readonly string[] }
  | { readonly kind: 'approval.timed-out' }
  | { readonly kind: 'approval.lapsed' }
  | { readonly kind: 'approval.withdrawn'; readonly slots: readonly string[]; readonly reason: string }
  | { readonly kind: 'approval.started'; readonly regulariseBy: number | null }
  | { readonly kind: 'approval.expired-while-running' }
  | { readonly kind: 'approval.extended'; readonly validUntil: number }
  | { readonly kind: 'approval.regularised'; readonly late: boolean }
  | { readonly kind: 'approval.unregularised' }
);
