import { createLogger } from '../../platform/logger';
import { startRetention } from '../../platform/retention-pass';
import type { Retention } from '../../platform/store/store';

const logger = createLogger('test', 'silent');
const dayMs = 86_400_000;

const feed = { expire: () => Promise.resolve(0) };
const deliveries = { expire: () => Promise.resolve() };

interface Asked {
  readonly before: number;
  readonly signal: AbortSignal;
}

function recording(answer: () => Promise<void>): {
  readonly retention: Retention;
  readonly asked: Asked[];
  readonly twice: Promise<void>;
} {
  const asked: Asked[] = [];
  let told = (): void => {};
  const twice = new Promise<void>((resolve) => (told = resolve));
  const retention: Retention = {
    expire: async (before, signal) => {
      asked.push({ before, signal });
      if (asked.length === 2) told();
      await answer();
      return { runs: 0, outputChunks: 0, states: 0, notices: 0 };
    },
    expiredBefore: () => Promise.resolve(0),
  };
  return { retention, asked, twice };
}

test('startRetention() looks again and again, so many days back, also after a pass that failed', async () => {
  const { retention, asked, twice } = recording(() => Promise.reject(new Error('the store is away')));

  const stop = startRetention({ retention, feed, deliveries, keepDays: 30, logger, firstAfterMs: 1, everyMs: 1 });
  await twice;
  await stop();

  const [first] = asked;
  expect(Math.abs(Date.now() - 30 * dayMs - (first?.before ?? 0))).toBeLessThan(60_000);
});

test('startRetention() that is stopped tells the pass, and waits for its end', async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const { retention, asked, twice } = recording(() => held);
  const stop = startRetention({ retention, feed, deliveries, keepDays: 30, logger, firstAfterMs: 1, everyMs: 1 });
  await twice;

  const stopped = stop();
  const first = await Promise.race([stopped.then(() => 'stopped'), Promise.resolve('waiting')]);
  release();
  await stopped;

  expect(first).toBe('waiting');
  expect(asked[0]?.signal.aborted).toBe(true);
});

test('startRetention() with "forever" never deletes output, and yet what is a week old from the feed', async () => {
  const { retention, asked } = recording(() => Promise.resolve());
  const expired = new Promise<number>((resolve) => {
    const stop = startRetention({
      retention,
      feed: { expire: (before) => Promise.resolve(0).finally(() => void stop().then(() => resolve(before))) },
      deliveries,
      keepDays: null,
      logger,
      firstAfterMs: 0,
    });
  });

  expect(Math.abs(Date.now() - 7 * dayMs - (await expired))).toBeLessThan(60_000);
  expect(asked).toEqual([]);
});
