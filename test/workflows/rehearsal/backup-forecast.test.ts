import fc from 'fast-check';

import { mayRunBeside } from '../../../workflows/backup/keeper-queue';
import { forecastBackups } from '../../../workflows/rehearsal/backup-forecast';
import { LoadCurve } from '../../../workflows/rehearsal/backup-load';
import { playPlan } from '../../../workflows/rehearsal/backup-play';
import type { ForecastSlot, PlayedOperation, ScheduledKind } from '../../../workflows/rehearsal/backup-play';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const fromMs = Date.parse('2026-11-21T00:00:00Z');
const stretch = { fromMs, untilMs: fromMs + 60 * 24 * hourMs };
const durationsMs = { backup: 10 * minuteMs, verify: 20 * minuteMs, drill: hourMs };

function slot(kind: ScheduledKind, minute: number, over: Partial<ForecastSlot> = {}): ForecastSlot {
  return { run: kind, kind, atMs: fromMs + minute * minuteMs, change: 'none', missed: 'run-once-late', ...over };
}

function play(slots: readonly ForecastSlot[]) {
  const started: PlayedOperation[] = [];
  const leftOut: ForecastSlot[] = [];
  const done = playPlan(
    { name: 'shop', slots, durationsMs },
    { started: (operation) => void started.push(operation), leftOut: (left) => void leftOut.push(left) },
  );
  return { started, leftOut, done };
}

const minuteOf = (atMs: number): number => (atMs - fromMs) / minuteMs;

test.each([
  ['a verification waits for the backup', [slot('backup', 0), slot('verify', 5)], [0, 10]],
  ['a drill goes beside the backup', [slot('backup', 0), slot('drill', 5)], [0, 5]],
  ['what is over is in nobody’s way', [slot('backup', 0), slot('verify', 10)], [0, 10]],
  ['two that are due at once take turns', [slot('backup', 0), slot('verify', 0)], [0, 10]],
])('%s, as with its keeper', (_what, slots, minutes) => {
  expect(play(slots).started.map(({ startMs }) => minuteOf(startMs))).toEqual(minutes);
});

test.each([
  ['run-once-late', 1, 1],
  ['run-all', 2, 0],
] as const)('R-TIME-7: while one of its run waits, a slot of %s starts %d later', (missed, later, left) => {
  const { started, leftOut } = play([slot('verify', 0), slot('backup', 1, { missed }), slot('backup', 2, { missed })]);

  expect(started).toHaveLength(1 + later);
  expect(leftOut).toHaveLength(left);
});

test('what can never catch up is told, and is not played for ever', () => {
  const slots = Array.from({ length: 100_000 }, (_, minute) => slot('backup', minute, { missed: 'run-all' }));

  const { done, started } = play(slots);

  expect(done).toBe(false);
  expect(started.length).toBeLessThan(1_000);
});

const kinds = fc.constantFrom<ScheduledKind>('backup', 'verify', 'drill');
const someSlots = fc
  .array(fc.record({ kind: kinds, minute: fc.nat(600), missed: fc.constantFrom('skip', 'run-all') }), { maxLength: 40 })
  .map((all) => all.map(({ kind, minute, missed }) => slot(kind, minute, { missed })).sort((a, b) => a.atMs - b.atMs));

test('nothing ever goes on beside what it does not go with, and every slot is started or left out', () => {
  fc.assert(
    fc.property(someSlots, (slots) => {
      const { started, leftOut } = play(slots);

      expect(started.length + leftOut.length).toBe(slots.length);
      for (const [index, one] of started.entries())
        for (const other of started.slice(index + 1)) {
          const overlap = one.startMs < other.endMs && other.startMs < one.endMs;
          expect(overlap && !mayRunBeside(one.slot.kind, other.slot.kind)).toBe(false);
        }
    }),
  );
});

test('the load of a minute is what goes on in it', () => {
  const spans = fc.array(fc.record({ start: fc.nat(100), length: fc.integer({ min: 1, max: 50 }) }), { maxLength: 30 });
  fc.assert(
    fc.property(spans, (all) => {
      const curve = new LoadCurve(0, 200 * minuteMs);
      for (const { start, length } of all) curve.add(start * minuteMs, (start + length) * minuteMs);
      const loads = Array.from(
        { length: 200 },
        (_, minute) => all.filter(({ start, length }) => start <= minute && minute < start + length).length,
      );
      const most = Math.max(...loads);

      expect(curve.peak()).toEqual({ most, atMs: most === 0 ? null : loads.indexOf(most) * minuteMs });
    }),
  );
});

test('a forecast counts by month, and tells peak, delays, what is left out and changes of clocks', () => {
  const first = [
    slot('backup', 0),
    slot('verify', 5),
    slot('verify', 6),
    slot('drill', 7, { change: 'skipped' }),
    slot('drill', 30 * 24 * 60),
  ];
  const plans = ['shop', 'mail'].map((name) => ({
    name,
    slots: name === 'shop' ? first : [slot('drill', 8)],
    durationsMs,
  }));

  expect(forecastBackups(plans, stretch)).toEqual({
    plans: 2,
    operations: 5,
    months: [
      { month: '2026-11', started: { backup: 1, verify: 1, drill: 2 }, busyMs: 150 * minuteMs },
      { month: '2026-12', started: { backup: 0, verify: 0, drill: 1 }, busyMs: 60 * minuteMs },
    ],
    peak: { operations: { most: 3, atMs: fromMs + 8 * minuteMs }, drills: { most: 2, atMs: fromMs + 8 * minuteMs } },
    delayed: {
      count: 1,
      longest: [{ plan: 'shop', run: 'verify', atMs: fromMs + 5 * minuteMs, change: 'none', delayMs: 5 * minuteMs }],
    },
    leftOut: { count: 1, first: [{ plan: 'shop', run: 'verify', atMs: fromMs + 6 * minuteMs, change: 'none' }] },
    clockChanges: { count: 1, first: [{ plan: 'shop', run: 'drill', atMs: fromMs + 7 * minuteMs, change: 'skipped' }] },
    overloaded: [],
  });
});

test('only the longest of many delays are listed, and all are counted', () => {
  const plans = Array.from({ length: 50 }, (_, index) => ({
    name: `p${index}`,
    slots: [slot('backup', 0), slot('verify', 1)],
    durationsMs: { ...durationsMs, backup: (index + 2) * minuteMs },
  }));

  const { delayed } = forecastBackups(plans, stretch);

  expect(delayed.count).toBe(50);
  expect(delayed.longest.map(({ plan }) => plan)).toEqual(Array.from({ length: 20 }, (_, index) => `p${49 - index}`));
});
