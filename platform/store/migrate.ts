import { sql } from 'kysely';
import type { Database, Session } from './database';
import { migrations } from './migrations';
import { StoreError } from './store-error';

/** Any number, the same in every version: processes that start at once take turns by it. */
const advisoryLock = 6_243_101;

/** Brings the schema to the newest version, in one transaction: two processes that start at once do it once. */
export async function migrate(database: Database, to: number = migrations.length): Promise<void> {
  await database.transaction(async (session) => {
    await waitForOthers(session);
    const current = await currentVersion(session);
    if (current > migrations.length) {
      throw new StoreError(
        'STORE_TOO_NEW',
        `Cannot open store: it is at version ${current}, known are ${migrations.length}`,
      );
    }
    for (const [index, migration] of migrations.entries()) {
      const number = index + 1;
      if (number <= current || number > to) continue;
      await migration.apply(session);
      await session.query
        .insertInto('migrations')
        .values({ number, name: migration.name, applied_at: Date.now() })
        .execute();
    }
  });
}

/** On libsql the transaction has begun IMMEDIATE, and that is the lock. */
async function waitForOthers(session: Session): Promise<void> {
  if (session.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(session.query);
}

async function currentVersion(session: Session): Promise<number> {
  const integer = session.dialect === 'postgres' ? sql`bigint` : sql`integer`;
  await session.query.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('number', integer, (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('applied_at', integer, (column) => column.notNull())
    .execute();
  const newest = await session.query
    .selectFrom('migrations')
    .select(({ fn }) => fn.max('number').as('number'))
    .executeTakeFirst();
  return newest?.number ?? 0;
}
