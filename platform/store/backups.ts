import { sql } from 'kysely';
import type { SqlBool } from 'kysely';
import type { JsonObject } from '../../workflows/domain/json';
import { streamOf } from '../../workflows/domain/streams';
import type { BackupOperationFilter, BackupOperationRow, BackupPlanRow, Backups } from './backup-row';
import { findBackupSet, readBackupSets } from './backup-sets';
import { inChunks } from './chunks';
import type { Database } from './database';
import { backupOperationRow } from './folds/backup-operations';
import type { BackupOperationDocument } from './folds/backup-operations';
import { backupPlanRow } from './folds/backup-plans';
import type { BackupPlanDocument } from './folds/backup-plans';
import { loadBackupOperation } from './folds/backup-tables';
import { readDocument } from './schema';
import { isOfScopes } from './scopes';
import type { ScopeIds } from './store';

export function createBackups(database: Database): Backups {
  return {
    plans: (filter) => plans(database, filter ?? {}),
    plan: async (name) => (await plans(database, { name }))[0] ?? null,
    sets: async (filter) => readBackupSets(database, filter, await expiringOf(database, filter.plan)),
    findSet: (reference) => findBackupSet(database, reference, (plan) => expiringOf(database, plan)),
    operations: (filter) => operations(database, filter),
    operation: async (id) => {
      const operation = await loadBackupOperation(database, id);
      return operation === null ? null : backupOperationRow(id, operation);
    },
    findOperation: (reference) => findOperation(database, reference),
    endedAmong: (ids) => endedAmong(database, ids),
    manifest: (set) => manifest(database, set),
  };
}

async function plans(database: Database, filter: PlanFilter): Promise<readonly BackupPlanRow[]> {
  const { query } = database;
  const { name, scopeIds = null } = filter;
  let select = query.selectFrom('backup_plans').select(['id', 'document']).where('name', 'is not', null);
  if (name !== undefined) select = select.where('name', '=', name);
  if (scopeIds !== null) select = select.where(isOfScopes(database, 'scope', scopeIds));
  const rows = await select.orderBy('name').execute();
  return rows
    .map(({ id, document }) => backupPlanRow(id, readDocument<BackupPlanDocument>(document)))
    .filter((row) => row !== null);
}

interface PlanFilter {
  readonly name?: string;
  readonly scopeIds?: ScopeIds;
}

async function expiringOf(database: Database, plan: string): Promise<readonly string[]> {
  return (await plans(database, { name: plan }))[0]?.pruning?.sets ?? [];
}

async function operations(database: Database, filter: BackupOperationFilter): Promise<readonly BackupOperationRow[]> {
  const { query } = database;
  const { plan, kind, except, open, limit, before, behind, scopeIds = null } = filter;
  let select = query.selectFrom('backup_operations').select(['id', 'document']).where('opened_at', 'is not', null);
  if (plan !== undefined) select = select.where('plan', '=', plan);
  if (kind !== undefined) select = select.where('kind', '=', kind);
  if (except !== undefined) select = select.where('kind', '!=', except);
  if (open !== undefined) select = select.where('ended_at', open ? 'is' : 'is not', null);
  if (before !== undefined) select = select.where('opened_at', '<', before);
  if (behind !== undefined) select = select.where(sql<SqlBool>`(opened_at, id) < (${behind.openedAt}, ${behind.id})`);
  if (scopeIds !== null) select = select.where(isOfScopes(database, 'scope', scopeIds));
  return operationRows(await select.orderBy('opened_at', 'desc').orderBy('id', 'desc').limit(limit).execute());
}

function operationRows(rows: readonly { readonly id: string; readonly document: string }[]): BackupOperationRow[] {
  return rows
    .map(({ id, document }) => backupOperationRow(id, readDocument<BackupOperationDocument>(document)))
    .filter((row) => row !== null);
}

async function findOperation({ query }: Database, reference: string): Promise<BackupOperationRow | null> {
  if (reference === '') return null;
  const from = query
    .selectFrom('backup_operations')
    .select(['id', 'document'])
    .where('opened_at', 'is not', null)
    .where('id', '>=', reference)
    .where('id', '<', `${reference}\uffff`);
  const [first, second] = operationRows(await from.orderBy('id').limit(2).execute());
  if (first === undefined) return null;
  return first.id === reference || second === undefined ? first : null;
}

async function endedAmong({ query }: Database, ids: readonly string[]): Promise<readonly BackupOperationRow[]> {
  const ended: BackupOperationRow[] = [];
  for (const chunk of inChunks([...new Set(ids)])) {
    const rows = await query
      .selectFrom('backup_operations')
      .select(['id', 'document'])
      .where('id', 'in', chunk)
      .where('ended_at', 'is not', null)
      .orderBy('id')
      .execute();
    ended.push(...operationRows(rows));
  }
  return ended;
}

/** A set has the id of the operation that made it, so the manifest stands in the journal of that one. */
async function manifest({ query }: Database, set: string): Promise<JsonObject | null> {
  const row = await query
    .selectFrom('journal')
    .select('payload')
    .where('stream', '=', streamOf(set))
    .where('kind', '=', 'backup.manifest')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.payload === null) return null;
  return readDocument<{ readonly manifest: JsonObject }>(row.payload).manifest;
}
