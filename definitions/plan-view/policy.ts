import type { ApprovalSlot } from '../../workflows/domain/approval-rule';
import type { ApprovalSpec } from '../../workflows/runbook/plan';

/** Who must approve, in words: levels one after the other. */
export function policyText({ policy }: ApprovalSpec): string {
  const levels = policy.levels.map(({ slots }) => slots.map((slot) => slotText(slot)).join(' and '));
  const requester = policy.excludeRequester ? ', not the requester' : '';
  return `${levels.join(', then ')}${requester}${policy.silenceMeansConsent ? ', silence means consent' : ''}`;
}

function slotText({ candidates, quorum }: ApprovalSlot): string {
  const who = candidates.join(', ');
  switch (quorum.mode) {
    case 'any':
      return `1 of ${who}`;
    case 'n':
      return `${quorum.n} of ${who}`;
    case 'all':
      return `all of ${who}`;
    case 'percent':
      return `${quorum.percent}% of ${who}`;
  }
}
