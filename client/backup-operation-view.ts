import type { BackupOperationRow, BackupSetRow } from '../platform/store/backup-row';
import type { RunRow, Store, StoredEntry, TaskRow } from '../platform/store/store';
import type { Json, JsonObject } from '../workflows/domain/json';
import type { JournalPayloads } from '../workflows/domain/journal';
import { streamOf } from '../workflows/domain/streams';
import { operationKinds, tellAll } from './backup-timeline';
import type { ToldFact } from './backup-timeline';

/** An operation as screens show it, from the journal and its folds alone. */
export interface BackupOperationView extends BackupOperationRow {
  /** Of a backup: what it made, as it stands now. */
  readonly made: BackupSetRow | null;
  readonly steps: readonly OperationStep[];
  readonly assertions: readonly AssertionsOf[];
  /** R-DRILL-7; null: it is no drill, or it has no verdict yet. */
  readonly evidence: Json;
  /** The runs of runbooks that it consists of, in order. */
  readonly runs: readonly RunOfOperation[];
  readonly tasks: readonly TaskRow[];
  readonly timeline: readonly ToldFact[];
}

export interface OperationStep {
  readonly what: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly detail: JsonObject;
}

export interface AssertionsOf {
  /** Empty: on what was restored as it was. */
  readonly mutation: string;
  readonly results: Json;
}

export type RunOfOperation = Pick<RunRow, 'id' | 'number' | 'state' | 'outcome' | 'startedAt' | 'endedAt'> & {
  readonly runbook: string;
};

const mostRuns = 200;

export async function readOperationView(store: Store, row: BackupOperationRow): Promise<BackupOperationView> {
  const { id } = row;
  const [made, runs, tasks, entries] = await Promise.all([
    row.kind === 'backup' ? store.backups.findSet(id) : null,
    store.views.runs({ parent: id, limit: mostRuns }),
    store.views.tasks({ runId: id }),
    store.journal.read(streamOf(id), { kinds: operationKinds }),
  ]);
  return {
    ...row,
    made,
    steps: stepsOf(entries),
    assertions: assertionsOf(entries),
    evidence: evidenceOf(entries),
    runs: runs.toReversed().map(runOf),
    tasks,
    timeline: tellAll(entries),
  };
}

function runOf({ id, number, state, outcome, startedAt, endedAt, definition }: RunRow): RunOfOperation {
  return { id, number, state, outcome, startedAt, endedAt, runbook: `${definition.name} ${definition.version}` };
}

function stepsOf(entries: readonly StoredEntry[]): readonly OperationStep[] {
  return entries.flatMap(({ kind, at, payload }) => {
    if (kind !== 'backup.step' || payload === null) return [];
    const { what, startedAt, detail }: JournalPayloads['backup.step'] = JSON.parse(payload);
    return what === 'planned' ? [] : [{ what, startedAt, endedAt: at, detail }];
  });
}

function assertionsOf(entries: readonly StoredEntry[]): readonly AssertionsOf[] {
  return entries.flatMap(({ kind, payload }) => {
    if (kind !== 'backup.asserted' || payload === null) return [];
    const { mutation, results }: JournalPayloads['backup.asserted'] = JSON.parse(payload);
    return [{ mutation, results }];
  });
}

function evidenceOf(entries: readonly StoredEntry[]): Json {
  const payload = entries.findLast(({ kind }) => kind === 'backup.verdict')?.payload ?? null;
  if (payload === null) return null;
  const { evidence }: JournalPayloads['backup.verdict'] = JSON.parse(payload);
  return evidence;
}
