import fc from 'fast-check';

import { clockSkewMs, preflightVerdict } from '../../../workflows/domain/backup-preflight';
import { minuteMs } from '../../../workflows/domain/duration';
import type { PreflightVerdict, RepositoryLock, Surroundings } from '../../../workflows/domain/backup-preflight';

const limits = { minFreeBytes: 100, maxClockSkewMs: 5 * minuteMs, maxLagMs: minuteMs };
const clock = { hostMs: 1_000_050, askedAtMs: 1_000_000, answeredAtMs: 1_000_100 };
const fine: Surroundings = {
  toolVersion: '15.14',
  serverVersion: '15.8',
  freeBytes: 1100,
  neededBytes: 1000,
  clock,
  lagSeconds: 60,
  locks: [],
};

function verdict(over: Partial<Surroundings>): PreflightVerdict {
  return preflightVerdict({ ...fine, ...over }, limits);
}

function lock(id: string, holder: RepositoryLock['holder']): RepositoryLock {
  return { id, host: 'db-1', pid: 7, holder, sinceMs: 0 };
}

test('R-BKP-12: where nothing is wrong the backup goes on', () => {
  expect(verdict({})).toEqual({ next: { kind: 'go' }, alarms: {} });
});

test.each<[string, Partial<Surroundings>, PreflightVerdict['alarms']]>([
  [
    'R-BKP-4: a clock more than 5 min ahead is an alarm',
    { clock: { ...clock, hostMs: clock.answeredAtMs + 5 * minuteMs + 1000 } },
    { clock: 'the clock of the host is 5 min 1 s ahead, 5 min are allowed' },
  ],
  [
    'R-BKP-4: a clock more than 5 min behind is an alarm',
    { clock: { ...clock, hostMs: clock.askedAtMs - 5 * minuteMs - 1 } },
    { clock: 'the clock of the host is 5 min behind, 5 min are allowed' },
  ],
  ['R-BKP-4: exactly 5 min are none', { clock: { ...clock, hostMs: clock.answeredAtMs + 5 * minuteMs } }, {}],
  [
    'R-BKP-11: less space than must be left is an alarm',
    { freeBytes: 1099 },
    { space: '1099 bytes are free, the next backup takes 1000, and 100 must be left' },
  ],
  [
    'R-RPO-2: a log that is archived too late is an alarm',
    { lagSeconds: 61 },
    { lag: 'archiving of the log is 1 min 1 s behind, 1 min are allowed' },
  ],
  ['R-RPO-2: where no log is archived none is late', { lagSeconds: -1 }, {}],
])('%s, and stops nothing', (_what, over, alarms) => {
  expect(verdict(over)).toEqual({ next: { kind: 'go' }, alarms });
});

test('R-BKP-11: a backup for which there is no space is not begun', () => {
  const text = '999 bytes are free, the next backup takes 1000, and 100 must be left';

  expect(verdict({ freeBytes: 999 })).toEqual({ next: { kind: 'stop', reason: text }, alarms: { space: text } });
});

test('R-BKP-11: nor one by a tool that is older than the server', () => {
  const text = 'the tool "14.2" is older than the server "15.8"';

  expect(verdict({ toolVersion: '14.2' })).toEqual({
    next: { kind: 'stop', reason: text },
    alarms: { versions: text },
  });
});

test.each<[readonly RepositoryLock['holder'][], string, readonly string[]]>([
  [['gone'], 'unlock', ['l0']],
  [['gone', 'gone'], 'unlock', ['l0', 'l1']],
  [['unknown'], 'ask', ['l0']],
  [['gone', 'unknown'], 'ask', ['l1']],
  [['alive'], 'wait', ['l0']],
  [['gone', 'unknown', 'alive'], 'wait', ['l2']],
])('R-BKP-12: with locks of holders that are %j it does this: %s', (holders, kind, ids) => {
  const locks = holders.map((holder, at) => lock(`l${at}`, holder));

  const { next } = verdict({ locks });

  expect(next).toEqual({ kind, locks: locks.filter(({ id }) => ids.includes(id)) });
});

test('R-BKP-12: no lock is ever broken without proof that its holder is gone', () => {
  const holder = fc.constantFrom<RepositoryLock['holder'][]>('alive', 'gone', 'unknown');

  fc.assert(
    fc.property(fc.array(holder), fc.nat(2000), (holders, freeBytes) => {
      const { next } = verdict({ freeBytes, locks: holders.map((each, at) => lock(`l${at}`, each)) });

      if (next.kind === 'unlock') expect(holders.every((each) => each === 'gone')).toBe(true);
      if (next.kind === 'go') expect(holders).toEqual([]);
    }),
  );
});

test('clockSkewMs() blames no clock for the time that the question took', () => {
  expect(clockSkewMs({ hostMs: 500, askedAtMs: 0, answeredAtMs: 1000 })).toBe(0);
  expect(clockSkewMs({ hostMs: 1500, askedAtMs: 0, answeredAtMs: 1000 })).toBe(500);
  expect(clockSkewMs({ hostMs: -3, askedAtMs: 0, answeredAtMs: 1000 })).toBe(3);
});
