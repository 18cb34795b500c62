import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import LibsqlDatabase from 'libsql';

import { openDatabase } from '../../../platform/store/database';
import type { Database } from '../../../platform/store/database';
import { openStore } from '../../../platform/store/open';
import { hostEnded, runStarted } from './entries';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-transactions-'));
  file = join(folder, 'store.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  await (await openStore({ kind: 'libsql', file })).close();
  const database = openDatabase({ kind: 'libsql', file });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Another process, as far as the file can tell. */
function outside<T>(work: (other: LibsqlDatabase.Database) => T): T {
  const other = new LibsqlDatabase(file, { timeout: 0 });
  try {
    return work(other);
  } finally {
    other.close();
  }
}

describe('a transaction on libsql (D16)', () => {
  // D16: begun deferred, it would read first, another would write, and its own write would fail with SQLITE_BUSY_SNAPSHOT.
  test('holds the right to write from its beginning, also while it only reads', async () => {
    await withDatabase((database) =>
      database.transaction(async ({ query }) => {
        await query.selectFrom('counters').select('value').executeTakeFirst();

        expect(() => outside((other) => other.exec('begin immediate'))).toThrow(/locked|busy/i);
      }),
    );
  });

  // D16: a call to libsql blocks the event loop, and with it the heartbeats of every activity.
  test('never blocks the event loop for long while another process writes', async () => {
    await withDatabase(async (database) => {
      const other = new LibsqlDatabase(file, { timeout: 0 });
      other.exec('begin immediate');
      const waiting = database.transaction(() => Promise.resolve());
      const hops: number[] = [];
      for (const end = Date.now() + 600; Date.now() < end;) {
        const before = Date.now();
        await new Promise(setImmediate);
        hops.push(Date.now() - before);
      }
      other.exec('commit');
      other.close();
      await waiting;

      // A hundred milliseconds are the file's own; the rest is for a machine under load.
      expect(Math.max(...hops)).toBeLessThan(5_000);
    });
  });
});

// D4: a key names one fact; what kind of fact it is belongs to it.
test('append() refuses another kind of entry under a key that stands, even with an equal payload (D4)', async () => {
  const store = await openStore({ kind: 'libsql', file });
  const first = { ...runStarted(false, 1_000), key: 'fact' };
  await store.journal.append('run/r1', [first]);

  const other = { ...first, kind: 'run.state', payload: { resumed: false } };
  const conflicting = store.journal.append('run/r1', [JSON.parse(JSON.stringify(other)), hostEnded('web1')]);

  await expect(conflicting).rejects.toMatchObject({ code: 'JOURNAL_CONFLICT' });
  expect(await store.journal.head('run/r1')).toMatchObject({ count: 1 });
  await store.close();
});
