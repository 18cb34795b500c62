import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { createAccess } from './access-schema';
import { createAudit } from './audit-schema';
import { createBackups } from './backup-schema';
import { keepBlobs } from './blobs';
import { createChanges } from './change-schema';
import { createCheckpoints } from './checkpoint-schema';
import { columnTypes, key, required } from './columns';
import type { Session } from './database';
import { createFeed } from './feed-schema';
import { createHooks } from './hook-schema';
import { foldEntry } from './folds/entry';
import { applyToLockWaits } from './folds/lock-waits';
import { createLists, fillRunWords } from './list-schema';
import { orderTasks } from './list-order-schema';
import { createLogins } from './login-schema';
import { widenNotices } from './notice-schema';
import { createPreferences } from './preferences-schema';
import { nameRequests } from './request-schema';
import { createScopes } from './scope-schema';

/** One step of the schema. Numbered by its place in `migrations`; forward only; never edited once it has been released. */
export interface Migration {
  readonly name: string;
  apply(session: Session): Promise<void>;
}

export const migrations: readonly Migration[] = [
  { name: 'journal', apply: createJournal },
  { name: 'content', apply: createContent },
  { name: 'folds', apply: createFolds },
  { name: 'retention', apply: prepareRetention },
  { name: 'lock waits', apply: createLockWaits },
  { name: 'seats', apply: addSeats },
  { name: 'notices', apply: createNotices },
  { name: 'changes', apply: createChanges },
  { name: 'backups', apply: createBackups },
  { name: 'scopes', apply: createScopes },
  { name: 'access', apply: createAccess },
  { name: 'feed', apply: createFeed },
  { name: 'hooks', apply: createHooks },
  { name: 'audit', apply: createAudit },
  { name: 'checkpoints', apply: createCheckpoints },
  { name: 'lists', apply: createLists },
  { name: 'logins', apply: createLogins },
  { name: 'notices about anything', apply: widenNotices },
  { name: 'preferences', apply: createPreferences },
  { name: 'requests', apply: nameRequests },
  { name: 'words of labels', apply: fillRunWords },
  { name: 'order of tasks', apply: orderTasks },
];

async function createJournal(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const schema = session.query.schema;
  await schema
    .createTable('installation')
    .addColumn('id', text, required)
    .addColumn('created_at', integer, required)
    .execute();
  await schema.createTable('counters').addColumn('name', text, key).addColumn('value', integer, required).execute();
  await schema
    .createTable('journal_heads')
    .addColumn('stream', text, key)
    .addColumn('count', integer, required)
    .addColumn('hash', text, required)
    .execute();
  await schema
    .createTable('journal')
    .addColumn('stream', text, required)
    .addColumn('seq', integer, required)
    .addColumn('key', text, required)
    .addColumn('kind', text, required)
    .addColumn('at', integer, required)
    .addColumn('actor', text, required)
    .addColumn('via', text, required)
    .addColumn('payload_digest', text, required)
    .addColumn('prev', text, required)
    .addColumn('hash', text, required)
    .addColumn('salt', text)
    .addColumn('payload', text)
    .addPrimaryKeyConstraint('journal_pkey', ['stream', 'seq'])
    .addUniqueConstraint('journal_stream_key', ['stream', 'key'])
    .execute();
  // Twelve characters of [0-9a-f]: 48 bits tell the installations of one host apart.
  const id = randomBytes(6).toString('hex');
  await session.query.insertInto('installation').values({ id, created_at: Date.now() }).execute();
  await session.query.insertInto('counters').values({ name: 'run', value: 0 }).execute();
}

async function createContent(session: Session): Promise<void> {
  const { text, integer, bytes } = columnTypes(session);
  const schema = session.query.schema;
  await schema.createTable('blobs').addColumn('digest', text, key).addColumn('bytes', bytes, required).execute();
  await createOutputs(session);
  await schema
    .createTable('definitions')
    .addColumn('kind', text, required)
    .addColumn('name', text, required)
    .addColumn('version', text, required)
    .addColumn('digest', text, required)
    .addColumn('text', text, required)
    .addColumn('files', text, required)
    .addPrimaryKeyConstraint('definitions_pkey', ['kind', 'name', 'version'])
    .execute();

  async function createOutputs({ dialect }: Session): Promise<void> {
    const position = dialect === 'postgres' ? sql`bigserial primary key` : sql`integer primary key autoincrement`;
    const table = schema
      .createTable('outputs')
      .addColumn('position', position)
      .addColumn('run_id', text, required)
      .addColumn('path', text, required)
      .addColumn('phase', text, required)
      .addColumn('generation', integer, required)
      .addColumn('stream', text, required)
      .addColumn('start', integer, required)
      .addColumn('size', integer, required)
      .addColumn('bytes', bytes, required)
      .addUniqueConstraint('outputs_place', ['run_id', 'path', 'phase', 'generation', 'stream', 'start']);
    // The transaction that wrote a chunk: the tail of a run is ordered by it, and ends below the oldest one still open (D16).
    const fed =
      dialect === 'postgres' ? table.addColumn('xid', sql`xid8 not null default pg_current_xact_id()`) : table;
    await fed.execute();
    const order = dialect === 'postgres' ? ['run_id', 'xid', 'position'] : ['run_id', 'position'];
    await schema.createIndex('outputs_arrival').on('outputs').columns(order).execute();
  }
}

async function createFolds(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const schema = session.query.schema;
  await schema
    .createTable('runs')
    .addColumn('id', text, key)
    .addColumn('number', integer)
    .addColumn('state', text, required)
    .addColumn('definition', text)
    .addColumn('parent', text)
    .addColumn('document', text, required)
    .execute();
  await schema.createIndex('runs_number').on('runs').columns(['number']).execute();
  await schema.createIndex('runs_state').on('runs').columns(['state', 'number']).execute();
  await schema.createIndex('runs_definition').on('runs').columns(['definition', 'number']).execute();
  await schema.createIndex('runs_parent').on('runs').columns(['parent', 'number']).execute();
  await createStepFolds(session);
  await schema
    .createTable('tasks')
    .addColumn('run_id', text, required)
    .addColumn('id', text, required)
    .addColumn('opened_at', integer)
    .addColumn('is_open', integer, required)
    .addColumn('document', text, required)
    .addPrimaryKeyConstraint('tasks_pkey', ['run_id', 'id'])
    .execute();
  await schema.createIndex('tasks_id').on('tasks').columns(['id']).execute();
  await schema.createIndex('tasks_open').on('tasks').columns(['is_open', 'opened_at']).execute();
  await schema
    .createTable('locks')
    .addColumn('name', text, key)
    .addColumn('run_id', text, required)
    .addColumn('path', text, required)
    .addColumn('token', integer, required)
    .addColumn('state', text, required)
    .addColumn('at', integer, required)
    .execute();
}

async function createStepFolds(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const schema = session.query.schema;
  await schema
    .createTable('steps')
    .addColumn('run_id', text, required)
    .addColumn('path', text, required)
    .addColumn('phase', text, required)
    .addColumn('group_index', integer, required)
    .addColumn('document', text, required)
    .addPrimaryKeyConstraint('steps_pkey', ['run_id', 'path', 'phase', 'group_index'])
    .execute();
  await schema
    .createTable('hosts')
    .addColumn('run_id', text, required)
    .addColumn('path', text, required)
    .addColumn('phase', text, required)
    .addColumn('generation', integer, required)
    .addColumn('step', text, required)
    .addColumn('host', text, required)
    .addColumn('severity', integer, required)
    .addColumn('document', text, required)
    .addPrimaryKeyConstraint('hosts_pkey', ['run_id', 'path', 'phase'])
    .execute();
  await schema.createIndex('hosts_step').on('hosts').columns(['run_id', 'step', 'phase', 'host', 'severity']).execute();
}

/** What is kept for a time only needs to be found by its age; texts of definitions become blobs, so that the journal leads to them. */
async function prepareRetention(session: Session): Promise<void> {
  const { integer } = columnTypes(session);
  const { schema } = session.query;
  await schema.alterTable('blobs').addColumn('temporary_since', integer).execute();
  await schema.createIndex('blobs_temporary').on('blobs').columns(['temporary_since']).execute();
  await schema.alterTable('runs').addColumn('ended_at', integer).execute();
  await schema.createIndex('runs_ended').on('runs').columns(['ended_at', 'id']).execute();
  const endOf =
    session.dialect === 'postgres'
      ? sql<number>`(document::json #>> '{ended,at}')::bigint`
      : sql<number>`json_extract(document, '$.ended.at')`;
  await session.query.updateTable('runs').set({ ended_at: endOf }).where('state', '=', 'closed').execute();
  const texts = await session.query.selectFrom('definitions').select('text').execute();
  await keepBlobs(
    session,
    texts.map(({ text }) => Buffer.from(text, 'utf8')),
  );
}

/** Runs that wait already keep their place. */
async function createLockWaits(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  await session.query.schema
    .createTable('lock_waits')
    .addColumn('run_id', text, required)
    .addColumn('path', text, required)
    .addColumn('names', text, required)
    .addColumn('any_of', integer, required)
    .addColumn('since', integer, required)
    .addPrimaryKeyConstraint('lock_waits_pkey', ['run_id', 'path'])
    .execute();
  const rows = await session.query
    .selectFrom('journal')
    .selectAll()
    .where('stream', '=', 'locks')
    .where('kind', 'in', ['lock.requested', 'lock.granted'])
    .orderBy('seq')
    .execute();
  await applyToLockWaits(
    session,
    rows.map(foldEntry).filter((entry) => entry !== null),
  );
}

/** Nobody is told of what was asked before there was an outbox. */
async function createNotices(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  await schema
    .createTable('notices')
    .addColumn('id', text, key)
    .addColumn('task_id', text, required)
    .addColumn('what', text, required)
    .addColumn('stream', text, required)
    .addColumn('seq', integer, required)
    .addColumn('recipient', text, required)
    .addColumn('on_behalf_of', text)
    .addColumn('channel', text, required)
    .addColumn('state', text, required)
    .addColumn('attempts', integer, required)
    .addColumn('next_at', integer, required)
    .addColumn('plan_hash', text, required)
    .addColumn('show_hash', text, required)
    .addColumn('expires_at', integer, required)
    .execute();
  await schema.createIndex('notices_due').on('notices').columns(['state', 'next_at', 'id']).execute();
}

/** Seats of redundancy groups are locks that know how many of them there may be. */
async function addSeats(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  await schema.alterTable('locks').addColumn('seat_limit', integer).execute();
  await schema.alterTable('lock_waits').addColumn('seats', text).execute();
}
