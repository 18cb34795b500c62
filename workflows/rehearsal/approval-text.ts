import type { ApprovalEvent } from '../domain/approval-event';

/** Null: the task that it is about says as much. */
export function approvalText(event: ApprovalEvent): string | null {
  switch (event.kind) {
    case 'approval.changed':
      return `what is to be approved has changed: ${JSON.stringify(event.difference)}`;
    case 'approval.edited':
      return 'edited; the votes stand';
    case 'approval.vote-voided':
      return `the vote of ${event.person} is void (${event.reason})`;
    case 'approval.vote-revoked':
      return `${event.actor} revoked the vote of ${event.person}`;
    case 'approval.vote-annotated':
      return `${event.person} has left; the vote stands`;
    case 'approval.person-left':
      return `${event.person} has left`;
    case 'approval.unreachable':
      return 'the quorum cannot be reached any more';
    case 'approval.reachable':
      return 'the quorum can be reached again';
    case 'approval.reminded':
      return `reminded ${event.people.join(', ')} (${event.percent} % of the time)`;
    case 'approval.approver-added':
      return `asked ${event.person} as well, the manager of ${event.of}`;
    case 'approval.approved':
      return event.silence ? 'approved by silence' : `approved by ${event.by.join(', ')}`;
    case 'approval.timed-out':
      return 'nobody answered in time';
    case 'approval.lapsed':
      return 'the approval has ended before the start';
    case 'approval.expired-while-running':
      return 'the approval has ended; no further wave starts';
    case 'approval.extended':
      return `the approval is valid until ${new Date(event.validUntil).toISOString()}`;
    case 'approval.regularised':
      return event.late ? 'regularised, too late' : 'regularised';
    case 'approval.unregularised':
      return 'not regularised in time';
    case 'approval.opened':
    case 'approval.level-opened':
    case 'approval.level-closed':
    case 'approval.vote-cast':
    case 'approval.rejected':
    case 'approval.withdrawn':
    case 'approval.started':
      return null;
  }
}
