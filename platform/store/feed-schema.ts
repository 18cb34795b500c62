import { sql } from 'kysely';
import { columnTypes, required } from './columns';
import type { Session } from './database';

/** What is in the journal already is history: the feed begins with what comes next. */
export async function createFeed(session: Session): Promise<void> {
  const { text, integer } = columnTypes(session);
  const { schema } = session.query;
  const isPostgres = session.dialect === 'postgres';
  const table = schema
    .createTable('feed')
    .addColumn('position', isPostgres ? sql`bigserial primary key` : sql`integer primary key autoincrement`)
    .addColumn('stream', text, required)
    .addColumn('seq', integer, required)
    .addColumn('at', integer, required);
  // The transaction that appended: the feed is ordered by it, and ends below the oldest one still open (D16).
  const ordered = isPostgres ? table.addColumn('xid', sql`xid8 not null default pg_current_xact_id()`) : table;
  await ordered.execute();
  if (isPostgres) await schema.createIndex('feed_arrival').on('feed').columns(['xid', 'position']).execute();
}
