import type { AskedPerson } from '../../../workflows/domain/journal';
import type { NoticeKind } from '../../../workflows/domain/notice';
import { priorityOf } from '../../../workflows/domain/task';
import type { Session } from '../database';
import type { NoticeAbout } from '../outbox';
import type { JournalTable } from '../schema';
import { runOfStream } from './apply';
import { backupEntry } from './backup-entry';
import { changeEntry } from './change-entry';
import { loadChange } from './change-tables';
import { foldChange, unheardOf } from './changes';
import type { ChangeDocument } from './changes';
import { foldEntry } from './entry';

/** Why somebody is to be told of something. */
export interface Reason {
  readonly cause: Cause;
  readonly about: NoticeAbout;
  readonly what: NoticeKind;
  /** Null: whoever it is of is looked for when they are told. */
  readonly asked: AskedPerson | null;
}

type Cause = Pick<JournalTable, 'key' | 'seq' | 'at'>;

/** Duty managers have minutes, and after a failed undo something is half done: who has to decide is not left to find out. */
const urgentUpTo = 2;

export function reasonsOfTask(cause: JournalTable): readonly Reason[] {
  const entry = foldEntry(cause);
  const reason = (id: string, what: NoticeKind, asked: AskedPerson): Reason => ({
    cause,
    about: { kind: 'task', id },
    what,
    asked,
  });
  if (entry?.kind === 'task.opened') {
    const { id, kind, candidates } = entry.payload;
    // Whom approvals ask is said by `task.asked`, person by person.
    if (kind === 'approval' || priorityOf(entry.payload) > urgentUpTo) return [];
    return candidates.map((actor) => reason(id, 'task.urgent', { person: actor, actor }));
  }
  if (entry?.kind === 'task.asked') {
    const { taskId, added } = entry.payload;
    return added.map((asked) => reason(taskId, 'task.opened', asked));
  }
  if (entry?.kind === 'task.delegated') {
    const { taskId, from, to } = entry.payload;
    return from === to ? [] : [reason(taskId, 'task.delegated', { person: from, actor: to })];
  }
  if (entry?.kind === 'approval.event') {
    const { tasks, event } = entry.payload;
    if (event.kind !== 'approval.reminded') return [];
    // Of several tasks only those that a person was asked about; that is looked at when the message is made.
    return tasks.flatMap((taskId) =>
      event.people.map((actor) => reason(taskId, 'task.reminded', { person: actor, actor })),
    );
  }
  if (entry?.kind === 'task.refused') {
    const { taskId, answer } = entry.payload;
    // Who voted by mail gets no other answer than a mail.
    if (answer.via !== 'mail') return [];
    return [reason(taskId, 'task.refused', { person: answer.actor, actor: answer.actor })];
  }
  return [];
}

/** What became of a change, by what happened to it; of a hold and its end, and of votes, other ways tell. */
const toldOfChange: { readonly [event: string]: NoticeKind } = {
  approve: 'change.scheduled',
  schedule: 'change.scheduled',
  reschedule: 'change.scheduled',
  start: 'change.started',
  complete: 'change.ended',
  cancel: 'change.ended',
  expire: 'change.ended',
  backedOut: 'change.backed-out',
  fail: 'change.back-out-failed',
};

export async function reasonsOfChange(
  session: Session,
  stream: string,
  rows: readonly JournalTable[],
): Promise<readonly Reason[]> {
  const id = runOfStream(stream);
  if (id === null || !rows.some(({ kind }) => kind === 'change.state' || kind === 'change.scheduled')) return [];
  let change = (await loadChange(session, id)) ?? unheardOf;
  const reasons: Reason[] = [];
  for (const row of rows) {
    const entry = changeEntry(row);
    if (entry === null) continue;
    const what = entry.kind === 'change.state' ? toldOfChange[entry.payload.event] : undefined;
    const told = isExtension(change, foldChange(change, entry)) ? 'change.extended' : what;
    if (told !== undefined) reasons.push({ cause: row, about: { kind: 'change', id }, what: told, asked: null });
    change = foldChange(change, entry);
  }
  return reasons;
}

/** R-WIN-3: its window ends later than was told, and it is at work already. */
function isExtension({ scheduled: before, state }: ChangeDocument, { scheduled: after }: ChangeDocument): boolean {
  if (before === null || after === null || state?.to !== 'implementing') return false;
  return after.startMs === before.startMs && after.endMs > before.endMs;
}

export function reasonsOfBackup(stream: string, cause: JournalTable): readonly Reason[] {
  const id = runOfStream(stream);
  const entry = backupEntry(cause);
  if (id === null || entry === null) return [];
  const about = { kind: 'backup', id } as const;
  if (entry.kind === 'backup.verdict' && entry.payload.verdict === 'FAIL')
    return [{ cause, about, what: 'drill.failed', asked: null }];
  if (entry.kind === 'backup.alarm' && entry.payload.active)
    return [{ cause, about, what: 'backup.at-risk', asked: null }];
  return [];
}

export function reasonsOfLock(cause: JournalTable): readonly Reason[] {
  const entry = foldEntry(cause);
  if (entry?.kind !== 'lock.orphaned') return [];
  return [{ cause, about: { kind: 'lock', id: entry.payload.runId }, what: 'lock.orphaned', asked: null }];
}
