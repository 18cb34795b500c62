import fc from 'fast-check';
import type { AnyJournalEntry } from '../../../workflows/domain/journal';
import type { StepStatus } from '../../../workflows/domain/step-status';
import type { Journal } from '../../../platform/store/store';
import type { StoreBed } from './dialects';
import {
  entry,
  hostEnded,
  runCreated,
  runEnded,
  runStarted,
  stepEnded,
  stepStarted,
  taskOpened,
  taskRefused,
  voteCast,
} from './entries';
import { dumpFolds } from './fold-tables';

/** Anything a run may write, in any order, with generations, groups, phases and repeats. */
const anyEntry: fc.Arbitrary<AnyJournalEntry> = fc
  .record({
    kind: fc.constantFrom(
      'created',
      'started',
      'resumed',
      'state',
      'ended',
      'stepStarted',
      'stepEnded',
      'host',
      'task',
      'vote',
      'close',
      'refused',
    ),
    at: fc.integer({ min: 0, max: 50 }),
    name: fc.constantFrom('a', 'b', 'c\0', 'ü/%2F'),
    generation: fc.integer({ min: 1, max: 3 }),
    group: fc.constantFrom(null, 0, 1),
    phase: fc.constantFrom('do', 'undo', 'probe'),
    status: fc.constantFrom<StepStatus>('succeeded', 'failed', 'skipped', 'unknown', 'cancelled', 'undone'),
  })
  .map(({ kind, at, name, generation, group, phase, status }) => {
    const step = { path: name, id: name, generation, group, phase } as const;
    switch (kind) {
      case 'created':
        return runCreated();
      case 'started':
        return runStarted(false, at);
      case 'resumed':
        return { ...runStarted(true, at), key: `resumed@${at}` };
      case 'state':
        return entry('run.state', { state: 'waiting', reason: name }, { key: `state@${at}/${name}`, at });
      case 'ended':
        return runEnded({}, at);
      case 'stepStarted':
        return stepStarted(step, at);
      case 'stepEnded':
        return {
          ...stepEnded({ ...step, status }, at),
          key: `${name}@${generation}/${phase}/${group}/${status}/ended`,
        };
      case 'host':
        return {
          ...hostEnded(name, { generation, phase, status }, at),
          key: `${name}@${generation}/${phase}/${status}/host`,
        };
      case 'task':
        return taskOpened({ id: name });
      case 'vote':
        return voteCast(`${name}${at}`, { taskId: name });
      case 'close':
        return entry(
          'task.closed',
          { taskId: name, choice: 'approve', by: [], reason: 'answered', comment: '' },
          { key: `close/${name}`, at: 70 },
        );
      case 'refused':
        return taskRefused(`${name}${at}`);
    }
  });

export function foldsSuite(bed: StoreBed): void {
  const history = fc.array(anyEntry, { minLength: 1, maxLength: 40 });

  test('rebuildFolds() gives byte-equal tables, whatever was written in whatever order (D4)', async () => {
    const { store, database } = await bed.newStore();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 7 }), async (entries, batchSize) => {
        runs += 1;
        for (let start = 0; start < entries.length; start += batchSize) {
          await appendTolerant(store.journal, `run/r${runs}`, entries.slice(start, start + batchSize));
        }
        const written = await dumpFolds(database);
        await store.journal.rebuildFolds();
        expect(await dumpFolds(database)).toBe(written);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test('folds do not depend on how the entries were cut into batches', async () => {
    const { store } = await bed.newStore();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(history, async (entries) => {
        runs += 1;
        const facts = onePerKey(entries);
        await store.journal.append(`run/whole${runs}`, facts);
        for (const fact of facts) await store.journal.append(`run/parts${runs}`, [fact]);

        const [whole, parts] = await Promise.all(
          [`whole${runs}`, `parts${runs}`].map(async (id) => ({
            run: { ...(await store.views.run(id)), id: '' },
            steps: (await store.views.steps(id)).map((step) => ({ ...step, runId: '' })),
            hosts: await store.views.hosts(id),
            tasks: (await store.views.tasks({ runId: id })).map((task) => ({ ...task, runId: '' })),
          })),
        );
        expect(parts).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  test('rebuildFolds() rebuilds locks and leaves definitions, outputs and blobs alone', async () => {
    const { store, database } = await bed.newStore();
    await store.locks.acquire({ runId: 'r1', path: 'a', names: ['host/db1', 'host/db2'], at: 1 });
    await store.locks.acquire({ runId: 'r2', path: 'a', names: ['host/db3'], at: 2 });
    await store.locks.release({ runId: 'r2', path: 'a', names: ['host/db3'], at: 3, by: 'engine' });
    const orphaned = entry('lock.orphaned', { runId: 'r1', names: ['host/db2'] }, { key: 'orphaned' });
    await store.journal.append('locks', [orphaned]);
    const written = await dumpFolds(database);

    const { entries } = await store.journal.rebuildFolds();

    expect(entries).toBe(4);
    expect(await dumpFolds(database)).toBe(written);
    expect(await store.locks.list()).toMatchObject([
      { name: 'host/db1', state: 'held' },
      { name: 'host/db2', state: 'orphaned' },
    ]);
  });
}

/** Histories are random: two payloads under one key are refused, and then nothing of that batch is written. */
async function appendTolerant(journal: Journal, stream: string, entries: readonly AnyJournalEntry[]): Promise<void> {
  try {
    await journal.append(stream, entries);
  } catch (error) {
    expect(error).toMatchObject({ code: 'JOURNAL_CONFLICT' });
  }
}

function onePerKey(entries: readonly AnyJournalEntry[]): readonly AnyJournalEntry[] {
  return [...new Map(entries.map((fact) => [fact.key, fact])).values()];
}
