import type { AskedPerson } from '../../../workflows/domain/journal';
import { priorityOf } from '../../../workflows/domain/task';
import { shortId } from '../../vote-token';
import { inChunks } from '../chunks';
import type { Session } from '../database';
import type { NoticeRow } from '../outbox';
import type { FoldEntry } from './entry';

/**
 * What people are to be told, written in one transaction with the entry that is the reason for it.
 *
 * - O1 An outbox, not a picture of the journal: a row is made once and never again, so that folding anew tells nobody anything twice.
 * - O2 A row holds no content. What is told is read from the task and from the entry at `seq` when the message is made.
 */
export async function applyToNotices(session: Session, stream: string, entries: readonly FoldEntry[]): Promise<void> {
  const rows = entries.flatMap((entry) => reasonsIn(entry).map((reason) => newNotice(stream, entry, reason)));
  for (const chunk of inChunks(rows))
    await session.query
      .insertInto('notices')
      .values(chunk)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
}

interface Reason extends AskedPerson {
  readonly taskId: string;
  readonly what: NoticeRow['what'];
}

/** Duty managers have minutes, and after a failed undo something is half done: who has to decide is not left to find out. */
const urgentUpTo = 2;

function reasonsIn(entry: FoldEntry): readonly Reason[] {
  if (entry.kind === 'task.opened') {
    const { id: taskId, kind, candidates } = entry.payload;
    // Whom approvals ask is said by `task.asked`, person by person.
    if (kind === 'approval' || priorityOf(entry.payload) > urgentUpTo) return [];
    return candidates.map((actor) => ({ taskId, what: 'urgent', person: actor, actor }));
  }
  if (entry.kind === 'task.asked') {
    const { taskId, added } = entry.payload;
    return added.map(({ person, actor }) => ({ taskId, what: 'opened', person, actor }));
  }
  if (entry.kind === 'approval.event') {
    const { tasks, event } = entry.payload;
    if (event.kind !== 'approval.reminded') return [];
    // Of several tasks only those that a person was asked about; that is looked at when the message is made.
    return tasks.flatMap((taskId) =>
      event.people.map((actor) => ({ taskId, what: 'reminded' as const, person: actor, actor })),
    );
  }
  if (entry.kind === 'task.refused') {
    const { taskId, answer } = entry.payload;
    // Who voted by mail gets no other answer than a mail.
    return answer.via === 'mail' ? [{ taskId, what: 'refused', person: answer.actor, actor: answer.actor }] : [];
  }
  return [];
}

function newNotice(stream: string, cause: FoldEntry, { taskId, what, person, actor }: Reason) {
  return {
    id: shortId([stream, cause.key, taskId, actor, person]),
    task_id: taskId,
    what,
    stream,
    seq: cause.seq,
    recipient: actor,
    on_behalf_of: person === actor ? null : person,
    channel: '',
    state: 'open',
    attempts: 0,
    next_at: cause.at,
    plan_hash: '',
    show_hash: '',
    expires_at: 0,
  };
}
