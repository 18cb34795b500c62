import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../platform/store/database';
import type { Database, StoreDialect, StoreOptions } from '../../../platform/store/database';
import { migrate } from '../../../platform/store/migrate';
import { createStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import { findPostgres, startPostgres } from '../../support/postgres';
import type { PostgresServer } from '../../support/postgres';

/** What a suite gets: new stores of one dialect, closed and removed after each test. */
export interface StoreBed {
  readonly dialect: StoreDialect;
  /** Where a new, empty store may be made. */
  newPlace(): Promise<StoreOptions>;
  /** A new, migrated store, with the database beneath it. */
  newStore(): Promise<{ readonly store: Store; readonly database: Database }>;
  open(place: StoreOptions): Database;
}

const postgres = findPostgres();

/** Runs a suite on both dialects; a missing PostgreSQL is a visible skip. */
export function describeOnEachDialect(name: string, suite: (bed: StoreBed) => void): void {
  describe(`${name} on libsql`, () => {
    suite(libsqlBed());
  });
  (postgres === null ? describe.skip : describe)(`${name} on PostgreSQL`, () => {
    suite(postgresBed());
  });
}

function libsqlBed(): StoreBed {
  let folder = '';
  let files = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mainstay-store-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return bed('libsql', () => {
    files += 1;
    return Promise.resolve({ kind: 'libsql', file: join(folder, `store-${files}.db`) });
  });
}

function postgresBed(): StoreBed {
  let server: PostgresServer | null = null;
  beforeAll(async () => {
    if (postgres !== null) server = await startPostgres(postgres);
  });
  afterAll(async () => {
    await server?.stop();
  });
  return bed('postgres', async () => {
    if (server === null) throw new Error('Cannot make a database: PostgreSQL is not running');
    return { kind: 'postgres', url: await server.createDatabase() };
  });
}

function bed(dialect: StoreDialect, newPlace: () => Promise<StoreOptions>): StoreBed {
  let opened: Database[] = [];
  afterEach(async () => {
    for (const database of opened) await database.close();
    opened = [];
  });
  function open(place: StoreOptions): Database {
    const database = openDatabase(place);
    opened.push(database);
    return database;
  }
  async function newStore(): Promise<{ readonly store: Store; readonly database: Database }> {
    const database = open(await newPlace());
    await migrate(database);
    return { store: createStore(database), database };
  }
  return { dialect, newPlace, newStore, open };
}
