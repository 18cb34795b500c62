import type { BackupOperationRow } from '../platform/store/backup-row';
import type { JournalEntry } from '../workflows/domain/journal';
import { hourMs, minuteMs } from '../workflows/domain/duration';
import { streamOf } from '../workflows/domain/streams';
import type { BackupDependencies } from './backup-engine';
import { tellKeeperOf } from './backup-keepers';

const lookEveryMs = 2 * minuteMs;
const mostOpen = 10_000;
const atOnce = 20;

/**
 * A keeper enters an operation in the journal before it starts it: one that Temporal does not know may be about to begin, and does when
 * there are workers again. After so long nobody comes back to it: Temporal has lost it, or forgotten.
 */
const unknownForMs = 24 * hourMs;

/**
 * Operations whose execution is over without having said so: it was terminated, or failed. Nobody else would end them, and their keepers
 * would wait for them for ever (D7). Answers how many were found; asked again at once, it does not look.
 */
export function lostOperationsEnder(dependencies: BackupDependencies): () => Promise<number> {
  const { store, now } = dependencies;
  let dueAt = -Infinity;
  return async () => {
    if (now() < dueAt) return 0;
    const open = await store.backups.operations({ open: true, limit: mostOpen });
    const lost: BackupOperationRow[] = [];
    for (let from = 0; from < open.length; from += atOnce) {
      const some = open.slice(from, from + atOnce);
      const found = await Promise.all(some.map((row) => isLost(dependencies, row)));
      lost.push(...some.filter((_row, index) => found[index] === true));
    }
    for (const row of lost) await end(dependencies, row);
    for (const plan of new Set(lost.map((row) => row.plan))) await tellKeeperOf(dependencies, plan);
    dueAt = now() + lookEveryMs;
    return lost.length;
  };
}

async function isLost(
  { store, gateway, now }: BackupDependencies,
  { id, openedAt }: BackupOperationRow,
): Promise<boolean> {
  const standing = await gateway.standing(id);
  if (standing === 'open' || (standing === 'unknown' && now() < openedAt + unknownForMs)) return false;
  // An operation writes its end before its execution is over: what does not stand there now never will.
  const row = await store.backups.operation(id);
  return row !== null && row.endedAt === null;
}

async function end({ store, now }: BackupDependencies, { id, kind, set }: BackupOperationRow): Promise<void> {
  const by = { at: now(), actor: 'engine', via: 'engine' };
  const tasks = await store.views.tasks({ runId: id, open: true });
  const withdrawn = tasks.map(({ id: taskId }): JournalEntry<'task.closed'> => ({
    ...by,
    key: `${taskId}/task.closed`,
    kind: 'task.closed',
    payload: { taskId, choice: '', by: [], reason: 'withdrawn', comment: '' },
  }));
  const ended: JournalEntry<'backup.ended'> = {
    ...by,
    key: 'lost/backup.ended',
    kind: 'backup.ended',
    payload: {
      kind,
      outcome: 'failed',
      reason: 'its execution was ended from outside',
      set,
      alarms: {},
      stateDigest: '',
    },
  };
  await store.journal.append(streamOf(id), [...withdrawn, ended]);
}
