import { calendarOf, resolved, stretchesOf } from './calendars';
import { calendarVersion, longestHorizonMs, resolveCalendar } from '../../../definitions/calendar/resolve';
import { instantAfterOpenTime } from '../../../workflows/domain/business-time';
import { openTimeOf } from '../../../workflows/domain/calendar';
import { lateStarts } from '../../../workflows/domain/missed-schedule';

const open = (...lines: readonly string[]): readonly string[] => ['type: DEFAULT_OPEN', ...lines];
const closed = (...lines: readonly string[]): readonly string[] => ['type: DEFAULT_CLOSED', ...lines];

describe('R-TIME-1: wall-clock schedules expand by calendar arithmetic in their zone', () => {
  const shift = (start: string): readonly string[] =>
    open(
      'zone: America/Chicago',
      `events: [{id: week, start: ${start}, length: P1W, rrule: 'FREQ=WEEKLY;INTERVAL=2'}]`,
    );

  test.each([
    ['2024-10-29T00:00', '2024-10-29T05:00Z → 2024-11-05T06:00Z'],
    ['2025-03-04T00:00', '2025-03-04T06:00Z → 2025-03-11T05:00Z'],
  ])('a weekly America/Chicago shift from %s runs %s', (start, stretch) => {
    const calendar = resolved(
      shift(start),
      `${start}:00Z`,
      new Date(Date.parse(`${start}Z`) + 9 * 86_400_000).toISOString(),
    );

    expect(stretchesOf(calendar)).toEqual([stretch]);
  });

  test('a shift that starts Monday 11:00 local keeps starting at 11:00', () => {
    const lines = open(
      'zone: America/Chicago',
      "events: [{id: week, start: 2024-10-21T11:00, length: P7D, rrule: 'FREQ=WEEKLY'}]",
    );

    expect(stretchesOf(resolved(lines, '2024-10-22T00:00Z', '2024-11-11T00:00Z'))).toEqual([
      '2024-10-21T16:00Z → 2024-10-28T16:00Z',
      '2024-10-28T16:00Z → 2024-11-04T17:00Z',
      '2024-11-04T17:00Z → 2024-11-11T17:00Z',
    ]);
  });

  test('P1D is a calendar day and PT24H is not', () => {
    const events =
      'events: [{id: day, start: 2026-03-29T00:00, length: P1D}, {id: hours, start: 2026-03-29T00:00, length: PT24H}]';

    expect(
      stretchesOf(resolved(open('zone: Europe/Berlin', events), '2026-03-28T00:00Z', '2026-04-02T00:00Z')),
    ).toEqual(['2026-03-28T23:00Z → 2026-03-29T22:00Z', '2026-03-28T23:00Z → 2026-03-29T23:00Z']);
  });

  test('a holiday is the whole day of its zone, of 23 hours in spring and 25 in autumn', () => {
    const lines = open('zone: Europe/Berlin', 'holidays: [2026-03-29, {date: 2026-10-25, title: Long day}]');
    const calendar = resolved(lines, '2026-01-01T00:00Z', '2027-01-01T00:00Z');

    expect(stretchesOf(calendar)).toEqual([
      '2026-03-28T23:00Z → 2026-03-29T22:00Z',
      '2026-10-24T22:00Z → 2026-10-25T23:00Z',
    ]);
    expect(calendar).toMatchObject({
      closures: [{ title: 'Holiday' }, { id: 'sample/holiday@2026-10-25', title: 'Long day' }],
    });
  });
});

test('R-TIME-2: shifts that follow one another leave no gap and no overlap at a DST change', () => {
  const shifts = ['22:00 06:00', '06:00 14:00', '14:00 22:00'].map((times, at) => {
    const [from = '', to = ''] = times.split(' ');
    const end = to < from ? `2026-10-02T${to}` : `2026-10-01T${to}`;
    return `{id: shift${at}, start: 2026-10-01T${from}, end: ${end}, rrule: FREQ=DAILY}`;
  });
  const calendar = resolved(
    open('zone: Europe/Berlin', `events: [${shifts.join(', ')}]`),
    '2026-10-20T00:00Z',
    '2026-10-30T00:00Z',
  );
  const { closures } = calendar.type === 'DEFAULT_OPEN' ? calendar : { closures: [] };

  expect(closures.length).toBeGreaterThan(29);
  for (const [at, { endMs }] of closures.slice(0, -1).entries()) expect(closures[at + 1]?.startMs).toBe(endMs);
});

describe('R-TIME-3: a time that is ambiguous or does not exist', () => {
  // This choice is that of Temporal's "compatible": the gap is jumped over by its own length.
  test('02:30 on 2020-03-08 in America/Chicago becomes 03:30', () => {
    const lines = open('zone: America/Chicago', 'freezes: [{id: gap, start: 2020-03-08T02:30, end: 2020-03-08T05:00}]');

    expect(stretchesOf(resolved(lines, '2020-03-08T00:00Z', '2020-03-09T00:00Z'))).toEqual([
      '2020-03-08T08:30Z → 2020-03-08T10:00Z',
    ]);
  });

  test('02:30 on the day when clocks go back in Berlin is its first occurrence', () => {
    const lines = open('zone: Europe/Berlin', 'freezes: [{id: twice, start: 2026-10-25T02:30, end: 2026-10-25T04:00}]');

    expect(stretchesOf(resolved(lines, '2026-10-24T00:00Z', '2026-10-26T00:00Z'))).toEqual([
      '2026-10-25T00:30Z → 2026-10-25T03:00Z',
    ]);
  });

  test('hours that the clocks jump over are none, and what ends in the gap ends after it', () => {
    const hours = (spans: string): readonly string[] =>
      stretchesOf(
        resolved(closed('zone: Europe/Berlin', `hours: {sun: [${spans}]}`), '2026-03-29T00:00Z', '2026-03-30T00:00Z'),
      );

    expect(hours("'02:30-03:00'")).toEqual([]);
    expect(hours("'01:00-02:30'")).toEqual(['2026-03-29T00:00Z → 2026-03-29T01:30Z']);
  });
});

describe('R-TIME-4: elapsed time is physical', () => {
  test('a night shift 22–06 lasts 9 h on the fall-back day', () => {
    const lines = closed('zone: America/New_York', "hours: {sat: ['22:00-06:00']}");

    // 2026-10-31T22:00-04:00 + 9 h = 2026-11-01T06:00-05:00
    expect(stretchesOf(resolved(lines, '2026-10-31T12:00Z', '2026-11-02T00:00Z'))).toEqual([
      '2026-11-01T02:00Z → 2026-11-01T11:00Z',
    ]);
  });

  test('on a 24×7 calendar 24 h from 2026-03-07T12:00 in New York end at 2026-03-08T13:00-04:00', () => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => `${day}: ['00:00-24:00']`);
    const calendar = resolved(
      closed('zone: America/New_York', `hours: {${days.join(', ')}}`),
      '2026-03-01T00:00Z',
      '2026-04-01T00:00Z',
    );

    const end = instantAfterOpenTime(openTimeOf([calendar]), Date.parse('2026-03-07T12:00-05:00'), 24 * 3_600_000);

    expect(end).toEqual({ kind: 'at', atMs: Date.parse('2026-03-08T13:00-04:00') });
  });

  test('a window of PT4H lasts four hours on the day when clocks go back', () => {
    const lines = closed('zone: Europe/Berlin', "windows: [{start: 'sun 00:00', length: PT4H}]");

    expect(stretchesOf(resolved(lines, '2026-10-24T00:00Z', '2026-10-26T00:00Z'))).toEqual([
      '2026-10-24T22:00Z → 2026-10-25T02:00Z',
    ]);
  });
});

test('R-SLA-10: a holiday lasts all day in the zone of the calendar, and 48 h of open time go around it', () => {
  const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => `${day}: ['09:00-21:00']`);
  const lines = closed('zone: Europe/Berlin', `hours: {${week.join(', ')}}`, 'holidays: [2016-11-11, 2016-11-13]');
  const calendar = resolved(lines, '2016-11-01T00:00Z', '2016-12-01T00:00Z');

  const due = instantAfterOpenTime(openTimeOf([calendar]), Date.parse('2016-11-09T23:00+01:00'), 48 * 3_600_000);

  expect(due).toEqual({ kind: 'at', atMs: Date.parse('2016-11-15T21:00+01:00') });
});

test('R-TIME-5: a day that ends at 24:00 and the next one leave no seam', () => {
  const lines = closed('zone: Europe/Berlin', "hours: {fri: ['09:00-24:00'], sat: ['00:00-06:00']}");

  expect(stretchesOf(resolved(lines, '2026-11-20T00:00Z', '2026-11-22T00:00Z'))).toEqual([
    '2026-11-20T08:00Z → 2026-11-21T05:00Z',
  ]);
});

test('R-TIME-5: an event may end at 24:00 of its day', () => {
  const lines = open('zone: UTC', 'freezes: [{id: eve, start: 2026-12-31T18:00, end: 2026-12-31T24:00}]');

  expect(stretchesOf(resolved(lines, '2026-12-31T00:00Z', '2027-01-02T00:00Z'))).toEqual([
    '2026-12-31T18:00Z → 2027-01-01T00:00Z',
  ]);
});

test('R-TIME-6: an answer says which text and which time-zone data it comes from', () => {
  const one = calendarOf(...open('zone: UTC', 'holidays: [2026-12-25]'));
  const other = calendarOf(...open('zone: UTC', 'holidays: [2026-12-26]'));

  expect(calendarVersion(one)).toBe(`${one.digest.slice(0, 16)}+tz${process.versions['tz'] ?? ''}`);
  expect(calendarVersion(other)).not.toBe(calendarVersion(one));
});

// The policy is a domain rule; here only the window that a late start re-checks comes from a calendar.
test('R-TIME-7: a late start finds its window again in the calendar, or finds it closed', () => {
  const calendar = resolved(
    closed('zone: UTC', "windows: [{start: 'sat 22:00', length: PT4H}]"),
    '2026-11-20T00:00Z',
    '2026-11-23T00:00Z',
  );
  const dueAtMs = Date.parse('2026-11-21T22:00Z');
  const [late] = lateStarts('run-once-late', [dueAtMs], dueAtMs + 3_600_000);
  const isOpen = (atMs: number): boolean =>
    openTimeOf([calendar]).open.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);

  expect(isOpen(dueAtMs + (late?.lateByMs ?? 0))).toBe(true);
  expect(isOpen(dueAtMs + 5 * 3_600_000)).toBe(false);
});

describe('R-FREEZE-1: what stands in a calendar closes it or opens it', () => {
  test('freezes, events and holidays close a calendar that is open by default, each by its id', () => {
    const lines = open(
      'zone: Europe/Berlin',
      'freezes: [{id: year-end, title: Year end, start: 2026-12-18T18:00, end: 2027-01-04T06:00, force: hard}]',
      "events: [{id: patch-day, start: 2026-11-10T18:00, length: PT6H, rrule: FREQ=MONTHLY;BYDAY=2TU, except: ['2026-12-08T18:00']}]",
      "holidays: ['12-25']",
    );

    expect(resolved(lines, '2026-11-01T00:00Z', '2027-02-01T00:00Z')).toMatchObject({
      type: 'DEFAULT_OPEN',
      name: 'sample',
      closures: [
        {
          id: 'sample/patch-day@2026-11-10T18:00',
          title: 'patch-day',
          force: 'soft',
          startMs: Date.parse('2026-11-10T17:00Z'),
        },
        { id: 'sample/year-end', title: 'Year end', force: 'hard', endMs: Date.parse('2027-01-04T05:00Z') },
        { id: 'sample/holiday@2026-12-25', force: 'soft' },
        { id: 'sample/patch-day@2027-01-12T18:00' },
      ],
    });
  });

  test('hours, windows and events open a calendar that is closed by default, and holidays take away from them', () => {
    const lines = closed(
      'zone: UTC',
      "hours: {thu: ['09:00-17:00'], fri: ['09:00-17:00']}",
      "windows: [{start: 'thu 16:00', length: PT4H, cutoff: PT1H}]",
      'events: [{id: extra, start: 2026-12-26T10:00, length: PT1H}]',
      'holidays: [2026-12-25]',
    );

    const calendar = resolved(lines, '2026-12-21T00:00Z', '2026-12-28T00:00Z');

    expect(stretchesOf(calendar)).toEqual([
      '2026-12-24T09:00Z → 2026-12-24T20:00Z',
      '2026-12-26T10:00Z → 2026-12-26T11:00Z',
    ]);
    const startMs = Date.parse('2026-12-24T16:00Z');
    expect(calendar).toMatchObject({ windows: [{ startMs, endMs: startMs + 4 * 3_600_000, cutoffMs: 3_600_000 }] });
  });
});

describe('resolveCalendar() is bounded', () => {
  test('to two years, and says so by its horizon', () => {
    const calendar = resolved(
      closed('zone: UTC', "hours: {mon: ['09:00-17:00']}"),
      '2026-01-01T00:00Z',
      '2056-01-01T00:00Z',
    );

    expect(calendar.horizon.endMs - calendar.horizon.startMs).toBe(longestHorizonMs);
  });

  test('to so many happenings that a thousand events every hour are resolved quickly, and completely as far as it says', () => {
    const events = Array.from({ length: 1_000 }, (_, at) => {
      const hours = Array.from({ length: 24 }, (_hour, hour) => hour).join(',');
      return `{id: e${at}, start: 2026-01-01T00:00, length: PT1M, rrule: 'FREQ=DAILY;BYHOUR=${hours}'}`;
    });
    const calendar = calendarOf(...open('zone: UTC', `events: [${events.join(', ')}]`));

    const far = resolveCalendar(calendar, {
      startMs: Date.parse('2026-02-01T00:00Z'),
      endMs: Date.parse('2028-01-01T00:00Z'),
    });

    expect(far.horizon.endMs).toBeLessThan(Date.parse('2026-03-01T00:00Z'));
    expect(far.type === 'DEFAULT_OPEN' && far.closures.length).toBeLessThanOrEqual(10_000);
  });

  test.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=40',
  ])(
    'the rule %s, which never comes, does not hang it: at check it is refused, since its start is none of its days',
    (rrule) => {
      const lines = open(
        'zone: UTC',
        `events: [{id: never, start: 2026-02-03T00:00, length: PT1H, rrule: '${rrule}'}]`,
      );

      expect(() => calendarOf(...lines)).toThrow('INVALID_RRULE');
    },
  );
});
