import type { ApprovalEvent } from '../workflows/domain/approval-event';

/** What happened to an approval, for people; null: it is bookkeeping. */
export function approvalText(event: ApprovalEvent): string | null {
  switch (event.kind) {
    case 'approval.opened':
      return `approval is asked for, answers by ${isoMinute(event.respondBy)}`;
    case 'approval.vote-cast': {
      const forWhom = event.actor === event.person ? '' : ` for ${event.person}`;
      return `votes ${event.choice}${forWhom} by ${event.via}${event.comment === '' ? '' : ` ("${event.comment}")`}`;
    }
    case 'approval.vote-voided':
      return `the vote of ${event.person} is void: ${event.reason}`;
    case 'approval.vote-revoked':
      return `the vote of ${event.person} is revoked`;
    case 'approval.vote-annotated':
      return `${event.person} has left; the vote stands`;
    case 'approval.level-closed':
      return `level ${event.level} is approved by ${event.by.join(', ')}`;
    case 'approval.unreachable':
      return 'the quorum cannot be reached any more';
    case 'approval.reachable':
      return 'the quorum can be reached again';
    case 'approval.reminded':
      return `reminded at ${event.percent} %: ${event.people.join(', ')}`;
    case 'approval.approver-added':
      return `${event.person} is asked as well, for ${event.of}`;
    case 'approval.approved':
      return `approved by ${event.by.join(', ')}${event.validUntil === null ? '' : `, valid until ${isoMinute(event.validUntil)}`}`;
    case 'approval.rejected':
      return `rejected by ${event.by.join(', ')}`;
    case 'approval.timed-out':
      return 'the approval timed out';
    case 'approval.lapsed':
      return 'the approval lapsed before the start';
    case 'approval.expired-while-running':
      return 'the approval expired while the change was carried out';
    case 'approval.extended':
      return `the approval is valid until ${isoMinute(event.validUntil)}`;
    case 'approval.regularised':
      return event.late ? 'regularised, late' : 'regularised';
    case 'approval.unregularised':
      return 'unregularised: the second approval is missing';
    case 'approval.changed':
    case 'approval.edited':
    case 'approval.level-opened':
    case 'approval.person-left':
    case 'approval.withdrawn':
    case 'approval.started':
      return null;
  }
}

/** `2026-11-24T22:00Z` */
export function isoMinute(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16)}Z`;
}
