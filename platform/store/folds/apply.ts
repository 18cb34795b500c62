import type { Session } from '../database';
import { foldTables } from '../schema';
import type { JournalTable } from '../schema';
import { clearRunWords } from '../run-search';
import { scopeTasksOf } from '../scopes';
import { applyToBackups, clearBackups } from './backup-tables';
import { applyToChange, clearChange } from './change-tables';
import { applyToDefinitions } from './definitions';
import { foldEntry } from './entry';
import type { FoldEntry } from './entry';
import { applyToHosts } from './hosts';
import { applyToLockWaits } from './lock-waits';
import { applyToLocks } from './locks';
import { applyToLogins } from './logins';
import { applyToPreferences } from './preferences';
import { applyToRun } from './run';
import { applyToSteps } from './steps';
import { applyToTasks, isTaskEntry } from './tasks';

/**
 * Tables as folds of the journal.
 *
 * - A1 The result depends on the order of entries within a stream, never on how they were cut into batches.
 * - A2 A table row belongs to one stream, so streams may be applied in any order.
 */
export async function applyFolds(session: Session, stream: string, rows: readonly JournalTable[]): Promise<void> {
  const entries: FoldEntry[] = [];
  for (const row of rows) {
    const entry = foldEntry(row);
    if (entry !== null) entries.push(entry);
  }
  const runId = runOfStream(stream);
  if (runId !== null) return applyToProcess(session, runId, { rows, entries });
  if (entries.length === 0) return;
  if (stream === locksStream) {
    await applyToLocks(session, entries);
    return applyToLockWaits(session, entries);
  }
  if (stream === accessStream) return applyToLogins(session, entries);
  if (stream === systemStream) {
    await applyToDefinitions(session, entries);
    await applyToPreferences(session, entries);
  }
}

async function applyToProcess(
  session: Session,
  id: string,
  { rows, entries }: { readonly rows: readonly JournalTable[]; readonly entries: readonly FoldEntry[] },
): Promise<void> {
  await applyToChange(session, id, rows);
  await applyToBackups(session, id, rows);
  await applyToRun(session, id, entries);
  await applyToSteps(session, id, entries);
  await applyToHosts(session, id, entries);
  await applyToTasks(session, id, entries);
  if (entries.some(isTaskEntry) || rows.some(({ kind }) => scopingKinds.has(kind))) await scopeTasksOf(session, id);
}

/** Entries that may say another scope than was known before. */
const scopingKinds: ReadonlySet<string> = new Set([
  'run.created',
  'change.opened',
  'change.planned',
  'backup.kept',
  'backup.opened',
]);

export const systemStream = 'system';
export const locksStream = 'locks';
export const accessStream = 'access';

export function runOfStream(stream: string): string | null {
  return stream.startsWith('run/') ? stream.slice('run/'.length) : null;
}

/** Forgets what a stream was folded into. */
export async function clearFolds(session: Session, stream: string): Promise<void> {
  if (stream === locksStream) {
    await session.query.deleteFrom('locks').execute();
    await session.query.deleteFrom('lock_waits').execute();
  }
  if (stream === systemStream) {
    await session.query.deleteFrom('definitions').execute();
    await session.query.deleteFrom('notice_preferences').execute();
  }
  if (stream === accessStream) await session.query.deleteFrom('logins').execute();
  const runId = runOfStream(stream);
  if (runId === null) return;
  await clearRunWords(session, runId);
  await session.query.deleteFrom('runs').where('id', '=', runId).execute();
  await session.query.deleteFrom('steps').where('run_id', '=', runId).execute();
  await session.query.deleteFrom('hosts').where('run_id', '=', runId).execute();
  await session.query.deleteFrom('tasks').where('run_id', '=', runId).execute();
  await session.query.deleteFrom('task_people').where('run_id', '=', runId).execute();
  await clearChange(session, runId);
  await clearBackups(session, runId);
}

export async function clearAllFolds(session: Session): Promise<void> {
  for (const table of foldTables) await session.query.deleteFrom(table).execute();
}
