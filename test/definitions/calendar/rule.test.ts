import ICAL from 'ical.js';
import fc from 'fast-check';

import { hitsStart, occurrencesOf } from '../../../definitions/calendar/recurrence';
import { parseRule } from '../../../definitions/calendar/rule';
import type { RecurrenceRule } from '../../../definitions/calendar/rule';
import { formatLocalTime, parseLocalTime } from '../../../definitions/calendar/wall-time';
import { ianaZone } from '../../../definitions/calendar/zone';
import type { Zone } from '../../../definitions/calendar/zone';

function zoneOf(name: string): Zone {
  const zone = ianaZone(name);
  if (zone === null) throw new Error(name);
  return zone;
}

function ruleOf(text: string): RecurrenceRule {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.rule;
}

function wall(text: string): number {
  const found = parseLocalTime(text);
  if (found === null) throw new Error(text);
  return found;
}

function starts(rule: string, start: string, most = 6): readonly string[] {
  const range = { from: wall(start), to: wall('2200-01-01T00:00'), limit: most };
  const found = occurrencesOf({ rule: ruleOf(rule), start: wall(start), zone: zoneOf('America/New_York') }, range);
  return found.starts.map((at) => formatLocalTime(at));
}

const nine = (...dates: readonly string[]): readonly string[] => dates.map((date) => `${date}T09:00`);

// The examples of RFC 5545, section 3.8.5.3, as far as calendars take such rules.
describe('occurrencesOf() gives what RFC 5545 gives for', () => {
  test.each([
    ['FREQ=DAILY;COUNT=3', '1997-09-02', nine('1997-09-02', '1997-09-03', '1997-09-04')],
    ['FREQ=DAILY;INTERVAL=10;COUNT=3', '1997-09-02', nine('1997-09-02', '1997-09-12', '1997-09-22')],
    ['FREQ=DAILY;UNTIL=19970905T000000Z', '1997-09-02', nine('1997-09-02', '1997-09-03', '1997-09-04')],
    ['FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=3', '1997-09-02', nine('1997-09-02', '1997-09-16', '1997-09-30')],
    [
      'FREQ=WEEKLY;COUNT=4;WKST=SU;BYDAY=TU,TH',
      '1997-09-02',
      nine('1997-09-02', '1997-09-04', '1997-09-09', '1997-09-11'),
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
      '1997-08-05',
      nine('1997-08-05', '1997-08-10', '1997-08-19', '1997-08-24'),
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
      '1997-08-05',
      nine('1997-08-05', '1997-08-17', '1997-08-19', '1997-08-31'),
    ],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=1FR', '1997-09-05', nine('1997-09-05', '1997-10-03', '1997-11-07')],
    [
      'FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU',
      '1997-09-07',
      nine('1997-09-07', '1997-09-28', '1997-11-02', '1997-11-30'),
    ],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=-2MO', '1997-09-22', nine('1997-09-22', '1997-10-20', '1997-11-17')],
    ['FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3', '1997-09-28', nine('1997-09-28', '1997-10-29', '1997-11-28')],
    [
      'FREQ=MONTHLY;COUNT=4;BYMONTHDAY=1,-1',
      '1997-09-30',
      nine('1997-09-30', '1997-10-01', '1997-10-31', '1997-11-01'),
    ],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3', '1998-02-13', nine('1998-02-13', '1998-03-13', '1998-11-13')],
    [
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3',
      '1997-09-29',
      nine('1997-09-29', '1997-10-30', '1997-11-27'),
    ],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', nine('1997-09-04', '1997-10-07', '1997-11-06')],
    ['FREQ=MONTHLY;COUNT=3', '2007-01-31', nine('2007-01-31', '2007-03-31', '2007-05-31')],
    ['FREQ=YEARLY;COUNT=4;BYMONTH=6,7', '1997-06-10', nine('1997-06-10', '1997-07-10', '1998-06-10', '1998-07-10')],
    [
      'FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200',
      '1997-01-01',
      nine('1997-01-01', '1997-04-10', '1997-07-19', '2000-01-01'),
    ],
    ['FREQ=YEARLY;BYDAY=20MO;COUNT=3', '1997-05-19', nine('1997-05-19', '1998-05-18', '1999-05-17')],
    ['FREQ=YEARLY;BYMONTH=3;BYDAY=TH;COUNT=3', '1997-03-13', nine('1997-03-13', '1997-03-20', '1997-03-27')],
    ['FREQ=YEARLY;COUNT=3', '2024-02-29', nine('2024-02-29', '2028-02-29', '2032-02-29')],
    [
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3',
      '1996-11-05',
      nine('1996-11-05', '2000-11-07', '2004-11-02'),
    ],
    [
      'FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20;COUNT=5',
      '1997-09-02',
      ['1997-09-02T09:00', '1997-09-02T09:20', '1997-09-02T10:00', '1997-09-02T10:20', '1997-09-03T09:00'],
    ],
  ])('%s from %s', (rule, day, expected) => {
    expect(starts(rule, `${day}T09:00`)).toEqual(expected);
    expect(hitsStart(ruleOf(rule), wall(`${day}T09:00`))).toBe(true);
  });

  test.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2',
    'FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1',
  ])('%s: nothing but its start, after looking at two centuries', (rule) => {
    expect(starts(rule, '2026-01-03T09:00')).toEqual(['2026-01-03T09:00']);
  });
});

const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const interval = fc.integer({ min: 1, max: 4 });
const start = fc.integer({ min: 0, max: 20 * 366 }).map((day) => Date.UTC(2010, 0, 1, 22) + day * 86_400_000);

/** Rules that another library expands rightly as well: it is wrong about days that a month or a year does not have. */
const everydayRule = fc.oneof(
  interval.map((n) => `FREQ=DAILY;INTERVAL=${n}`),
  fc
    .tuple(interval, fc.subarray([...days], { minLength: 1 }))
    .map(([n, on]) => `FREQ=WEEKLY;INTERVAL=${n};BYDAY=${on.join(',')}`),
  fc
    .tuple(interval, fc.constantFrom(1, 2, 3, 4, -1), fc.constantFrom(...days))
    .map(([n, nth, day]) => `FREQ=MONTHLY;INTERVAL=${n};BYDAY=${nth}${day}`),
  fc.tuple(interval, fc.integer({ min: 1, max: 28 })).map(([n, day]) => `FREQ=MONTHLY;INTERVAL=${n};BYMONTHDAY=${day}`),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
    .map(([month, day]) => `FREQ=YEARLY;BYMONTH=${month};BYMONTHDAY=${day}`),
);

test('occurrencesOf() agrees with another implementation about rules of every day', () => {
  fc.assert(
    fc.property(everydayRule, start, (text, first) => {
      const rule = ruleOf(text);
      const iterator = ICAL.Recur.fromString(text).iterator(ICAL.Time.fromJSDate(new Date(first), true));
      const expected = Array.from({ length: 8 }, () => String(iterator.next()).slice(0, 19));

      const found = occurrencesOf(
        { rule, start: first, zone: zoneOf('UTC') },
        { from: first, to: Date.UTC(2200, 0, 1), limit: 9 },
      );

      const ours = hitsStart(rule, first) ? found.starts : found.starts.slice(1);
      expect(ours.slice(0, 8).map((at) => new Date(at).toISOString().slice(0, 19))).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('occurrencesOf() finds the same in a part of the time as in all of it', () => {
  fc.assert(
    fc.property(everydayRule, start, fc.integer({ min: 0, max: 3_000 }), (text, first, skipped) => {
      const of = { rule: ruleOf(text), start: first, zone: zoneOf('UTC') };
      const to = first + 4_000 * 86_400_000;
      const from = first + skipped * 86_400_000;

      const all = occurrencesOf(of, { from: first, to, limit: 10_000 });
      const part = occurrencesOf(of, { from, to, limit: 10_000 });

      expect(part.starts).toEqual(all.starts.filter((at) => at >= from));
    }),
  );
});
