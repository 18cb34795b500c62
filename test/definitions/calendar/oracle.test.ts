import fc from 'fast-check';

import { hoursIn } from '../../../definitions/calendar/hours';
import { weekdays } from '../../../definitions/calendar/wall-time';
import { ianaZone } from '../../../definitions/calendar/zone';
import type { Zone } from '../../../definitions/calendar/zone';
import { normalise } from '../../../workflows/domain/intervals';
import { calendarOf } from './calendars';
import { resolveCalendar } from '../../../definitions/calendar/resolve';

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/Chicago',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Africa/Casablanca',
  'Pacific/Auckland',
  'UTC',
] as const;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function zoneOf(name: string): Zone {
  const zone = ianaZone(name);
  if (zone === null) throw new Error(name);
  return zone;
}

/** The clock on the wall, by another way than the code under test takes: the platform's own formatting. */
function clockOf(zone: string): (atMs: number) => { readonly weekday: string; readonly minutes: number } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (atMs) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    return {
      weekday: (parts['weekday'] ?? '').toLowerCase(),
      minutes: Number(parts['hour']) * 60 + Number(parts['minute']),
    };
  };
}

/** Clocks change in the small hours: what a span that begins or ends there means is told by R-TIME-3, and by tests of its own. */
const quietMinute = fc.integer({ min: 4 * 60, max: 23 * 60 + 59 });
const span = fc.tuple(quietMinute, fc.oneof(quietMinute, fc.constant(24 * 60))).filter(([from, to]) => from !== to);
const weekly = fc.record(Object.fromEntries(weekdays.map((day) => [day, fc.array(span, { maxLength: 3 })])));

const text = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

test('hours are open exactly in those minutes in which the clock on the wall shows them (R-TIME-1, R-TIME-4, R-TIME-5)', () => {
  // Around the changes of clocks of 2026, and an ordinary week.
  const weeks = [
    '2026-03-07',
    '2026-03-28',
    '2026-04-04',
    '2026-06-10',
    '2026-10-03',
    '2026-10-24',
    '2026-10-31',
    '2026-02-14',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.constantFrom(...weeks), weekly, (name, week, hours) => {
      const stretch = { startMs: Date.parse(`${week}T00:00Z`), endMs: Date.parse(`${week}T00:00Z`) + 3 * dayMs };
      const authored = Object.fromEntries(
        Object.entries(hours).map(([day, spans]) => [day, spans.map(([from, to]) => `${text(from)}-${text(to)}`)]),
      );

      const open = normalise(hoursIn(authored, zoneOf(name), stretch));

      const clock = clockOf(name);
      for (let atMs = stretch.startMs; atMs < stretch.endMs; atMs += minuteMs) {
        const { weekday, minutes } = clock(atMs);
        const before = weekdays[(weekdays.findIndex((day) => day === weekday) + 6) % 7] ?? '';
        const today = (hours[weekday] ?? []).some(([from, to]) =>
          from < to ? from <= minutes && minutes < to : from <= minutes,
        );
        const overnight = (hours[before] ?? []).some(([from, to]) => to < from && minutes < to);
        const found = open.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
        if (found !== (today || overnight))
          throw new Error(`${name} ${new Date(atMs).toISOString()} ${JSON.stringify(authored)}`);
      }
    }),
    { numRuns: 40 },
  );
});

test('weekly shifts that follow one another leave no gap and no overlap over any change of clocks (R-TIME-2)', () => {
  const handover = fc.record({
    zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
    minutes: fc.integer({ min: 0, max: 24 * 60 - 1 }),
    weekday: fc.integer({ min: 0, max: 6 }),
    people: fc.integer({ min: 1, max: 4 }),
    year: fc.integer({ min: 2_000, max: 2_036 }),
  });
  fc.assert(
    fc.property(handover, ({ zone, minutes, weekday, people, year }) => {
      const first = new Date(Date.UTC(year, 0, 5) + weekday * dayMs).toISOString().slice(0, 10);
      const events = Array.from({ length: people }, (_, at) => {
        const start = new Date(Date.parse(`${first}T00:00Z`) + at * 7 * dayMs).toISOString().slice(0, 10);
        return `{id: p${at}, start: ${start}T${text(minutes)}, length: P1W, rrule: 'FREQ=WEEKLY;INTERVAL=${people}'}`;
      });
      const calendar = calendarOf('type: DEFAULT_OPEN', `zone: ${zone}`, `events: [${events.join(', ')}]`);

      const resolved = resolveCalendar(calendar, { startMs: Date.UTC(year, 1, 1), endMs: Date.UTC(year + 1, 1, 1) });

      const shifts = resolved.type === 'DEFAULT_OPEN' ? resolved.closures : [];
      expect(shifts.length).toBeGreaterThan(50);
      for (const [at, { endMs }] of shifts.slice(0, -1).entries()) expect(shifts[at + 1]?.startMs).toBe(endMs);
    }),
    { numRuns: 60 },
  );
});

test('from one instant on, time on the wall that exists is turned into that instant and back (R-TIME-3)', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
      fc.integer({ min: 0, max: 40 * 366 * 24 * 60 }),
      (name, minutes) => {
        const zone = zoneOf(name);
        const wall = zone.wallOf(Date.UTC(2000, 0, 1) + minutes * minuteMs);

        const atMs = zone.instantOf(wall);

        expect(zone.wallOf(atMs)).toBe(wall);
        // Ambiguous: the first occurrence, so an hour before the clock showed something else.
        expect(zone.wallOf(atMs - 3 * hourMs)).toBeLessThan(wall);
      },
    ),
    { numRuns: 300 },
  );
});
