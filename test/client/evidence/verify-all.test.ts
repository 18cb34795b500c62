import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { verifyCheckpoints, verifyJournals } from '../../../client/evidence/verify-all';
import { migrate } from '../../../platform/store/migrate';
import { openDatabase } from '../../../platform/store/database';
import type { Database, Session } from '../../../platform/store/database';
import { createStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import { runCreated, runEnded } from '../../support/client/journal';
import { newSigningKey } from './evidence-file';

const key = newSigningKey();

let folder = '';
let database: Database;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-verify-all-'));
  database = openDatabase({ kind: 'libsql', file: join(folder, 'store.db') });
  await migrate(database);
  store = createStore(database);
  for (const [index, id] of ['a', 'b', 'c'].entries())
    await store.journal.append(`run/${id}`, [runCreated({ number: index + 1 }), runEnded()]);
  await store.checkpoints.make(key, 1_000);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function problems(): Promise<readonly string[]> {
  const journals = await verifyJournals(store, { after: '', limit: 50 });
  const tree = await verifyCheckpoints(store, key.publicKey);
  return [...journals.problems, ...tree.problems].map(({ stream, seq }) => `${stream} ${String(seq)}`);
}

test('verifyJournals() and verifyCheckpoints() find nothing where nothing was done, also after journals have grown', async () => {
  await store.journal.append('run/d', [runCreated({ number: 4 })]);

  expect(await problems()).toEqual([]);
  expect(await verifyJournals(store, { after: '', limit: 2 })).toMatchObject({ streams: 2, next: 'run/a' });
});

test.each<[what: string, change: (session: Session) => Promise<unknown>, found: string]>([
  [
    'a payload that was changed',
    ({ query }) =>
      query.updateTable('journal').set({ payload: '{}' }).where('stream', '=', 'run/b').where('seq', '=', 2).execute(),
    'run/b 2',
  ],
  [
    'an entry that was taken out',
    ({ query }) => query.deleteFrom('journal').where('stream', '=', 'run/b').where('seq', '=', 1).execute(),
    'run/b 1',
  ],
  [
    'a tail that was cut off, with the head set back',
    async ({ query }) => {
      await query.deleteFrom('journal').where('stream', '=', 'run/b').where('seq', '=', 2).execute();
      const last = await query
        .selectFrom('journal')
        .select('hash')
        .where('stream', '=', 'run/b')
        .executeTakeFirstOrThrow();
      await query
        .updateTable('journal_heads')
        .set({ count: 1, hash: last.hash })
        .where('stream', '=', 'run/b')
        .execute();
    },
    'run/b 2',
  ],
  [
    'a journal that was deleted as a whole',
    async ({ query }) => {
      await query.deleteFrom('journal').where('stream', '=', 'run/b').execute();
      await query.deleteFrom('journal_heads').where('stream', '=', 'run/b').execute();
    },
    'run/b 2',
  ],
  [
    'a state of a journal that was changed among the leaves',
    ({ query }) =>
      query
        .updateTable('checkpoint_leaves')
        .set({ head: 'f'.repeat(64) })
        .where('position', '=', 0)
        .execute(),
    'checkpoints 1',
  ],
])('%s is found and named', async (_what, change, found) => {
  await database.transaction(change);

  expect(await problems()).toContain(found);
});

test('a checkpoint that another key has signed is found', async () => {
  await store.journal.append('run/d', [runCreated({ number: 4 })]);
  await store.checkpoints.make(newSigningKey(), 2_000);

  expect(await problems()).toEqual(['checkpoints 2']);
});
