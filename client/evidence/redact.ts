import type { Store, StoredEntry } from '../../platform/store/store';
import { isKeeperId, isOperationId } from '../../workflows/domain/backup-ids';
import { isChangeId } from '../../workflows/domain/change-ids';
import type { JournalKind } from '../../workflows/domain/journal';
import { streamOf } from '../../workflows/domain/streams';
import { RequestError } from '../api/errors';
import type { Journaled } from '../journaled';

export interface RedactRequest {
  readonly seq: number;
  readonly reason: string;
  readonly actor: string;
  readonly via: string;
  readonly at: number;
}

/**
 * What people have said, entered or caused to be printed. By all other entries the engine knows what a process is and how it ended:
 * without them it would be another process, or none.
 */
const redactable: ReadonlySet<string> = new Set<JournalKind>([
  'run.control',
  'step.ended',
  'host.ended',
  'host.dispatched',
  'gate.verdict',
  'task.opened',
  'task.refused',
  'task.closed',
  'task.commented',
  'task.delegated',
  'task.asked',
  'vote.cast',
  'approval.event',
  'notice.sent',
  'notice.failed',
  'wait.ended',
  'event.received',
  'change.edited',
  'change.assessed',
  'change.scheduled',
  'change.act',
  'change.steered',
  'change.duty',
  'change.flagged',
  'change.review',
  'backup.act',
  'backup.step',
  'backup.asserted',
  'backup.verdict',
  'backup.alarm',
  'backup.held',
  'backup.released',
]);

/** Takes the payload of an entry out of a journal that is over. What was made of it goes too; its hash, and so the chain, stays. */
export async function redactEntry(
  store: Store,
  process: Journaled,
  request: RedactRequest,
): Promise<'redacted' | 'unchanged'> {
  const { seq, ...by } = request;
  const stream = streamOf(process.id);
  const [entry] = await store.journal.read(stream, { after: seq - 1, limit: 1 });
  if (entry?.seq !== seq)
    throw new RequestError('ENTRY_NOT_FOUND', `Cannot redact entry ${seq} of ${process.name}: it has none`);
  await refuseIfNeeded(store, process, entry);
  const result = await store.journal.redact(stream, seq, by);
  return result === 'redacted' ? 'redacted' : 'unchanged';
}

async function refuseIfNeeded(store: Store, { id, name }: Journaled, { seq, kind }: StoredEntry): Promise<void> {
  const refuse = (state: string): RequestError =>
    new RequestError('REDACTION_REFUSED', `Cannot redact entry ${seq} of ${name}: ${state}`);
  if (!redactable.has(kind)) throw refuse(`"${kind}" says what the process is, and no person has written it`);
  if (!(await isOver(store, id))) throw refuse('it is not over, and may still need what the entry says');
}

async function isOver(store: Store, id: string): Promise<boolean> {
  if (isKeeperId(id)) return false;
  if (isChangeId(id)) return ((await store.changes.get(id))?.endedAt ?? null) !== null;
  if (isOperationId(id)) return ((await store.backups.operation(id))?.endedAt ?? null) !== null;
  return (await store.views.run(id))?.state === 'closed';
}
