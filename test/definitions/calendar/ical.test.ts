import { happeningsIn } from '../../../definitions/calendar/event';
import { icalZone, readIcal } from '../../../definitions/calendar/ical';
import type { IcalReading } from '../../../definitions/calendar/ical';
import { ianaZone } from '../../../definitions/calendar/zone';
import type { Zone } from '../../../definitions/calendar/zone';

function zoneOf(name: string): Zone {
  const zone = ianaZone(name);
  if (zone === null) throw new Error(name);
  return zone;
}

function calendar(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

function event(...lines: readonly string[]): string {
  return ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
}

function read(text: string): IcalReading {
  return readIcal(text, { zone: zoneOf('Europe/Berlin'), force: 'soft' });
}

/** What happens in 2026, as `id start → end` in UTC. */
function happen(...lines: readonly string[]): readonly string[] {
  const reading = read(calendar(...lines));
  if (reading.problems.length > 0) throw new Error(reading.problems.join('; '));
  const year = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2027, 0, 1) };
  const shown = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16);
  return happeningsIn(reading.events, year).happenings.map(
    ({ event: { id }, startMs, endMs }) => `${id} ${shown(startMs)} → ${shown(endMs)}`,
  );
}

/** As Outlook writes it: a name of its own, and the rules. */
const outlookZone = [
  'BEGIN:VTIMEZONE',
  'TZID:W. Europe Standard Time',
  'BEGIN:STANDARD',
  'DTSTART:16010101T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
].join('\r\n');

describe('readIcal() reads', () => {
  test.each([
    [
      'a time in UTC',
      ['DTSTART:20260301T100000Z', 'DTEND:20260301T110000Z'],
      ['a 2026-03-01T10:00 → 2026-03-01T11:00'],
    ],
    [
      'a time without a zone in that of the calendar',
      ['DTSTART:20260301T100000', 'DTEND:20260301T110000'],
      ['a 2026-03-01T09:00 → 2026-03-01T10:00'],
    ],
    [
      'a time in a zone of its own',
      ['DTSTART;TZID=Asia/Tokyo:20260301T100000', 'DTEND;TZID=Asia/Tokyo:20260301T110000'],
      ['a 2026-03-01T01:00 → 2026-03-01T02:00'],
    ],
    [
      'a name that ends in a zone',
      ['DTSTART;TZID=/softwarestudio.org/Tzfile/Asia/Tokyo:20260301T100000', 'DURATION:PT1H'],
      ['a 2026-03-01T01:00 → 2026-03-01T02:00'],
    ],
    ['a whole day of 23 hours', ['DTSTART;VALUE=DATE:20260329'], ['a 2026-03-28T23:00 → 2026-03-29T22:00']],
    [
      'whole days up to and without the last',
      ['DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227'],
      ['a 2026-12-23T23:00 → 2026-12-26T23:00'],
    ],
    [
      'a day as a calendar day (R-TIME-1)',
      ['DTSTART:20260328T120000', 'DURATION:P1D'],
      ['a 2026-03-28T11:00 → 2026-03-29T10:00'],
    ],
    [
      '24 hours as physical time (R-TIME-4)',
      ['DTSTART:20260328T120000', 'DURATION:PT24H'],
      ['a 2026-03-28T11:00 → 2026-03-29T11:00'],
    ],
    [
      'a rule that ends in UTC',
      ['DTSTART:20260301T230000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20260302T220000Z'],
      ['a 2026-03-01T22:00 → 2026-03-01T23:00', 'a 2026-03-02T22:00 → 2026-03-02T23:00'],
    ],
    [
      'what is left out and what comes besides',
      [
        'DTSTART:20260301T100000',
        'DURATION:PT1H',
        'RRULE:FREQ=DAILY;COUNT=3',
        'EXDATE:20260302T100000',
        'RDATE:20260401T100000',
      ],
      [
        'a 2026-03-01T09:00 → 2026-03-01T10:00',
        'a 2026-03-03T09:00 → 2026-03-03T10:00',
        'a 2026-04-01T08:00 → 2026-04-01T09:00',
      ],
    ],
    [
      'an exception in another zone',
      ['DTSTART:20260301T100000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2', 'EXDATE:20260302T090000Z'],
      ['a 2026-03-01T09:00 → 2026-03-01T10:00'],
    ],
  ])('%s', (_what, lines, expected) => {
    expect(happen(event('UID:a', ...lines))).toEqual(expected);
  });

  test('shifts over a change of clocks that leave no gap, since an end stays where the clock shows it (R-TIME-2)', () => {
    const night = event('UID:night', 'DTSTART:20261024T220000', 'DTEND:20261025T060000');
    const day = event('UID:day', 'DTSTART:20261025T060000', 'DTEND:20261025T220000');

    expect(happen(night, day)).toEqual([
      'night 2026-10-24T20:00 → 2026-10-25T05:00',
      'day 2026-10-25T05:00 → 2026-10-25T21:00',
    ]);
  });

  test('an occurrence that was moved, and one that was cancelled', () => {
    const master = event(
      'UID:a',
      'DTSTART;TZID=Europe/Berlin:20260302T100000',
      'DURATION:PT1H',
      'RRULE:FREQ=WEEKLY;COUNT=3',
    );
    const moved = event(
      'UID:a',
      'RECURRENCE-ID;TZID=Europe/Berlin:20260309T100000',
      'DTSTART;TZID=Europe/Berlin:20260310T150000',
      'DURATION:PT2H',
    );
    const cancelled = event('UID:a', 'RECURRENCE-ID:20260316T090000Z', 'DTSTART:20260316T090000Z', 'STATUS:CANCELLED');

    expect(happen(moved, master, cancelled)).toEqual([
      'a 2026-03-02T09:00 → 2026-03-02T10:00',
      'a+1 2026-03-10T14:00 → 2026-03-10T16:00',
    ]);
  });

  test('times in a zone of a program, by the rules in the file', () => {
    const lines = (start: string): string =>
      event('UID:a', `DTSTART;TZID=W. Europe Standard Time:${start}`, 'DURATION:PT1H');

    expect(happen(outlookZone, lines('20260301T100000'))).toEqual(['a 2026-03-01T09:00 → 2026-03-01T10:00']);
    expect(happen(outlookZone, lines('20260701T100000'))).toEqual(['a 2026-07-01T08:00 → 2026-07-01T09:00']);
    // R-TIME-3, here as for the zones of the IANA database: past the gap, and the first of two.
    expect(happen(outlookZone, lines('20260329T023000'))).toEqual(['a 2026-03-29T01:30 → 2026-03-29T02:30']);
    expect(happen(outlookZone, lines('20261025T023000'))).toEqual(['a 2026-10-25T00:30 → 2026-10-25T01:30']);
  });

  test('a zone that a file names besides its own name for it', () => {
    const named = outlookZone.replace('BEGIN:STANDARD', 'X-LIC-LOCATION:Asia/Tokyo\r\nBEGIN:STANDARD');

    expect(
      happen(named, event('UID:a', 'DTSTART;TZID=W. Europe Standard Time:20260301T100000', 'DURATION:PT1H')),
    ).toEqual(['a 2026-03-01T01:00 → 2026-03-01T02:00']);
  });
});

const good = event('UID:good', 'DTSTART:20260301T100000', 'DURATION:PT1H');

test.each([
  ['something else', 'hello', 'it is not iCalendar'],
  ['nothing', '', 'it is not iCalendar'],
  ['a calendar without an event', calendar(), 'it has no event'],
  ['an event without a start', calendar(event('UID:a', 'SUMMARY:A')), 'event "A": DTSTART is missing'],
  [
    'an end before the start',
    calendar(event('UID:a', 'DTSTART:20260301T100000', 'DTEND:20260301T090000')),
    'it ends before it starts',
  ],
  [
    'a rule by the minute',
    calendar(event('UID:a', 'DTSTART:20260301T100000', 'DURATION:PT1M', 'RRULE:FREQ=MINUTELY')),
    'FREQ is MINUTELY',
  ],
  [
    'a rule with weeks of the year',
    calendar(event('UID:a', 'DTSTART:20260301T100000', 'DURATION:PT1M', 'RRULE:FREQ=YEARLY;BYWEEKNO=20')),
    'BYWEEKNO is not among',
  ],
  [
    'an excluding rule',
    calendar(event('UID:a', 'DTSTART:20260301T100000', 'DURATION:PT1M', 'EXRULE:FREQ=DAILY')),
    'EXRULE is not supported',
  ],
  [
    'a change of all that follows',
    calendar(good, event('UID:good', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20260301T100000', 'DTSTART:20260301T100000')),
    'RANGE of RECURRENCE-ID is not supported',
  ],
  ['two events with one UID', calendar(good, good), 'another event has the UID "good"'],
  [
    'an unknown zone',
    calendar(event('UID:a', 'DTSTART;TZID=Nowhere:20260301T100000', 'DURATION:PT1M')),
    'the zone "Nowhere" is unknown',
  ],
  [
    'thousands of events',
    calendar(
      ...Array.from({ length: 2_001 }, (_, at) => event(`UID:e${at}`, 'DTSTART:20260301T100000', 'DURATION:PT1M')),
    ),
    'it has more than 2000 events',
  ],
])('readIcal() does not half understand %s', (_what, text, problem) => {
  expect(read(text).problems).toEqual([expect.stringContaining(problem)]);
});

test('readIcal() says what it left out', () => {
  const lines = [
    good,
    event('UID:off', 'SUMMARY:Off', 'DTSTART:20260302T100000', 'DURATION:PT1H', 'STATUS:CANCELLED'),
    event('UID:mark', 'SUMMARY:Mark', 'DTSTART:20260302T100000'),
    'BEGIN:VTODO\r\nUID:todo\r\nEND:VTODO',
  ];

  const reading = read(calendar(...lines));

  expect(reading.events.map(({ id }) => id)).toEqual(['good']);
  expect(reading.notes).toEqual([
    '"Off" was left out: it is cancelled',
    '"Mark" was left out: it takes no time',
    'VTODO was left out: only events count',
  ]);
});

test.each([
  [calendar('X-WR-TIMEZONE:Asia/Tokyo', good), 'Asia/Tokyo'],
  [calendar(outlookZone, good), null],
  [calendar(good), null],
])('icalZone() gives the zone of a file where it is one of the IANA database', (text, zone) => {
  expect(icalZone(text)).toBe(zone);
});
