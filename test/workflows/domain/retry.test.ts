import { delayAfter, nextDelayMs } from '../../../workflows/domain/retry';
import type { RetryRule } from '../../../workflows/domain/retry';

const rule: RetryRule = { attempts: 4, delayMs: 1000, backoff: 3 };
const made = (attempts: number, now = 0) => ({ attempts, firstStartedAt: 0, now });

test.each<[string, RetryRule, number, number | null]>([
  ['the first delay', rule, 1, 1000],
  ['a delay that grew', rule, 3, 9000],
  ['a delay at its limit', { ...rule, maxDelayMs: 5000 }, 3, 5000],
  ['no further attempt', rule, 4, null],
  ['no retry at all', { ...rule, attempts: 1 }, 1, null],
])('nextDelayMs() gives %s', (_name, given, attempts, expected) => {
  expect(nextDelayMs(given, made(attempts), 'BROKEN')).toBe(expected);
});

test('nextDelayMs() retries only the codes that are named', () => {
  const named = { ...rule, on: ['SSH_UNREACHABLE'] };

  expect([nextDelayMs(named, made(1), 'SSH_UNREACHABLE'), nextDelayMs(named, made(1), 'EXIT_CODE')]).toEqual([
    1000,
    null,
  ]);
});

test('nextDelayMs() starts no attempt at or after the end of `within`', () => {
  const within = { ...rule, withinMs: 10_000 };

  expect([nextDelayMs(within, made(1, 8999), 'X'), nextDelayMs(within, made(1, 9000), 'X')]).toEqual([1000, null]);
});

test('a backoff without a limit stays below a day', () => {
  expect(delayAfter({ attempts: 99, delayMs: 60_000, backoff: 10 }, 50)).toBe(86_400_000);
});
