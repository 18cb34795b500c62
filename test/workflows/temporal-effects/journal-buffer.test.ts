import { JournalBuffer } from '../../../workflows/temporal-effects/journal-buffer';

interface Write {
  readonly keys: readonly string[];
  readonly done: (error?: Error) => void;
}

/** The store's end of the buffer, which answers when the test says so. */
function journalWithStore() {
  const writes: Write[] = [];
  const buffer = new JournalBuffer('r1', {
    now: () => Date.now(),
    ask<R>(_type: string, asked: { entries: readonly { key: string }[] }): Promise<R> {
      return new Promise((resolve, reject) => {
        writes.push({
          keys: asked.entries.map(({ key }) => key),
          done: (error) => (error === undefined ? resolve(JSON.parse('{"count":1,"hash":"h"}')) : reject(error)),
        });
      });
    },
  });
  return {
    writes,
    buffer,
    record: (key: string) => buffer.record({ key, kind: 'run.started', payload: { resumed: false } }),
  };
}

function keysOf(carried: { readonly entries: readonly { readonly key: string }[] }): readonly string[] {
  return carried.entries.map(({ key }) => key);
}

describe('the journal buffer', () => {
  test('hands what is left to the next call, each entry to one call only', () => {
    const { buffer, record } = journalWithStore();
    record('a');
    const first = buffer.carry('left');
    record('b');

    expect([keysOf(first), keysOf(buffer.carry('left'))]).toEqual([['a'], ['b']]);
  });

  test('hands everything that does not stand yet to a call that must not begin before it does (D4)', () => {
    const { buffer, record } = journalWithStore();
    record('a');
    buffer.carry('left');
    record('b');

    expect(keysOf(buffer.carry('all'))).toEqual(['a', 'b']);
  });

  test('is due before more is waiting than one call takes along, underway or not (D4)', () => {
    const { buffer, record } = journalWithStore();
    for (let count = 0; count < 199; count += 1) record(`a${count}`);
    buffer.carry('left');
    const before = buffer.isDue;
    record('b');

    expect([before, buffer.isDue]).toEqual([false, true]);
  });

  test('forgets what has arrived, and keeps what was lost, in its place', () => {
    const { buffer, record } = journalWithStore();
    record('a');
    const lost = buffer.carry('left');
    record('b');
    const arrived = buffer.carry('left');
    record('c');

    lost.lost();
    arrived.arrived();

    expect(keysOf(buffer.carry('left'))).toEqual(['a', 'c']);
  });

  test('flush() writes also what is underway with a call, and not what comes meanwhile', async () => {
    const { buffer, record, writes } = journalWithStore();
    record('a');
    buffer.carry('left');
    record('b');
    const flushed = buffer.flush();
    record('c');
    writes[0]?.done();
    await flushed;

    expect(writes.map(({ keys }) => keys)).toEqual([['a', 'b']]);
    expect(buffer.head).toEqual({ count: 1, hash: 'h' });
  });

  test('flush() that fails loses nothing', async () => {
    const { buffer, record, writes } = journalWithStore();
    record('a');
    const flushed = buffer.flush();
    writes[0]?.done(new Error('store away'));

    await expect(flushed).rejects.toThrow('store away');
    expect(keysOf(buffer.carry('left'))).toEqual(['a']);
  });
});
