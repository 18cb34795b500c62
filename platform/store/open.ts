import { createAccessStore } from './access';
import { createAudit } from './audit';
import { createBackups } from './backups';
import { createBlobs } from './blobs';
import { createChanges } from './changes';
import { createCheckpoints } from './checkpoints';
import { nextNumber } from './counters';
import { openDatabase } from './database';
import type { Database, StoreOptions } from './database';
import { createDeliveries } from './deliveries';
import { adoptRestored, createFeed } from './feed';
import { createDefinitions } from './published-definitions';
import { createJournal } from './journal';
import { createLocks } from './locks';
import { createLogins } from './logins';
import { migrate } from './migrate';
import { createNotices } from './notices';
import { createOutputs } from './outputs';
import { createPreferences } from './preferences';
import { createRetention } from './retention';
import { createScopes } from './scopes';
import type { Installation, Store } from './store';
import { createViews } from './views';

/** Opens the store and brings its schema up to date; a libsql file is made if it is not there. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const database = openDatabase(options);
  try {
    await migrate(database);
    await adoptRestored(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return createStore(database);
}

export function createStore(database: Database): Store {
  const scopes = createScopes(database);
  return {
    dialect: database.dialect,
    journal: createJournal(database),
    audit: createAudit(database),
    blobs: createBlobs(database),
    outputs: createOutputs(database),
    feed: createFeed(database),
    deliveries: createDeliveries(database),
    views: createViews(database, scopes),
    definitions: createDefinitions(database),
    locks: createLocks(database),
    retention: createRetention(database),
    notices: createNotices(database),
    preferences: createPreferences(database),
    changes: createChanges(database),
    backups: createBackups(database),
    scopes,
    access: createAccessStore(database),
    logins: createLogins(database),
    checkpoints: createCheckpoints(database),
    installation: () => installation(database),
    nextRunNumber: () => nextNumber(database, 'run'),
    close: () => database.close(),
  };
}

async function installation({ query }: Database): Promise<Installation> {
  const row = await query.selectFrom('installation').selectAll().executeTakeFirstOrThrow();
  return { id: row.id, createdAt: row.created_at };
}
