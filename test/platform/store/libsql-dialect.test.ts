import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import LibsqlDatabase from 'libsql';
import { openDatabase } from '../../../platform/store/database';
import type { Database } from '../../../platform/store/database';
import { migrate } from '../../../platform/store/migrate';

let folder = '';
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-libsql-'));
  database = openDatabase({ kind: 'libsql', file: join(folder, 'store.db') });
  await migrate(database);
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function increment(): Promise<unknown> {
  return database.transaction(async ({ query }) => {
    const { value } = await query.selectFrom('counters').select('value').executeTakeFirstOrThrow();
    await new Promise(setImmediate);
    await query
      .updateTable('counters')
      .set({ value: value + 1 })
      .execute();
  });
}

function count(): Promise<{ readonly value: number }> {
  return database.query.selectFrom('counters').select('value').executeTakeFirstOrThrow();
}

describe('the libsql dialect', () => {
  test('keeps what was committed through a power cut: WAL with synchronous=FULL (D16)', async () => {
    const [mode, level] = await database.transaction(async ({ query }) => [
      (await sql<{ journal_mode: string }>`pragma journal_mode`.execute(query)).rows[0]?.journal_mode,
      (await sql<{ synchronous: number }>`pragma synchronous`.execute(query)).rows[0]?.synchronous,
    ]);

    expect({ mode, level }).toEqual({ mode: 'wal', level: 2 });
  });

  test('runs transactions one after the other, so that none reads what another is about to change', async () => {
    await Promise.all(Array.from({ length: 20 }, increment));

    expect(await count()).toEqual({ value: 20 });
  });

  test('shows nothing of a transaction that is not committed, nor of one that failed', async () => {
    const failing = database.transaction(async ({ query }) => {
      await query.updateTable('counters').set({ value: 99 }).execute();
      expect(await count()).toEqual({ value: 0 });
      throw new Error('changed my mind');
    });

    await expect(failing).rejects.toThrow('changed my mind');
    expect(await count()).toEqual({ value: 0 });
    await increment();
    expect(await count()).toEqual({ value: 1 });
  });

  test('commits transactions that waited for each other together, and answers none of them before', async () => {
    const outside = new LibsqlDatabase(join(folder, 'store.db'));
    const read = (): unknown => outside.prepare('select value from counters').raw().get();
    const seen: unknown[] = [];
    const add = (): Promise<unknown> =>
      database.transaction(async ({ query }) => {
        await query
          .updateTable('counters')
          .set(({ eb }) => ({ value: eb('value', '+', 1) }))
          .execute();
        seen.push(read());
      });

    const answered = Array.from({ length: 5 }, () => add().then(read));

    expect(await Promise.all(answered)).toEqual([[5], [5], [5], [5], [5]]);
    expect(seen).toEqual([[0], [0], [0], [0], [0]]);
    outside.close();
  });

  test('drops the one of them that fails, and lets it fail only when the others stand', async () => {
    const failing = database.transaction(async ({ query }) => {
      await query.updateTable('counters').set({ value: 99 }).execute();
      throw new Error('changed my mind');
    });
    const outcomes = [increment(), failing.catch(count), increment()];

    expect((await Promise.all(outcomes))[1]).toEqual({ value: 2 });
  });

  test('refuses to write outside a transaction', async () => {
    await expect(database.query.updateTable('counters').set({ value: 5 }).execute()).rejects.toMatchObject({
      code: 'SQLITE_READONLY',
    });
  });

  test('waits for another process with the event loop free (D16)', async () => {
    const other = new LibsqlDatabase(join(folder, 'store.db'));
    other.exec('begin immediate');
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
      if (ticks === 3) other.exec('commit');
    }, 1);

    await increment();

    clearInterval(ticking);
    other.close();
    expect(ticks).toBeGreaterThanOrEqual(3);
    expect(await count()).toEqual({ value: 1 });
  });
});
