import { markOrphans } from '../../client/orphaned-locks';
import type { LockRow, Locks } from '../../platform/store/lock-row';

function lock(name: string, runId: string, state: LockRow['state'] = 'held'): LockRow {
  return { name, runId, path: 'a', token: 1, state, at: 1 };
}

type Recording = Pick<Locks, 'list' | 'waits' | 'orphan'> & { readonly orphaned: string[] };

function recording(rows: readonly LockRow[], waiting: readonly string[] = []): Recording {
  const orphaned: string[] = [];
  return {
    orphaned,
    list: () => Promise.resolve(rows),
    waits: () =>
      Promise.resolve(waiting.map((runId, since) => ({ runId, path: 'a', names: ['a'], anyOf: false, since }))),
    orphan: ({ runId }) => {
      orphaned.push(runId);
      return Promise.resolve(rows.filter((row) => row.runId === runId).length);
    },
  };
}

test('markOrphans() asks once for each run that holds something, and marks what the dead ones hold (D13)', async () => {
  const locks = recording([lock('a', 'dead'), lock('b', 'dead'), lock('c', 'alive'), lock('d', 'known', 'orphaned')]);
  const asked: string[] = [];

  const found = await markOrphans({
    locks,
    now: () => 5,
    isAlive: (runId) => {
      asked.push(runId);
      return Promise.resolve(runId === 'alive');
    },
  });

  expect(found).toBe(1);
  expect(asked).toEqual(['dead', 'alive']);
  expect(locks.orphaned).toEqual(['dead']);
});

test('markOrphans() also asks for runs that only wait: behind a dead one nobody is to stand (D13)', async () => {
  const locks = recording([lock('a', 'alive')], ['dead', 'alive']);

  const found = await markOrphans({ locks, now: () => 5, isAlive: (runId) => Promise.resolve(runId === 'alive') });

  expect(found).toBe(1);
  expect(locks.orphaned).toEqual(['dead']);
});

test('markOrphans() marks nothing when nobody can say whether a run goes on', async () => {
  const locks = recording([lock('a', 'r1')]);
  const away = new Error('Temporal does not answer');

  await expect(markOrphans({ locks, now: () => 5, isAlive: () => Promise.reject(away) })).rejects.toBe(away);

  expect(locks.orphaned).toEqual([]);
});
