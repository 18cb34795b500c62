import { sql } from 'kysely';
import { columnTypes, required } from './columns';
import type { Session } from './database';
import type { BackupOperationDocument } from './folds/backup-operations';
import { scopeOfOperation } from './folds/backup-operations';
import type { BackupPlanDocument } from './folds/backup-plans';
import { scopeOfPlan } from './folds/backup-plans';
import { scopeOfText } from './folds/definitions';
import type { RunDocument } from './folds/run';
import { scopeOfRun } from './folds/run';
import { readDocument } from './schema';
import { internScope } from './scopes';

const scoped = ['runs', 'tasks', 'changes', 'backup_plans', 'backup_operations', 'definitions'] as const;

/** What was there before has the scope that its journal gives it now: a rebuild says the same. */
export async function createScopes(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  const id = session.dialect === 'postgres' ? sql`bigserial primary key` : sql`integer primary key autoincrement`;
  await schema
    .createTable('scopes')
    .addColumn('id', id)
    .addColumn('labels', text, required)
    .addUniqueConstraint('scopes_labels', ['labels'])
    .execute();
  for (const table of scoped) await schema.alterTable(table).addColumn('scope', integer).execute();
  await schema.createIndex('runs_scope').on('runs').columns(['scope', 'number']).execute();
  await schema.createIndex('changes_scope').on('changes').columns(['scope', 'number']).execute();
  await scopeRuns(session);
  await scopeChanges(session);
  await scopeBackups(session);
  await scopeDefinitions(session);
  await scopeTasks(session);
}

const rowsAtOnce = 500;

/** Nearly all of them have no labels. */
async function scopeRuns(session: Session): Promise<void> {
  const { query, dialect } = session;
  const labels =
    dialect === 'postgres'
      ? sql<string>`(document::json #>> '{created,labels}')`
      : sql<string>`json_extract(document, '$.created.labels')`;
  await query
    .updateTable('runs')
    .set({ scope: await internScope(session, {}) })
    .where('number', 'is not', null)
    .execute();
  for (let after = ''; ;) {
    const rows = await query
      .selectFrom('runs')
      .select(['id', 'document'])
      .where('number', 'is not', null)
      .where(labels, '!=', '{}')
      .where('id', '>', after)
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute();
    for (const { id, document } of rows) {
      const { created } = readDocument<RunDocument>(document);
      if (created === null) continue;
      const scope = await internScope(session, scopeOfRun(created));
      await query.updateTable('runs').set({ scope }).where('id', '=', id).execute();
    }
    if (rows.length < rowsAtOnce) return;
    after = rows.at(-1)?.id ?? after;
  }
}

async function scopeChanges(session: Session): Promise<void> {
  const scope = await internScope(session, {});
  await session.query.updateTable('changes').set({ scope }).where('number', 'is not', null).execute();
}

async function scopeBackups(session: Session): Promise<void> {
  const { query } = session;
  for (const { id, document } of await query.selectFrom('backup_plans').select(['id', 'document']).execute()) {
    const { kept } = readDocument<BackupPlanDocument>(document);
    if (kept === null) continue;
    const scope = await internScope(session, scopeOfPlan(kept));
    await query.updateTable('backup_plans').set({ scope }).where('id', '=', id).execute();
  }
  for (const { id, document } of await query.selectFrom('backup_operations').select(['id', 'document']).execute()) {
    const { opened } = readDocument<BackupOperationDocument>(document);
    if (opened === null) continue;
    const scope = await internScope(session, scopeOfOperation(opened));
    await query.updateTable('backup_operations').set({ scope }).where('id', '=', id).execute();
  }
}

async function scopeDefinitions(session: Session): Promise<void> {
  const { query } = session;
  const rows = await query.selectFrom('definitions').select(['kind', 'name', 'version', 'text']).execute();
  for (const { kind, name, version, text } of rows) {
    const scope = await internScope(session, scopeOfText(text));
    await query
      .updateTable('definitions')
      .set({ scope })
      .where('kind', '=', kind)
      .where('name', '=', name)
      .where('version', '=', version)
      .execute();
  }
}

async function scopeTasks({ query }: Session): Promise<void> {
  for (const table of ['runs', 'changes', 'backup_plans', 'backup_operations'] as const) {
    const owned = query.selectFrom(table).select('id');
    await query
      .updateTable('tasks')
      .set({ scope: sql<number>`(select scope from ${sql.table(table)} where id = tasks.run_id)` })
      .where('run_id', 'in', owned)
      .execute();
  }
}
