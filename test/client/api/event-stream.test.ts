import { eventStream } from '../../../client/api/event-stream';
import type { FeedEvent } from '../../../client/live-feed';

async function* told(events: readonly FeedEvent<string>[]): AsyncGenerator<FeedEvent<string>> {
  for (const event of events) yield await Promise.resolve(event);
}

async function textOf(events: readonly FeedEvent<string>[], inLists: boolean): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of eventStream({ event: 'fact', inLists }, told(events))) parts.push(part);
  return Buffer.concat(parts).toString();
}

const two = {
  kind: 'news',
  items: [
    { position: 4, value: 'a' },
    { position: 3, value: 'b' },
  ],
} as const;

test.each<[string, FeedEvent<string>, boolean, string]>([
  ['one message for each', two, false, 'id: 4\nevent: fact\ndata: "a"\n\nid: 3\nevent: fact\ndata: "b"\n\n'],
  ['one message for all, with the id of the last', two, true, 'id: 3\nevent: fact\ndata: ["a","b"]\n\n'],
  ['where a quiet line stands', { kind: 'quiet', position: 9 }, true, 'id: 9\n: quiet\n\n'],
  ['that something is not kept any more', { kind: 'gap', position: 9 }, true, 'id: 9\nevent: gap\ndata: {}\n\n'],
  ['that the reader did not keep up', { kind: 'slow' }, true, 'event: slow\ndata: {}\n\n'],
  ['that it is over', { kind: 'end' }, false, 'event: end\ndata: {}\n\n'],
])('a stream tells %s', async (_what, event, inLists, expected) => {
  expect(await textOf([event], inLists)).toBe(`: open\n\n${expected}`);
});

afterEach(() => void jest.useRealTimers());

test('a reader that takes nothing for half a minute is cut off', async () => {
  jest.useFakeTimers();
  const many = Array.from({ length: 1_000 }, (_, position) => ({ position, value: 'x'.repeat(1_000) }));
  let isOver = false;
  async function* endless(): AsyncGenerator<FeedEvent<string>> {
    try {
      for (;;) yield await Promise.resolve({ kind: 'news', items: many } as const);
    } finally {
      isOver = true;
    }
  }
  const stream = eventStream({ event: 'fact', inLists: true }, endless());
  const closed = new Promise((resolve) => stream.once('close', resolve));

  // It reads once, and never again.
  stream.once('readable', () => stream.read(1));
  await jest.advanceTimersByTimeAsync(20_000);
  expect(stream.destroyed).toBe(false);
  await jest.advanceTimersByTimeAsync(20_000);

  expect(stream.destroyed).toBe(true);
  await closed;
  expect(isOver).toBe(true);
});
