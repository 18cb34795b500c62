import { loadText } from '../../../definitions/load';
import { lintDocuments } from '../../../definitions/lint';
import { documentText, readMarks } from '../documents';

const open = (...lines: readonly string[]): string =>
  documentText('Calendar', 'type: DEFAULT_OPEN', 'zone: Europe/Berlin', ...lines);
const closed = (...lines: readonly string[]): string =>
  documentText('Calendar', 'type: DEFAULT_CLOSED', 'zone: Europe/Berlin', ...lines);

const freeze = (fields: string): string => open(`freezes: [{id: a, ${fields}}]`);
const event = (fields: string): string => open(`events: [{id: a, start: 2026-11-10T18:00, ${fields}}]`);
const window = (fields: string): string => closed(`windows: [{start: sat 22:00, ${fields}}]`);

function told(text: string): (readonly [string, number, number])[] {
  const { documents, problems } = loadText('sample.yaml', text);
  return [...problems, ...lintDocuments(documents)].map(({ code, line, column }) => [code, line, column]);
}

describe('check tells of what is wrong in a calendar, with line and column:', () => {
  test.each([
    ['an unknown zone', documentText('Calendar', 'type: DEFAULT_OPEN', 'zone: §Europe/Berlim'), 'UNKNOWN_ZONE'],
    ['an offset for a zone', documentText('Calendar', 'type: DEFAULT_OPEN', "zone: §'+01:00'"), 'UNKNOWN_ZONE'],
    ['an unknown type', documentText('Calendar', 'type: §OPEN', 'zone: UTC'), 'INVALID_VALUE'],
    ['freezes in a calendar that is closed anyway', closed('§freezes: []'), 'UNKNOWN_KEY'],
    ['hours in a calendar that is open anyway', open('§hours: {}'), 'UNKNOWN_KEY'],
    ['an unknown weekday', closed('hours: {§tues: []}'), 'UNKNOWN_KEY'],
    ['hours that are none', closed("hours: {mon: [§'9-17']}"), 'INVALID_VALUE'],
    ['hours after the end of the day', closed("hours: {mon: [§'09:00-24:30']}"), 'INVALID_VALUE'],
    ['hours that begin at the end of a day', closed("hours: {mon: [§'24:00-06:00']}"), 'INVALID_VALUE'],
    ['hours that end when they begin', closed("hours: {mon: [§'09:00-09:00']}"), 'INVALID_VALUE'],
    ['an end before the start', freeze('start: 2026-12-18T18:00, end: §2026-12-18T17:00'), 'INVALID_VALUE'],
    ['an end at the start', freeze('start: 2026-12-18T18:00, end: §2026-12-18T18:00'), 'INVALID_VALUE'],
    [
      'a time that the calendar does not have',
      freeze('start: §2026-02-30T18:00, end: 2026-12-18T18:00'),
      'INVALID_VALUE',
    ],
    ['a time in a zone of its own', freeze('start: §2026-12-01T18:00Z, end: 2026-12-18T18:00'), 'INVALID_VALUE'],
    ['an unknown force', freeze('start: 2026-12-01T18:00, end: 2026-12-18T18:00, force: §firm'), 'INVALID_VALUE'],
    ['a freeze without an id', open('freezes: [§{start: 2026-12-01T18:00, end: 2026-12-18T18:00}]'), 'MISSING_KEY'],
    [
      'two entries with one id',
      open(
        'freezes: [{id: a, start: 2026-12-01T18:00, end: 2026-12-02T18:00}]',
        'events: [{id: §a, start: 2026-12-01T18:00, length: PT1H}]',
      ),
      'DUPLICATE_ID',
    ],
    ['an event without an end', open('events: [§{id: a, start: 2026-12-01T18:00}]'), 'MISSING_KEY'],
    [
      'an event with two ends',
      open('events: [§{id: a, start: 2026-12-01T18:00, end: 2026-12-01T19:00, length: PT1H}]'),
      'INVALID_VALUE',
    ],
    ['a length in days that are 24 hours', event('length: §1d'), 'INVALID_DURATION'],
    ['a length of nothing', event('length: §PT0S'), 'OUT_OF_RANGE'],
    ['a rule that is none', event('length: PT1H, rrule: §every second tuesday'), 'INVALID_RRULE'],
    ['a rule with an unknown day', event("length: PT1H, rrule: §'FREQ=WEEKLY;BYDAY=XX'"), 'INVALID_RRULE'],
    ['a rule with a part that is not there', event("length: PT1H, rrule: §'FREQ=WEEKLY;BYSECOND=1'"), 'INVALID_RRULE'],
    ['a rule that repeats by the hour', event('length: PT1H, rrule: §FREQ=HOURLY'), 'INVALID_RRULE'],
    ['a rule with two ends', event("length: PT1H, rrule: §'FREQ=DAILY;COUNT=2;UNTIL=20270101'"), 'INVALID_RRULE'],
    ['a numbered day in a week', event("length: PT1H, rrule: §'FREQ=WEEKLY;BYDAY=2TU'"), 'INVALID_RRULE'],
    ['an interval of nothing', event("length: PT1H, rrule: §'FREQ=DAILY;INTERVAL=0'"), 'INVALID_RRULE'],
    ['a start that its rule does not hit', event("length: PT1H, rrule: §'FREQ=WEEKLY;BYDAY=MO'"), 'INVALID_RRULE'],
    [
      'a rule that comes every minute',
      event(
        `length: PT1M, rrule: §'FREQ=DAILY;BYHOUR=0,1,2;BYMINUTE=${Array.from({ length: 60 }, (_, at) => at).join(',')}'`,
      ),
      'INVALID_RRULE',
    ],
    [
      'what recurs and takes more than a year',
      open('events: [§{id: a, start: 2026-11-10T18:00, length: P400D, rrule: FREQ=WEEKLY}]'),
      'OUT_OF_RANGE',
    ],
    [
      'what is counted since times long gone',
      open("events: [§{id: a, start: 1850-11-10T18:00, length: P1D, rrule: 'FREQ=DAILY;COUNT=9'}]"),
      'OUT_OF_RANGE',
    ],
    ['a cutoff that leaves nothing of the window', window('length: PT4H, cutoff: §PT4H'), 'INVALID_VALUE'],
    ['a cutoff in calendar days', window('length: P2D, cutoff: §P1D'), 'INVALID_DURATION'],
    ['a rule for a weekday', window('length: PT4H, rrule: §FREQ=WEEKLY'), 'INVALID_VALUE'],
    ['a weekday that is none', closed('windows: [{start: §saturday 22:00, length: PT4H}]'), 'INVALID_VALUE'],
    ['a time of day that is none', closed("windows: [{start: §'sat 25:00', length: PT4H}]"), 'INVALID_VALUE'],
    ['a holiday that is no date', open('holidays: [§2026-13-01]'), 'INVALID_VALUE'],
    [
      'holidays that end before they begin',
      open('holidays: [{date: 2026-12-24, through: §2026-12-23}]'),
      'INVALID_VALUE',
    ],
    ['a last day of what comes every year', open("holidays: [{date: '12-24', through: §2026-12-26}]"), 'INVALID_VALUE'],
    ['an iCalendar text that is none', open('ical: {text: §hello}'), 'ICAL_INVALID'],
    ['iCalendar from nowhere', open('§ical: {force: hard}'), 'MISSING_KEY'],
    ['iCalendar from two places', open('ical: §{text: hello, file: a.ics}'), 'INVALID_VALUE'],
  ])('%s', (_what, marked, code) => {
    const { plain, places } = readMarks(marked);

    expect(told(plain)).toEqual([[code, ...(places[0] ?? [])]]);
  });

  test.each([
    ['a calendar of nothing', open()],
    [
      'all that closes',
      open(
        'freezes: [{id: a, start: 2026-12-01T18:00, end: 2026-12-31T24:00}]',
        "holidays: ['12-25', {date: '12-26', title: Boxing Day}, {date: 2026-12-24, through: 2026-12-26}]",
      ),
    ],
    [
      'all that opens',
      closed(
        "hours: {mon: ['09:00-18:00'], fri: ['09:00-24:00'], sat: ['22:00-06:00']}",
        "windows: [{start: 2026-01-03T22:00, rrule: 'FREQ=MONTHLY;BYDAY=1SA', length: PT4H, cutoff: PT1H}]",
      ),
    ],
  ])('but not of %s', (_what, text) => {
    expect(told(text)).toEqual([]);
  });
});
