import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointProblem, isCovered } from '../../../platform/store/checkpoint';
import { loadSigningKey } from '../../../platform/store/signing-key';
import type { SigningKey } from '../../../platform/store/signing-key';
import type { Store } from '../../../platform/store/store';
import type { StoreBed } from './dialects';
import { runCreated } from '../../support/client/journal';

export function checkpointsSuite(bed: StoreBed): void {
  let folder = '';
  let key: SigningKey = { privateKey: '', publicKey: '' };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mainstay-checkpoint-'));
    key = await loadSigningKey(join(folder, 'key.pem'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('make() covers every journal, and a journal that has not grown since makes no other', async () => {
    const { store } = await bed.newStore();
    await writeRuns(store, ['a', 'b', 'c']);

    const checkpoint = await store.checkpoints.make(key, 1_000);
    const again = await store.checkpoints.make(key, 2_000);

    expect(checkpoint).toMatchObject({ number: 1, size: 3, at: 1_000, previous: { size: 0 } });
    expect(again).toBeNull();
    expect(await store.checkpoints.newest()).toEqual(checkpoint);
    expect(checkpoint === null ? 'none' : checkpointProblem(checkpoint)).toBeNull();
  });

  test('every checkpoint is the one before it, grown by the journals that have grown', async () => {
    const { store } = await bed.newStore();
    await writeRuns(store, ['a', 'b']);
    const first = await store.checkpoints.make(key, 1_000);
    await writeRuns(store, ['c']);
    await store.journal.append('run/a', [control('one')]);

    const second = await store.checkpoints.make(key, 2_000);

    expect(second).toMatchObject({ number: 2, size: 4, previous: { size: 2, root: first?.root } });
    expect(second === null ? 'none' : checkpointProblem(second)).toBeNull();
    expect(await store.checkpoints.list(0, 10)).toHaveLength(2);
  });

  test('more journals than one portion holds come under one root, which the leaves really have', async () => {
    const { store, database } = await bed.newStore();
    const heads = Array.from({ length: 1_100 }, (_, index) => ({
      stream: `run/r${index}`,
      count: 1,
      hash: String(index).padStart(64, '0'),
    }));
    await database.transaction(async ({ query }) => {
      for (let start = 0; start < heads.length; start += 100)
        await query
          .insertInto('journal_heads')
          .values(heads.slice(start, start + 100))
          .execute();
    });

    const checkpoint = await store.checkpoints.make(key, 1_000);

    expect(checkpoint?.size).toBe(1_100);
    expect(await store.checkpoints.recomputedRoot(1_100)).toBe(checkpoint?.root);
  });

  test('statesOf() proves every state of a journal that the tree has, and the newest alone where that is enough', async () => {
    const { store } = await bed.newStore();
    await writeRuns(store, ['a', 'b', 'c', 'd', 'e']);
    await store.checkpoints.make(key, 1_000);
    await store.journal.append('run/b', [control('one')]);
    const checkpoint = await store.checkpoints.make(key, 2_000);
    await store.journal.append('run/b', [control('two')]);

    const states = await store.checkpoints.statesOf('run/b', 6);

    expect(states.map(({ leaf, index }) => [leaf.count, index])).toEqual([
      [1, 1],
      [2, 5],
    ]);
    expect(states.map((state) => checkpoint !== null && isCovered(state, checkpoint))).toEqual([true, true]);
    expect(await store.checkpoints.statesOf('run/b', 6, 1)).toEqual(states.slice(1));
    expect(await store.checkpoints.statesOf('run/b', 5)).toMatchObject([{ leaf: { count: 1 } }]);
    expect(await store.checkpoints.statesOf('run/unknown', 6)).toEqual([]);
  });

  test('states() names a journal that was deleted as a whole', async () => {
    const { store, database } = await bed.newStore();
    await writeRuns(store, ['a', 'b']);
    await store.checkpoints.make(key, 1_000);
    await database.transaction(async ({ query }) => {
      await query.deleteFrom('journal').where('stream', '=', 'run/a').execute();
      await query.deleteFrom('journal_heads').where('stream', '=', 'run/a').execute();
    });

    const states = await store.checkpoints.states('', 10);

    expect(states.filter(({ stream }) => stream === 'run/a')).toMatchObject([{ head: null, leaf: { count: 1 } }]);
  });

  test('stamp() stays with its checkpoint', async () => {
    const { store } = await bed.newStore();
    await writeRuns(store, ['a']);
    await store.checkpoints.make(key, 1_000);

    await store.checkpoints.stamp(1, 'c3RhbXA=');

    expect(await store.checkpoints.list(0, 10)).toMatchObject([{ stamp: 'c3RhbXA=' }]);
  });
}

async function writeRuns(store: Store, names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries())
    await store.journal.append(`run/${name}`, [runCreated({ number: index + 1 })]);
}

function control(id: string) {
  const payload = { action: 'pause', detail: {} };
  return { key: `control/${id}`, kind: 'run.control', at: 5, actor: 'user/anna', via: 'cli', payload } as const;
}
