import type { BackupOperationRow, BackupPlanRow } from '../platform/store/backup-row';
import type { ChangeRow } from '../platform/store/change-row';
import type { NoticeRow } from '../platform/store/outbox';
import type { LockRow } from '../platform/store/lock-row';
import type { RunRow, StoredEntry, TaskRow } from '../platform/store/store';
import type { CourierStore } from './courier-parts';

/** What somebody is told of, as it stands now, and the entry that is the reason; its payload is null once redacted. */
export type NoticeSubject = { readonly cause: StoredEntry | null } & (
  | { readonly kind: 'task'; readonly task: TaskRow }
  | { readonly kind: 'run'; readonly run: RunRow }
  | { readonly kind: 'change'; readonly change: ChangeRow; readonly voters: readonly string[] }
  | { readonly kind: 'plan'; readonly plan: BackupPlanRow }
  | { readonly kind: 'operation'; readonly operation: BackupOperationRow; readonly plan: BackupPlanRow | null }
  | { readonly kind: 'lock'; readonly holder: LockHolder; readonly locks: readonly LockRow[] }
);

/** One of them; none of them where nobody has heard of it yet. */
export interface LockHolder {
  readonly run: RunRow | null;
  readonly change: ChangeRow | null;
  readonly backup: { readonly operation: BackupOperationRow; readonly plan: BackupPlanRow | null } | null;
}

/** Null: nobody has heard of it yet. */
export async function readSubject(store: CourierStore, notice: NoticeRow): Promise<NoticeSubject | null> {
  const { about, stream, seq } = notice;
  const [entry] = await store.journal.read(stream, { after: seq - 1, limit: 1 });
  const cause = entry ?? null;
  switch (about.kind) {
    case 'task': {
      const [task] = await store.views.tasks({ id: about.id });
      return task === undefined ? null : { kind: 'task', cause, task };
    }
    case 'run': {
      const run = await store.views.run(about.id);
      return run === null ? null : { kind: 'run', cause, run };
    }
    case 'change': {
      const change = await store.changes.get(about.id);
      return change === null ? null : { kind: 'change', cause, change, voters: await votersOf(store, about.id) };
    }
    case 'backup':
      return readBackup(store, about.id, cause);
    case 'lock': {
      const locks = (await store.locks.list()).filter(({ runId, state }) => runId === about.id && state === 'orphaned');
      return { kind: 'lock', cause, holder: await readHolder(store, about.id), locks };
    }
  }
}

async function readHolder({ views, changes, backups }: CourierStore, id: string): Promise<LockHolder> {
  const [run, change, operation] = await Promise.all([views.run(id), changes.get(id), backups.operation(id)]);
  const backup = operation === null ? null : { operation, plan: await backups.plan(operation.plan) };
  return { run, change, backup };
}

async function votersOf({ views }: CourierStore, changeId: string): Promise<readonly string[]> {
  const tasks = await views.tasks({ runId: changeId });
  return tasks.filter(({ kind }) => kind === 'approval').flatMap(({ votes }) => votes.map(({ actor }) => actor));
}

async function readBackup(
  { backups }: CourierStore,
  id: string,
  cause: StoredEntry | null,
): Promise<NoticeSubject | null> {
  const operation = await backups.operation(id);
  if (operation !== null) return { kind: 'operation', cause, operation, plan: await backups.plan(operation.plan) };
  const plan = (await backups.plans()).find((each) => each.id === id);
  return plan === undefined ? null : { kind: 'plan', cause, plan };
}
