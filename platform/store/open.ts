import { createBlobs } from './blobs';
import { openDatabase } from './database';
import type { Database, StoreOptions } from './database';
import { createDefinitions } from './published-definitions';
import { createJournal } from './journal';
import { createLocks } from './locks';
import { migrate } from './migrate';
import { createOutputs } from './outputs';
import { createRetention } from './retention';
import type { Installation, Store } from './store';
import { createViews } from './views';

/** Opens the store and brings its schema up to date; a libsql file is made if it is not there. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const database = openDatabase(options);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return createStore(database);
}

export function createStore(database: Database): Store {
  return {
    dialect: database.dialect,
    journal: createJournal(database),
    blobs: createBlobs(database),
    outputs: createOutputs(database),
    views: createViews(database),
    definitions: createDefinitions(database),
    locks: createLocks(database),
    retention: createRetention(database),
    installation: () => installation(database),
    nextRunNumber: () => nextRunNumber(database),
    close: () => database.close(),
  };
}

async function installation({ query }: Database): Promise<Installation> {
  const row = await query.selectFrom('installation').selectAll().executeTakeFirstOrThrow();
  return { id: row.id, createdAt: row.created_at };
}

function nextRunNumber(database: Database): Promise<number> {
  return database.transaction(async ({ query }) => {
    const { value } = await query
      .updateTable('counters')
      .set(({ eb }) => ({ value: eb('value', '+', 1) }))
      .where('name', '=', 'run')
      .returning('value')
      .executeTakeFirstOrThrow();
    return value;
  });
}
