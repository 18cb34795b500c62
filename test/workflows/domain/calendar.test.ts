import fc from 'fast-check';

import {
  calendarVerdict,
  nextOpenSlot,
  openTimeOf,
  unresolvedIn,
  withoutClosures,
} from '../../../workflows/domain/calendar';
import type { DefaultClosedCalendar, DefaultOpenCalendar, ResolvedCalendar } from '../../../workflows/domain/calendar';
import type { Interval } from '../../../workflows/domain/intervals';

const horizon = from(0, 1000);

function from(startMs: number, endMs: number): Interval {
  return { startMs, endMs };
}

function freezes(...closed: readonly Interval[]): DefaultOpenCalendar {
  const closures = closed.map((interval, at) => ({
    ...interval,
    id: `f${at}`,
    title: 'Freeze',
    force: 'soft' as const,
  }));
  return { type: 'DEFAULT_OPEN', name: 'freezes', version: '3', horizon, closures };
}

function hours(...openings: readonly Interval[]): DefaultClosedCalendar {
  return { type: 'DEFAULT_CLOSED', name: 'hours', version: '7', horizon, openings };
}

test.each<[string, readonly ResolvedCalendar[], Interval, string]>([
  ['without a calendar', [], from(0, 10), 'open'],
  ['a DEFAULT_OPEN calendar without events', [freezes()], from(0, 10), 'open'],
  ['a DEFAULT_CLOSED calendar without events', [hours()], from(0, 10), 'closed'],
  ['a freeze that ends when the stretch starts', [freezes(from(0, 10))], from(10, 20), 'open'],
  ['a freeze that starts when the stretch ends', [freezes(from(20, 30))], from(10, 20), 'open'],
  ['a freeze that closes its last millisecond', [freezes(from(19, 30))], from(10, 20), 'closed'],
  ['openings that join without a gap', [hours(from(0, 15), from(15, 30))], from(10, 20), 'open'],
  ['openings with a gap between them', [hours(from(0, 15), from(16, 30))], from(10, 20), 'closed'],
  ['all of several open', [hours(from(0, 100)), freezes(from(200, 300))], from(10, 20), 'open'],
  ['one of several closed', [hours(from(0, 100)), freezes(from(15, 16))], from(10, 20), 'closed'],
])('R-FREEZE-1: calendarVerdict() with %s', (_name, calendars, stretch, kind) => {
  expect(calendarVerdict(calendars, stretch).kind).toBe(kind);
});

test('R-FREEZE-4: a stretch is closed when only its back-out is, although its start is open', () => {
  const freeze = freezes(from(50, 60));

  expect(calendarVerdict([freeze], from(40, 45)).kind).toBe('open');
  expect(calendarVerdict([freeze], from(40, 55))).toEqual({
    kind: 'closed',
    consulted: [{ calendar: 'freezes', version: '3' }],
    closings: [
      {
        calendar: 'freezes',
        version: '3',
        reason: 'closure',
        closure: { ...from(50, 60), id: 'f0', title: 'Freeze', force: 'soft' },
        during: from(50, 55),
      },
    ],
  });
});

test('R-TIME-6: every verdict names the calendars and versions that it was given by', () => {
  const consulted = [
    { calendar: 'hours', version: '7' },
    { calendar: 'freezes', version: '3' },
  ];

  expect(calendarVerdict([hours(from(0, 100)), freezes()], from(10, 20))).toEqual({ kind: 'open', consulted });
  expect(calendarVerdict([hours(from(0, 2000)), freezes()], from(990, 1010))).toEqual({
    kind: 'beyond-horizon',
    consulted,
    unresolved: consulted.map((by) => ({ ...by, during: from(1000, 1010) })),
  });
});

test('a known closing decides even when the rest is not resolved', () => {
  expect(calendarVerdict([freezes(from(995, 999))], from(990, 1010)).kind).toBe('closed');
});

test('a stretch without length is asked as its first instant', () => {
  expect(calendarVerdict([freezes(from(10, 20))], from(10, 10)).kind).toBe('closed');
  expect(calendarVerdict([freezes(from(10, 20))], from(20, 20)).kind).toBe('open');
});

test('R-FREEZE-2: a closure that freeze approvers let pass closes nothing; openings stay what they are', () => {
  const calendars = withoutClosures([freezes(from(10, 20), from(30, 40)), hours(from(0, 50))], ['f0']);

  expect(calendarVerdict(calendars, from(10, 20)).kind).toBe('open');
  expect(calendarVerdict(calendars, from(30, 40)).kind).toBe('closed');
});

const stretch = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 10 }))
  .map(([startMs, lengthMs]) => from(startMs, startMs + lengthMs));
const someHorizon = fc
  .tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 30 }))
  .map(([startMs, lengthMs]) => from(startMs, startMs + lengthMs));
const calendar = fc.oneof(
  fc.tuple(fc.array(stretch), someHorizon).map(([closed, within]) => ({ ...freezes(...closed), horizon: within })),
  fc.tuple(fc.array(stretch), someHorizon).map(([open, within]) => ({ ...hours(...open), horizon: within })),
);

/** The reference: one calendar, one millisecond. */
function isKnownOpen(one: ResolvedCalendar, ms: number): boolean {
  const at = ({ startMs, endMs }: Interval): boolean => startMs <= ms && ms < endMs;
  if (!at(one.horizon)) return false;
  return one.type === 'DEFAULT_OPEN' ? !one.closures.some(at) : one.openings.some(at);
}

test('R-FREEZE-1: nothing is ever open that some calendar closes or does not reach', () => {
  fc.assert(
    fc.property(fc.array(calendar, { maxLength: 3 }), stretch, (calendars, asked) => {
      const everyMs = Array.from({ length: asked.endMs - asked.startMs }, (_, at) => asked.startMs + at);
      const open = calendars.every((one) => everyMs.every((ms) => isKnownOpen(one, ms)));

      expect(calendarVerdict(calendars, asked).kind === 'open').toBe(open);
    }),
  );
});

test('nextOpenSlot() is the earliest stretch that calendarVerdict() calls open', () => {
  fc.assert(
    fc.property(
      fc.array(calendar, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 10 }),
      (calendars, fromMs, lengthMs) => {
        const starts = Array.from({ length: 60 }, (_, at) => fromMs + at);
        const earliest = starts.find((ms) => calendarVerdict(calendars, from(ms, ms + lengthMs)).kind === 'open');

        expect(nextOpenSlot(openTimeOf(calendars), fromMs, lengthMs)).toEqual(
          earliest === undefined ? null : from(earliest, earliest + lengthMs),
        );
      },
    ),
  );
});

test('without a calendar every slot is open', () => {
  expect(nextOpenSlot(openTimeOf([]), 5, 10)).toEqual(from(5, 15));
});

test('unresolvedIn() names what lies before and after the horizon', () => {
  expect(unresolvedIn(hours(), from(-5, 1005)).map(({ during }) => during)).toEqual([from(-5, 0), from(1000, 1005)]);
});
