import { sql } from 'kysely';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import type { StoreBed } from './dialects';
import { entry, hostEnded, runCreated, runEnded, runStarted } from './entries';

/** Kinds after a place, in order. */
async function kindsAfter(store: Store, after: number): Promise<readonly string[] | 'gone'> {
  const found = await store.feed.read(after, 100);
  return found === 'gone' ? 'gone' : found.map(({ stream, kind }) => `${stream} ${kind}`);
}

async function placeOf(store: Store, index: number): Promise<number> {
  const found = await store.feed.read(0, 100);
  if (found === 'gone') throw new Error('Cannot find the place: the beginning is gone');
  return found[index]?.position ?? -1;
}

export function feedSuite(bed: StoreBed): void {
  test('read() tells the entries of all streams in one order, by pages (D16)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated(), runStarted(false, 2)]);
    await store.journal.append('run/r2', [runCreated({ number: 2 })]);
    await store.journal.append('run/r1', [runEnded()]);

    const first = await store.feed.read(0, 3);
    const all = ['run/r1 run.created', 'run/r1 run.started', 'run/r2 run.created', 'run/r1 run.ended'];

    expect(await kindsAfter(store, 0)).toEqual(all);
    expect(first).toHaveLength(3);
    expect(await kindsAfter(store, await placeOf(store, 2))).toEqual(all.slice(3));
    expect(await kindsAfter(store, await store.feed.now())).toEqual([]);
  });

  test('read() tells a fact that was appended twice once (D4)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated()]);
    await store.journal.append('run/r1', [runCreated(), runStarted(false, 2)]);

    expect(await kindsAfter(store, 0)).toEqual(['run/r1 run.created', 'run/r1 run.started']);
  });

  test('read() leaves out what results of hosts say: they are many and large', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated(), hostEnded('web1')]);

    const found = await store.feed.read(0, 10);

    expect(found).toMatchObject([{ payload: expect.stringContaining('number') }, { payload: null }]);
  });

  test('a rebuild of the folds moves no place (S2)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated(), runStarted(false, 2), runEnded()]);
    const before = await store.feed.read(0, 10);

    await store.journal.rebuildFolds();

    expect(await store.feed.read(0, 10)).toEqual(before);
  });

  test('expire() deletes from the beginning on, and whoever asks after what is gone is told so', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated({}, 1_000), runStarted(false, 2_000), runEnded({}, 9_000)]);
    const [first, second, third] = [await placeOf(store, 0), await placeOf(store, 1), await placeOf(store, 2)];

    expect(await store.feed.expire(5_000)).toBe(2);

    expect(await kindsAfter(store, 0)).toBe('gone');
    expect(await kindsAfter(store, first)).toBe('gone');
    expect(await kindsAfter(store, second)).toBe('gone');
    expect(await kindsAfter(store, third)).toEqual([]);
  });

  test('expire() keeps the newest entry however old it is, and what stands behind a young one', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated({}, 9_000), runStarted(false, 1_000), runEnded({}, 2_000)]);
    const { store: other } = await bed.newStore();
    await other.journal.append('run/r1', [runCreated({}, 1_000)]);

    expect(await store.feed.expire(5_000)).toBe(0);
    expect(await other.feed.expire(5_000)).toBe(0);
    expect(await kindsAfter(other, await other.feed.now())).toEqual([]);
  });

  test('expire() goes on until nothing old is left, in parts', async () => {
    const { store } = await bed.newStore();
    const notes = Array.from({ length: 2_300 }, (_, index) =>
      entry('run.started', { resumed: false }, { key: `n${index}` }),
    );
    await store.journal.append('run/r1', notes);

    expect(await store.feed.expire(5_000)).toBe(2_299);
  });

  test('a place that nobody was ever given is told to be gone', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated()]);

    expect(await kindsAfter(store, 99_999)).toBe('gone');
  });

  if (bed.dialect === 'libsql') return;
  // A serial position alone would skip the late commit: it is drawn first and becomes visible last.
  test('read() never passes over an entry whose transaction commits late (D16)', async () => {
    const { store, database } = await bed.newStore();
    await store.journal.append('run/r0', [runCreated()]);
    const start = await store.feed.now();
    let letCommit = (): void => {};
    const held = new Promise<void>((resolve) => (letCommit = resolve));
    let draw = (): void => {};
    const drawn = new Promise<void>((resolve) => (draw = resolve));
    const late = database.transaction(async ({ query }) => {
      await query.insertInto('feed').values({ stream: 'run/r0', seq: 1, at: 1 }).execute();
      draw();
      await held;
    });
    await drawn;
    await store.journal.append('run/r1', [runCreated({ number: 2 })]);

    const during = await kindsAfter(store, start);
    const nowDuring = await store.feed.now();
    letCommit();
    await late;

    expect(during).toEqual([]);
    expect(nowDuring).toBe(start);
    expect(await kindsAfter(store, start)).toEqual(['run/r0 run.created', 'run/r1 run.created']);
  });

  test('a store that was restored into another cluster tells its old entries first, then the new ones', async () => {
    const place = await bed.newPlace();
    const store = await openStore(place);
    await store.journal.append('run/r1', [runCreated(), runStarted(false, 2)]);
    const database = bed.open(place);
    await sql`update feed set xid = '999999999999'`.execute(database.query);
    await store.outputs.write({ runId: 'r1', path: 'a', phase: 'do', generation: 1 }, 'stdout', 0, Buffer.from('x'));
    await sql`update outputs set xid = '999999999999'`.execute(database.query);
    await store.close();

    const again = await openStore(place);
    await again.journal.append('run/r1', [runEnded()]);

    expect(await kindsAfter(again, 0)).toEqual(['run/r1 run.created', 'run/r1 run.started', 'run/r1 run.ended']);
    expect(await again.outputs.tail('r1', 0, 10)).toHaveLength(1);
    await again.close();
  });
}
