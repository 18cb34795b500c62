import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { columnTypes, required } from './columns';
import type { Session } from './database';
import type { RunDocument } from './folds/run';
import { saveTaskPeople } from './folds/task-people';
import type { TaskDocument } from './folds/tasks';
import { saveRunWords } from './run-search';
import { readDocument } from './schema';

/** What lists of runs and tasks are narrowed by, so that none has to look at all there is. */
export async function createLists(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  await schema.alterTable('runs').addColumn('requester', text).execute();
  await schema.alterTable('runs').addColumn('outcome', text).execute();
  await schema.alterTable('runs').addColumn('created_at', integer).execute();
  await schema.createIndex('runs_requester').on('runs').columns(['requester', 'number']).execute();
  await schema.createIndex('runs_outcome').on('runs').columns(['outcome', 'number']).execute();
  // What failed lately: of one runbook, and of what somebody may see.
  await schema.createIndex('runs_definition_outcome').on('runs').columns(['definition', 'outcome', 'number']).execute();
  await schema.createIndex('runs_scope_outcome').on('runs').columns(['scope', 'outcome', 'number']).execute();
  await schema.createIndex('runs_created').on('runs').columns(['created_at', 'number']).execute();
  await createRunSearch(session);
  await schema
    .createTable('task_people')
    .addColumn('principal', text, required)
    .addColumn('run_id', text, required)
    .addColumn('task_id', text, required)
    .addColumn('priority', integer, required)
    .addColumn('opened_at', integer, required)
    .addPrimaryKeyConstraint('task_people_pkey', ['run_id', 'task_id', 'principal'])
    .execute();
  await schema
    .createIndex('task_people_principal')
    .on('task_people')
    .columns(['principal', 'priority', 'opened_at', 'run_id', 'task_id'])
    .execute();
  await fillRuns(session);
  await fillRunWords(session);
  await fillTasks(session);
}

async function createRunSearch({ query, dialect }: Session): Promise<void> {
  if (dialect === 'libsql') {
    const words = sql.raw(`words, content = '', contentless_delete = 1, detail = none`);
    await sql`create virtual table run_search using fts5 (${words}, tokenize = 'unicode61 remove_diacritics 0')`.execute(
      query,
    );
    return;
  }
  await sql`create table run_search (number bigint primary key, words tsvector not null)`.execute(query);
  await sql`create index run_search_words on run_search using gin (words)`.execute(query);
}

async function fillRuns(session: Session): Promise<void> {
  const { query } = session;
  const told = (...path: readonly string[]): RawBuilder<string> =>
    session.dialect === 'postgres'
      ? sql<string>`(document::json #>> ${`{${path.join(',')}}`}::text[])`
      : sql<string>`json_extract(document, ${`$.${path.join('.')}`})`;
  const { integer } = columnTypes(session);
  await query
    .updateTable('runs')
    .set({ requester: told('created', 'requester'), created_at: sql`cast(${told('created', 'at')} as ${integer})` })
    .where('number', 'is not', null)
    .execute();
  await query
    .updateTable('runs')
    .set({ outcome: told('ended', 'outcome') })
    .where('state', '=', 'closed')
    .execute();
}

/** Once more where there are words that were not told before. */
export async function fillRunWords(session: Session): Promise<void> {
  const { query } = session;
  for (let after = 0; ;) {
    const rows = await query
      .selectFrom('runs')
      .select(['number', 'document'])
      .where('number', '>', after)
      .orderBy('number')
      .limit(rowsAtOnce)
      .execute();
    for (const { document } of rows) {
      const { created } = readDocument<RunDocument>(document);
      if (created !== null) await saveRunWords(session, created);
    }
    if (rows.length < rowsAtOnce) return;
    after = rows.at(-1)?.number ?? after;
  }
}

const rowsAtOnce = 500;

async function fillTasks(session: Session): Promise<void> {
  const rows = await session.query
    .selectFrom('tasks')
    .select(['run_id', 'document'])
    .where('is_open', '=', 1)
    .execute();
  for (const { run_id: runId, document } of rows)
    await saveTaskPeople(session, runId, [readDocument<TaskDocument>(document)]);
}
