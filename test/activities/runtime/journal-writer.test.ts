import { JournalWriter } from '../../../activities/runtime/journal-writer';
import type { Journal } from '../../../platform/store/store';
import type { AnyJournalEntry } from '../../../workflows/domain/journal';
import { hosts, onHosts, openFixture, request, runId, task } from './fixture';

function entryOf(number: number): AnyJournalEntry {
  const payload = { path: 'sub', childId: `r${number}` };
  return { key: `sub/r${number}`, kind: 'child.started', at: 0, actor: 'engine', via: 'worker', payload };
}

/** A journal that counts what each append brings, and answers when it is let. */
function countingJournal(): { readonly journal: Journal; readonly batches: number[]; readonly answer: () => void } {
  const batches: number[] = [];
  let waiting: (() => void)[] = [];
  const notAsked = (): Promise<never> => Promise.reject(new Error('Cannot answer: not asked in this test'));
  const journal: Journal = {
    append(_stream, entries) {
      batches.push(entries.length);
      const result = { appended: entries.length, skipped: 0, head: { count: 0, hash: '' } };
      return new Promise((resolve) => waiting.push(() => resolve(result)));
    },
    read: notAsked,
    find: notAsked,
    head: notAsked,
    rebuildFolds: notAsked,
    redact: notAsked,
  };
  function answer(): void {
    const due = waiting;
    waiting = [];
    for (const resolve of due) resolve();
  }
  return { journal, batches, answer };
}

function turn(): Promise<void> {
  return new Promise(setImmediate);
}

describe('JournalWriter (D4)', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  // D4: one append holds the head of the stream; a thousand hosts at once must not keep the others out.
  test('appends at most 100 entries at once, one append after the other', async () => {
    const { journal, batches, answer } = countingJournal();
    const writer = new JournalWriter(journal, 'run/r1');
    const written = Array.from({ length: 250 }, (_, number) => writer.write(entryOf(number), 'now'));

    const during: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await turn();
      during.push(batches.length);
      answer();
      await turn();
    }

    await Promise.all(written);
    expect(batches).toEqual([100, 100, 50]);
    expect(during).toEqual([1, 2, 3]);
  });

  test('lets an entry that is not urgent wait for company, and never longer than 250 ms', async () => {
    const { journal, batches } = countingJournal();
    const writer = new JournalWriter(journal, 'run/r1');
    void writer.write(entryOf(1), 'soon');
    void writer.write(entryOf(2), 'soon');

    jest.advanceTimersByTime(249);
    await turn();
    const before = [...batches];
    jest.advanceTimersByTime(1);
    await turn();

    expect([before, batches]).toEqual([[], [2]]);
  });
});

// D3, D4: a payload with anything of the observer in it would make two live attempts of one job contradict each other.
test('two live attempts write the same dispatch, and it says nothing but what and where (D3, D4)', async () => {
  const fixture = await openFixture();
  const plan = await fixture.planned([task('install')], hosts(1));
  const answers: unknown[] = [];
  let both = 0;
  fixture.behave(async ({ context }) => {
    both += 1;
    while (both < 2) await turn();
    answers.push(await context.dispatched({ rootId: 'root', bootId: 'boot' }));
    return {};
  });
  const asked = request(plan, 'install', onHosts(1));

  await Promise.all([fixture.run(asked), fixture.run(asked, { number: 2 })]);

  const entries = await fixture.store.journal.read(`run/${runId}`);
  await fixture.close();
  const dispatched = entries.filter(({ kind }) => kind === 'host.dispatched');
  expect(answers).toEqual([null, null]);
  expect(dispatched.map(({ key, payload }) => [key, JSON.parse(payload ?? '')])).toEqual([
    [
      'roll/host:web1/install@1/do/host.dispatched',
      {
        path: 'roll/host:web1/install',
        step: 'roll/install',
        host: 'web1',
        phase: 'do',
        generation: 1,
        rootId: 'root',
        bootId: 'boot',
      },
    ],
  ]);
});
