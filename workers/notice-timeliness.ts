import { z } from 'zod';

import type { NoticeRow } from '../platform/store/outbox';
import type { TaskRow } from '../platform/store/store';
import type { NoticeSubject } from './notice-subject';

/** When nobody could be told for so long, say because there was no channel, it is no news any more. */
const staleMs = 2 * 24 * 60 * 60_000;

/** It is not to be told any more: decided, no longer true, or long ago. */
export function isPast(notice: NoticeRow, subject: NoticeSubject, now: number): boolean {
  if (subject.kind !== 'task' && notice.channel === null && (subject.cause?.at ?? now) < now - staleMs) return true;
  switch (subject.kind) {
    case 'task':
      return isAnswered(notice, subject);
    case 'run':
      // Of a part its whole tells; which of the two it is may have been heard of later than its end.
      return subject.run.parent !== null || (subject.run.outcome === 'succeeded') !== (notice.what === 'run.recovered');
    case 'change':
      return isOvertaken(notice, subject);
    case 'plan':
      return subject.plan.alarms.every(({ alarm }) => alarm !== alarmIn(subject));
    case 'operation':
      return false;
    case 'lock':
      return subject.locks.length === 0;
  }
}

type Of<K extends NoticeSubject['kind']> = Extract<NoticeSubject, { readonly kind: K }>;

/** Nobody is to be bothered any more: it is decided, or is not, or no longer, asked of this person. */
function isAnswered(notice: NoticeRow, { task }: Of<'task'>): boolean {
  if (notice.what === 'task.refused') return false;
  if (task.closed !== null) return true;
  // Whoever votes for another is asked by a notice of its own.
  if (notice.what === 'task.delegated')
    return task.kind === 'approval' || task.delegated?.some(({ to }) => to === notice.recipient) !== true;
  if (notice.what === 'task.urgent') return false;
  return task.asked?.some(({ actor }) => actor === notice.recipient) !== true || hasVoted(notice, task);
}

/** Who has voted is still among those who are asked: the vote may be taken back. */
function hasVoted({ recipient, onBehalfOf }: NoticeRow, { votes, standing, asked }: TaskRow): boolean {
  const person = onBehalfOf ?? recipient;
  return votes.some((vote) => {
    if (standing?.includes(vote.id) !== true) return false;
    if (vote.onBehalfOf !== undefined) return vote.onBehalfOf === person;
    // Who has no vote of their own gives that of the one they stand for, without having to say so.
    const isOwn = asked?.some((each) => each.person === vote.actor) === true;
    return vote.actor === (isOwn ? person : recipient);
  });
}

/** What comes after it says more. */
function isOvertaken({ what }: NoticeRow, { change }: Of<'change'>): boolean {
  if (what === 'change.ended' || what === 'change.backed-out' || what === 'change.back-out-failed') return false;
  if (what === 'change.scheduled') return change.standing !== 'planned';
  return change.standing !== 'under-way';
}

const Alarm = z.object({ alarm: z.string() });

/** Null: the entry says nothing any more. */
export function alarmIn({ cause }: NoticeSubject): string | null {
  return cause?.payload == null ? null : (Alarm.safeParse(JSON.parse(cause.payload)).data?.alarm ?? null);
}
