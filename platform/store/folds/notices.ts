import type { JournalKind } from '../../../workflows/domain/journal';
import { shortId } from '../../vote-token';
import { inChunks } from '../chunks';
import type { Session } from '../database';
import type { JournalTable } from '../schema';
import { reasonsOfBackup, reasonsOfChange, reasonsOfLock, reasonsOfTask } from './notice-reasons';
import type { Reason } from './notice-reasons';
import { reasonsOfRun } from './run-notices';

/**
 * What people are to be told, written in one transaction with the entry that is the reason for it.
 *
 * - O1 An outbox, not a picture of the journal: rows are made when an entry is appended, and never by folding anew.
 * - O2 A row holds no content. What is told is read from the store and from the entry at `seq` when the message is made.
 * - O3 It is asked what was known before these entries: whoever appends comes here before the folds.
 */
export async function putNotices(session: Session, stream: string, rows: readonly JournalTable[]): Promise<void> {
  const telling = rows.filter(({ kind }) => tellingKinds.has(kind));
  const reasons: readonly Reason[] = [
    ...telling.flatMap((row) => [...reasonsOfTask(row), ...reasonsOfBackup(stream, row), ...reasonsOfLock(row)]),
    ...(await reasonsOfRun(session, stream, rows)),
    ...(await reasonsOfChange(session, stream, rows)),
  ];
  for (const chunk of inChunks(reasons.map((reason) => openRow(stream, reason))))
    await session.query
      .insertInto('notices')
      .values(chunk)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
}

/** All others need not be read for it: most entries are results of hosts. */
const tellingKinds: ReadonlySet<string> = new Set<JournalKind>([
  'task.opened',
  'task.asked',
  'task.delegated',
  'task.refused',
  'approval.event',
  'backup.verdict',
  'backup.alarm',
  'lock.orphaned',
]);

function openRow(stream: string, { cause, about, what, asked }: Reason) {
  const { actor: recipient = '', person = recipient } = asked ?? {};
  return {
    id: shortId([stream, cause.key, about.id, recipient, person]),
    about_kind: about.kind,
    about_id: about.id,
    what,
    stream,
    seq: cause.seq,
    recipient,
    on_behalf_of: person === recipient ? null : person,
    channel: '',
    state: 'open',
    attempts: 0,
    next_at: cause.at,
    plan_hash: '',
    show_hash: '',
    expires_at: 0,
    created_at: cause.at,
    gathered: 0,
    batch: null,
    code: null,
    reason: null,
  };
}
