import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import fc from 'fast-check';
import { digestOf } from '../../../platform/store/blobs';
import type { OutputAddress } from '../../../platform/store/store';
import type { StoreBed } from './dialects';
import { runCreated } from './entries';

const address: OutputAddress = { runId: 'r1', path: 'install/host:web1', phase: 'do', generation: 1 };

export function blobsSuite(bed: StoreBed): void {
  test('bytes are named by their SHA-256, and the same bytes again change nothing (S3)', async () => {
    const { store } = await bed.newStore();
    const bytes = Buffer.from([0, 255, 1, 0, 10]);

    const digest = await store.blobs.putTemporary(bytes);

    expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await store.blobs.putTemporary(bytes)).toBe(digest);
    expect(Buffer.from((await store.blobs.get(digest)) ?? [])).toEqual(bytes);
    expect(await store.blobs.get('0'.repeat(64))).toBeNull();
  });

  test('append() keeps many blobs, large, empty and equal ones, with the entry that names them (S4)', async () => {
    const { store } = await bed.newStore();
    const items = Array.from({ length: 250 }, (_, index) => Buffer.from(`blob ${index % 240}`));
    items.push(Buffer.alloc(3_000_000, 1), Buffer.alloc(3_000_000, 2), Buffer.alloc(0));

    await store.journal.append('run/r1', [runCreated()], items);

    const stored = await Promise.all(items.map((bytes) => store.blobs.get(digestOf(bytes))));
    expect(stored.every((bytes, index) => items[index]?.equals(bytes ?? Buffer.from('missing')))).toBe(true);
  });

  test('append() of the same blobs by several writers at once, in any order', async () => {
    const { store } = await bed.newStore();
    const items = Array.from({ length: 60 }, (_, index) => Buffer.from(`shared ${index}`));

    const orders = [items, items.toReversed(), items];
    await Promise.all(orders.map((blobs, index) => store.journal.append(`run/r${index}`, [runCreated()], blobs)));

    const stored = await Promise.all(items.map((bytes) => store.blobs.get(digestOf(bytes))));
    expect(stored).not.toContain(null);
  });

  test('append() that is refused keeps no blob: what nothing names is not there (S4)', async () => {
    const { store } = await bed.newStore();
    const shard = Buffer.from('shard');
    await store.journal.append('run/r1', [runCreated()]);

    const appending = store.journal.append('run/r1', [runCreated({ number: 2 })], [shard]);

    await expect(appending).rejects.toMatchObject({ code: 'JOURNAL_CONFLICT' });
    expect(await store.blobs.get(digestOf(shard))).toBeNull();
  });

  test('what was put for a time is kept for good once an entry names it (S4)', async () => {
    const { store, database } = await bed.newStore();
    const shard = Buffer.from('shard');
    await store.blobs.putTemporary(shard);

    await store.journal.append('run/r1', [runCreated()], [shard]);
    await store.blobs.putTemporary(shard);

    const rows = await database.query.selectFrom('blobs').select('temporary_since').execute();
    expect(rows).toEqual([{ temporary_since: null }]);
  });
}

export function outputsSuite(bed: StoreBed): void {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

  test('write() is idempotent by address, stream and offset; read() answers any range', async () => {
    const { store } = await bed.newStore();
    const { outputs } = store;

    await outputs.write(address, 'stdout', 0, Buffer.from('hello '));
    await outputs.write(address, 'stdout', 0, Buffer.from('hello '));
    await outputs.write(address, 'stdout', 6, Buffer.from('world'));
    await outputs.write(address, 'stderr', 0, Buffer.from('oops'));
    await outputs.write({ ...address, generation: 2 }, 'stdout', 0, Buffer.from('again'));

    expect(text(await outputs.read(address, 'stdout', 0, 100))).toBe('hello world');
    expect(text(await outputs.read(address, 'stdout', 4, 4))).toBe('o wo');
    expect(text(await outputs.read(address, 'stderr', 0, 2))).toBe('oo');
    expect(text(await outputs.read(address, 'stdout', 50, 10))).toBe('');
    expect(await outputs.size(address, 'stdout')).toBe(11);
    expect(await outputs.tail('r1', 0, 100)).toHaveLength(4);
  });

  test('read() ends before bytes that have not arrived', async () => {
    const { store } = await bed.newStore();

    await store.outputs.write(address, 'stdout', 0, Buffer.from('ab'));
    await store.outputs.write(address, 'stdout', 4, Buffer.from('ef'));

    expect(text(await store.outputs.read(address, 'stdout', 0, 100))).toBe('ab');
    expect(await store.outputs.size(address, 'stdout')).toBe(2);
  });

  test('write() of one stream cut in different ways by several attempts gives that stream', async () => {
    const { store } = await bed.newStore();
    const whole = Buffer.from('The quick brown fox jumps over the lazy dog');
    let generation = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), {
          minLength: 1,
          maxLength: 3,
        }),
        async (attempts) => {
          generation += 1;
          const place = { ...address, generation };
          const pending: Promise<void>[] = [];
          let reached = 0;
          for (const sizes of attempts) {
            let offset = 0;
            for (const size of sizes) {
              pending.push(store.outputs.write(place, 'stdout', offset, whole.subarray(offset, offset + size)));
              offset = Math.min(offset + size, whole.length);
            }
            reached = Math.max(reached, offset);
          }
          await Promise.all(pending);
          expect(text(await store.outputs.read(place, 'stdout', 0, 1_000))).toBe(text(whole.subarray(0, reached)));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('tail() goes on after a position, by pages, over all jobs of the run', async () => {
    const { store } = await bed.newStore();
    for (let index = 0; index < 25; index += 1) {
      const place = { ...address, path: `install/host:web${index % 5}` };
      await store.outputs.write(place, 'stdout', index, Buffer.from([index]));
      await store.outputs.write({ ...place, runId: 'r2' }, 'stdout', index, Buffer.from([index]));
    }

    const seen: number[] = [];
    // `logs` asks from -1 on: no position is below 1.
    for (let after = -1; ;) {
      const page = await store.outputs.tail('r1', after, 7);
      seen.push(...page.flatMap(({ bytes }) => [...bytes]));
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.position;
    }

    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => index));
  });

  if (bed.dialect === 'libsql') return;
  // A serial position alone would skip the late commit: it is drawn first and becomes visible last.
  test('tail() never passes over a chunk whose transaction commits late (D16)', async () => {
    const { store, database } = await bed.newStore();
    let letCommit = (): void => {};
    const held = new Promise<void>((resolve) => {
      letCommit = resolve;
    });
    let inserted = (): void => {};
    const isInserted = new Promise<void>((resolve) => {
      inserted = resolve;
    });
    const late = database.transaction(async ({ query }) => {
      const columns = { run_id: 'r1', path: 'late', phase: 'do', generation: 1, stream: 'stdout', start: 0, size: 4 };
      await query
        .insertInto('outputs')
        .values({ ...columns, bytes: Buffer.from('late') })
        .execute();
      inserted();
      await held;
    });
    await isInserted;
    await store.outputs.write(address, 'stdout', 0, Buffer.from('soon'));

    const during = await store.outputs.tail('r1', 0, 10);
    letCommit();
    await late;
    const after = await store.outputs.tail('r1', 0, 10);

    expect(during).toEqual([]);
    expect(after.map(({ bytes }) => text(bytes))).toEqual(['late', 'soon']);
    expect(await store.outputs.tail('r1', after[0]?.position ?? 0, 10)).toHaveLength(1);
    const xids = await sql<{ xid: string }>`select xid from outputs`.execute(database.query);
    expect(xids.rows).toHaveLength(2);
  });
}
