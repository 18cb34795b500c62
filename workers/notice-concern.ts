import { z } from 'zod';

import type { ChangeRow } from '../platform/store/change-row';
import type { NoticeRow } from '../platform/store/outbox';
import type { RunRow } from '../platform/store/store';
import { candidatePrefixes } from '../workflows/domain/approval-candidate';
import type { LockHolder, NoticeSubject } from './notice-subject';

/**
 * Whom it concerns: people, teams and rosters, each once. Whoever has done it themself knows it; what is asked of somebody is asked
 * of them, whatever they have done.
 */
export function concernedBy(notice: NoticeRow, subject: NoticeSubject): readonly string[] {
  if (subject.kind === 'task') return [notice.recipient];
  const principals = new Set(principalsOf(subject).filter(isPrincipal));
  principals.delete(subject.cause?.actor ?? '');
  return [...principals];
}

function principalsOf(subject: Exclude<NoticeSubject, { readonly kind: 'task' }>): readonly string[] {
  switch (subject.kind) {
    case 'run':
      return ofRun(subject.run);
    case 'change':
      return [...ofChange(subject.change), ...subject.voters];
    case 'plan':
      return ownerOf(subject.plan.inForce);
    case 'operation':
      return ofBackup(subject);
    case 'lock':
      return ofHolder(subject.holder);
  }
}

function ofHolder({ run, change, backup }: LockHolder): readonly string[] {
  return [
    ...(run === null ? [] : ofRun(run)),
    ...(change === null ? [] : ofChange(change)),
    ...(backup === null ? [] : ofBackup(backup)),
  ];
}

function ofBackup({ operation, plan }: NonNullable<LockHolder['backup']>): readonly string[] {
  return [operation.requester, ...ownerOf(plan?.inForce)];
}

function ofRun({ requester, definition }: RunRow): readonly string[] {
  return [requester, definition.owner];
}

const Draft = z.object({ implementers: z.array(z.string()).default([]) });

function ofChange({ requester, draft, assignees }: ChangeRow): readonly string[] {
  return [requester, ...assignees, ...(Draft.safeParse(draft).data?.implementers ?? [])];
}

const InForce = z.object({ owner: z.string() });

function ownerOf(inForce: unknown): readonly string[] {
  const plan = InForce.safeParse(inForce);
  return plan.success ? [plan.data.owner] : [];
}

/** A run may have been requested by a schedule or a hook: nobody to be told. */
function isPrincipal(reference: string): boolean {
  return Object.values(candidatePrefixes).some((prefix) => reference.startsWith(prefix));
}
