import fc from 'fast-check';

import { occurrencesFrom, readSchedule } from '../../definitions/backup-schedule';
import { DayClock } from '../../definitions/calendar/day-clock';
import { ianaZone } from '../../definitions/calendar/zone';
import type { Zone } from '../../definitions/calendar/zone';
import type { BackupSchedule } from '../../workflows/backup/schema';
import { walkMinutes } from './minute-walker';
import type { WallMinute } from './minute-walker';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function zoneOf(name: string): Zone {
  const zone = ianaZone(name);
  if (zone === null) throw new Error(name);
  return zone;
}

function dueIn(
  schedule: BackupSchedule,
  zone: Zone,
  range: { readonly fromMs: number; readonly toMs: number },
): readonly number[] {
  const clock = new DayClock(zone);
  const reading = readSchedule(schedule, clock);
  if (!reading.ok) throw new Error(reading.problem.message);
  const due: number[] = [];
  for (const { atMs } of occurrencesFrom(reading.schedule, clock, range.fromMs)) {
    if (atMs >= range.toMs) break;
    due.push(atMs);
  }
  return due;
}

function texts(schedule: BackupSchedule, zone: string, from: string, to: string): readonly string[] {
  const range = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  return dueIn(schedule, zoneOf(zone), range).map((at) => `${new Date(at).toISOString().slice(0, 16)}Z`);
}

test.each([
  [
    'R-TIME-1: each night at the same time of the wall, in summer as in winter',
    { cron: '30 4 * * *' },
    'Europe/Berlin',
    ['2026-03-28', '2026-03-31'],
    ['2026-03-28T03:30Z', '2026-03-29T02:30Z', '2026-03-30T02:30Z'],
  ],
  [
    // R-TIME-3 and `Temporal` "compatible": moved on by the gap, not to its end.
    'R-TIME-3: a time that the clock leaves out comes once, later by the gap',
    { cron: '30 2 * * *' },
    'America/Chicago',
    ['2020-03-07', '2020-03-10'],
    ['2020-03-07T08:30Z', '2020-03-08T08:30Z', '2020-03-09T07:30Z'],
  ],
  [
    'R-TIME-3: a time that the clock shows twice comes once, at the first',
    { cron: '30 1 * * *' },
    'America/New_York',
    ['2026-10-31', '2026-11-03'],
    ['2026-10-31T05:30Z', '2026-11-01T05:30Z', '2026-11-02T06:30Z'],
  ],
  [
    'a time moved into one that is due as well comes once',
    { cron: '0 2,3 * * *' },
    'Europe/Berlin',
    ['2026-03-29', '2026-03-30'],
    ['2026-03-29T01:00Z'],
  ],
  [
    'what is moved does not overtake what comes after it',
    { cron: '0,30 2-3 * * *' },
    'Europe/Berlin',
    ['2026-03-29', '2026-03-30'],
    ['2026-03-29T01:00Z', '2026-03-29T01:30Z'],
  ],
  [
    'a day that a zone never had',
    { cron: '0 12 * * *' },
    'Pacific/Apia',
    ['2011-12-29', '2012-01-01'],
    ['2011-12-29T22:00Z', '2011-12-30T22:00Z', '2011-12-31T22:00Z'],
  ],
  [
    'a rule of RFC 5545',
    { rrule: 'FREQ=MONTHLY;BYDAY=2TU', start: '2026-01-13T03:00' },
    'UTC',
    ['2026-02-01', '2026-05-01'],
    ['2026-02-10T03:00Z', '2026-03-10T03:00Z', '2026-04-14T03:00Z'],
  ],
  [
    'a rule that ends',
    { rrule: 'FREQ=DAILY;COUNT=2', start: '2026-01-13T03:00' },
    'UTC',
    ['2026-01-14', '2027-01-01'],
    ['2026-01-14T03:00Z'],
  ],
  [
    'a length of time goes on when clocks are changed',
    { every: '6h' },
    'Europe/Berlin',
    ['2026-03-28T22:00', '2026-03-29T13:00'],
    ['2026-03-29T00:00Z', '2026-03-29T06:00Z', '2026-03-29T12:00Z'],
  ],
  [
    'the 29th of February, over the year 2100 that has none',
    { cron: '0 0 29 2 *' },
    'UTC',
    ['2095-01-01', '2110-01-01'],
    ['2096-02-29T00:00Z', '2104-02-29T00:00Z', '2108-02-29T00:00Z'],
  ],
] as const)('%s', (_what, schedule, zone, [from, to], expected) => {
  const iso = (text: string): string => (text.includes('T') ? `${text}:00Z` : `${text}T00:00:00Z`);

  expect(texts(schedule, zone, iso(from), iso(to))).toEqual(expected);
});

/** Around a change of the clock of each: half an hour, at midnight, a whole day, and none at all. */
const stretches = [
  ['Europe/Berlin', '2026-03-27'],
  ['Europe/Berlin', '2026-10-23'],
  ['America/Chicago', '2020-03-06'],
  ['America/Havana', '2023-11-03'],
  ['America/Havana', '2024-03-08'],
  ['Asia/Beirut', '2024-03-29'],
  ['Asia/Beirut', '2024-10-25'],
  ['Australia/Lord_Howe', '2026-04-03'],
  ['Australia/Lord_Howe', '2026-10-02'],
  ['Pacific/Apia', '2011-12-28'],
  ['Asia/Kathmandu', '2026-06-01'],
] as const;

const walked = new Map<string, readonly (readonly [WallMinute, number])[]>();

function minutesOf([name, date]: (typeof stretches)[number]): readonly (readonly [WallMinute, number])[] {
  const key = `${name} ${date}`;
  const known =
    walked.get(key) ?? walkMinutes(zoneOf(name), Date.parse(date) - 2 * dayMs, Date.parse(date) + 6 * dayMs);
  walked.set(key, known);
  return known;
}

const field = (min: number, max: number): fc.Arbitrary<readonly number[]> =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 6 });
const cronLines = fc.record({
  minute: field(0, 59),
  hour: fc.oneof(fc.constant(null), field(0, 23)),
  weekday: fc.oneof(fc.constant(null), field(0, 6)),
});

test('R-TIME-1, R-TIME-3: a cron line is due when a walk over every minute says so, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.constantFrom(...stretches), cronLines, fc.nat(3 * 24 * 60), (stretch, line, offset) => {
      const fromMs = Date.parse(stretch[1]) + offset * 60_000;
      const toMs = Date.parse(stretch[1]) + 4 * dayMs;
      const cron = `${line.minute.join()} ${line.hour?.join() ?? '*'} * * ${line.weekday?.join() ?? '*'}`;
      const expected = minutesOf(stretch)
        .filter(
          ([wall, at]) =>
            at >= fromMs &&
            at < toMs &&
            line.minute.includes(wall.minute) &&
            (line.hour?.includes(wall.hour) ?? true) &&
            (line.weekday?.includes(wall.weekday) ?? true),
        )
        .map(([, at]) => at);

      expect(dueIn({ cron }, zoneOf(stretch[0]), { fromMs, toMs })).toEqual(
        [...new Set(expected)].sort((a, b) => a - b),
      );
    }),
    { numRuns: 400 },
  );
});

test('from wherever somebody begins, what is due is the same', () => {
  const schedules = fc.oneof(
    fc
      .record({ minute: fc.nat(59), hour: fc.nat(23) })
      .map(({ minute, hour }) => ({ cron: `${minute} ${hour} * * *` })),
    fc.integer({ min: 1, max: 5000 }).map((minutes) => ({ every: `${minutes}m` })),
    fc
      .constantFrom(
        'FREQ=DAILY;INTERVAL=3',
        'FREQ=WEEKLY;BYDAY=SU,WE;BYHOUR=2,3',
        'FREQ=MONTHLY;BYMONTHDAY=-1',
        'FREQ=DAILY;COUNT=40',
      )
      .map((rrule) => ({ rrule, start: '2026-03-01T02:30' })),
  );
  const toMs = Date.parse('2026-04-20T00:00:00Z');
  const fromMs = Date.parse('2026-03-10T00:00:00Z');
  fc.assert(
    fc.property(schedules, fc.nat(30 * 24 * 60), (schedule, minutes) => {
      const laterMs = fromMs + minutes * 60_000;
      const zone = zoneOf('Europe/Berlin');

      const all = dueIn(schedule, zone, { fromMs, toMs });

      expect(dueIn(schedule, zone, { fromMs: laterMs, toMs })).toEqual(all.filter((at) => at >= laterMs));
    }),
  );
});

test('DayClock tells times that the clock leaves out, and those that it shows twice', () => {
  const clock = new DayClock(zoneOf('Europe/Berlin'));
  const changeAt = (wall: string): string => clock.instantOf(Date.parse(`${wall}:00Z`)).change;

  expect(
    [
      '2026-03-28T02:30',
      '2026-03-29T01:59',
      '2026-03-29T02:30',
      '2026-03-29T03:00',
      '2026-10-25T01:59',
      '2026-10-25T02:00',
      '2026-10-25T02:59',
      '2026-10-25T03:00',
    ].map(changeAt),
  ).toEqual(['none', 'none', 'skipped', 'none', 'none', 'repeated', 'repeated', 'none']);
});

test('what never comes again ends', () => {
  const [fromMs, toMs] = [Date.parse('2025-06-01'), Date.parse('2400-01-01')];

  expect(
    dueIn({ rrule: 'FREQ=DAILY;UNTIL=20260101', start: '2025-12-30T03:00' }, zoneOf('UTC'), { fromMs, toMs }),
  ).toHaveLength(3);
});
