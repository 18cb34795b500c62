import fc from 'fast-check';

import type { FeedEvent, FeedSource } from '../../client/live-feed';
import { Line, Lines } from '../../client/live-line';

/** News that the test writes; it counts who asks. */
function pile(options: { readonly pageSize?: number; readonly sizeBytes?: number } = {}) {
  const { pageSize = 500, sizeBytes = 1 } = options;
  // As on PostgreSQL, where a later entry may have a lower position.
  const positions: number[] = [];
  const failure: { error: Error | null } = { error: null };
  const state = { ended: false, asked: 0, from: 0 };
  const source: FeedSource<number> = {
    open() {
      return (after) => {
        state.asked += 1;
        if (failure.error !== null) return Promise.reject(failure.error);
        const start = after === 0 ? 0 : positions.indexOf(after) + 1;
        if (after !== 0 ? start <= state.from : state.from > 0) return Promise.resolve('gone' as const);
        const page = positions.slice(start, start + pageSize);
        const news = page.map((position) => ({ position, value: position }));
        return Promise.resolve({ news, ended: state.ended && news.length < pageSize });
      };
    },
    now: () => Promise.resolve(positions.at(-1) ?? 0),
    sizeOf: () => sizeBytes,
  };
  return { source, positions, state, failure };
}

const everything = (value: number): number => value;

/** Everything that is told until the line ends, or `until` says so. */
async function hear(
  events: AsyncGenerator<FeedEvent<number>>,
  until: (heard: readonly number[]) => boolean = () => false,
): Promise<{ readonly heard: readonly number[]; readonly last: FeedEvent<number>['kind'] | null }> {
  const heard: number[] = [];
  let last: FeedEvent<number>['kind'] | null = null;
  for await (const event of events) {
    last = event.kind;
    if (event.kind === 'news') heard.push(...event.items.map(({ value }) => value));
    if (until(heard)) break;
  }
  return { heard, last };
}

const places: AbortController[] = [];

// A test that fails must not leave anybody listening.
afterEach(() => {
  for (const place of places.splice(0)) place.abort();
});

function start(after = 0) {
  const gone = new AbortController();
  places.push(gone);
  return { after, signal: gone.signal, abort: () => gone.abort() };
}

test('whoever listens hears what is there and what comes, in order, once, until the end (D16)', async () => {
  const { source, positions, state } = pile({ pageSize: 3 });
  positions.push(1, 2, 5, 4, 3);
  const line = new Line(source);

  const listening = hear(line.listen(start(), everything));
  setImmediate(() => positions.push(9, 7));
  setTimeout(() => (state.ended = true), 50);

  expect(await listening).toEqual({ heard: [1, 2, 5, 4, 3, 9, 7], last: 'end' });
});

test('many who listen to the same share one reader of the store', async () => {
  const { source, positions, state } = pile();
  positions.push(1, 2, 3);
  const line = new Line(source);
  const all = Array.from({ length: 200 }, () =>
    hear(line.listen(start(3), everything), ({ length }) => length === 100),
  );
  await new Promise((resolve) => setTimeout(resolve, 30));
  const before = state.asked;

  for (let position = 4; position <= 103; position += 1) positions.push(position);
  const heard = await Promise.all(all);

  expect(heard.every((one) => one.heard.length === 100)).toBe(true);
  expect(state.asked - before).toBeLessThan(10);
  expect(line.listeners).toBe(0);
});

test('a listener hears only what it wants', async () => {
  const { source, positions, state } = pile();
  positions.push(1, 2, 3, 4);
  state.ended = true;

  const even = await hear(new Line(source).listen(start(), (value) => (value % 2 === 0 ? value : null)));

  expect(even.heard).toEqual([2, 4]);
});

test('a listener that asks after what is gone is told of the gap, and goes on from now', async () => {
  const { source, positions, state } = pile();
  positions.push(1, 2, 3);
  state.from = 2;
  const events = new Line(source).listen(start(1), everything);

  const first = await events.next();
  positions.push(4);
  const second = await events.next();
  await events.return(undefined);

  expect(first.value).toEqual({ kind: 'gap', position: 3 });
  expect(second.value).toEqual({ kind: 'news', items: [{ position: 4, value: 4 }] });
});

test('a listener that does not keep up is let go with a word, while another hears everything, and what is kept stays small', async () => {
  // 16 MiB are kept: 1,000 items of 64 KiB are four times that.
  const { source, positions } = pile({ sizeBytes: 64 * 1024, pageSize: 100 });
  const line = new Line(source);
  const slow = line.listen(start(), everything);
  const fast = hear(line.listen(start(), everything), ({ length }) => length === 1_001);
  const [slowSignal] = [slow.next()];
  await new Promise((resolve) => setTimeout(resolve, 20));
  positions.push(1);
  expect((await slowSignal).value).toMatchObject({ kind: 'news' });

  for (let position = 2; position <= 1_001; position += 1) {
    positions.push(position);
    if (position % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 15));
  }

  expect((await fast).heard).toHaveLength(1_001);
  expect((await slow.next()).value).toEqual({ kind: 'slow' });
  expect((await slow.next()).done).toBe(true);
});

test('a store that fails ends the line of everybody with its error, and the next who come begin anew', async () => {
  const { source, positions, state, failure } = pile();
  positions.push(1);
  const line = new Line(source);
  const listening = hear(line.listen(start(), everything));
  failure.error = new Error('the store is away');
  await expect(listening).rejects.toThrow('the store is away');

  failure.error = null;
  state.ended = true;

  expect(await hear(line.listen(start(), everything))).toEqual({ heard: [1], last: 'end' });
});

test('whoever goes stops waiting at once, and the shared reader stops with the last one', async () => {
  const { source, state } = pile();
  const lines = new Lines<number>();
  const place = start();
  const listening = hear(lines.listen({ name: 'r1', source }, place, everything));
  await new Promise((resolve) => setTimeout(resolve, 20));

  place.abort();
  await listening;
  await new Promise((resolve) => setTimeout(resolve, 150));
  const asked = state.asked;
  await new Promise((resolve) => setTimeout(resolve, 250));

  expect(lines.listeners).toBe(0);
  expect(state.asked).toBe(asked);
});

test('whoever comes, goes and comes back with its last position hears everything once, whatever comes meanwhile (D16)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
      async (bursts, stays) => {
        const { source, positions, state } = pile({ pageSize: 7 });
        const line = new Line(source);
        const steady = hear(line.listen(start(), everything));
        const writing = (async () => {
          for (const burst of bursts) {
            for (let count = 0; count < burst; count += 1) positions.push(positions.length + 1);
            await new Promise(setImmediate);
          }
          state.ended = true;
        })();
        const heard: number[] = [];
        for (const stay of stays) {
          const part = await hear(line.listen(start(heard.at(-1) ?? 0), everything), ({ length }) => length >= stay);
          heard.push(...part.heard);
        }
        heard.push(...(await hear(line.listen(start(heard.at(-1) ?? 0), everything))).heard);
        await writing;

        expect(heard).toEqual(positions);
        expect((await steady).heard).toEqual(positions);
      },
    ),
    { numRuns: 25 },
  );
});
