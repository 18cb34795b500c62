import fc from 'fast-check';

import { hourMs, minuteMs } from '../../../workflows/domain/duration';
import {
  admissionProblems,
  changeStart,
  executionFlags,
  taskStart,
  windowTimes,
} from '../../../workflows/domain/window';
import type { AdmissionProblem, ChangeStart, PlannedWork } from '../../../workflows/domain/window';

/** 15:00 to 18:00, cutoff 1 h. */
const window = { startMs: at('15:00'), endMs: at('18:00'), cutoffMs: hourMs };
const work: PlannedWork = { p95Ms: 60 * minuteMs, lastTaskStartP95Ms: 45 * minuteMs, backOutP95Ms: 30 * minuteMs };

function at(clock: string): number {
  return Date.parse(`2026-11-21T${clock}Z`);
}

test.each([
  ['a task before the window', 'forward', '14:59:59.999', 'too-early'],
  ['a task at the start', 'forward', '15:00', 'allowed'],
  ['a task at the cutoff', 'forward', '17:00', 'allowed'],
  ['a task right after the cutoff', 'forward', '17:00:00.001', 'after-cutoff'],
  ['a back-out after the cutoff', 'back-out', '17:30', 'allowed'],
  ['a verification after the end', 'verification', '18:30', 'allowed'],
] as const)('R-WIN-1: start 3 PM, length 3 h, cutoff 1 h: %s', (_name, purpose, clock, kind) => {
  expect(taskStart(window, purpose, at(clock)).kind).toBe(kind);
});

test('R-WIN-1: without a cutoff the last instant is before the end, which the window does not have', () => {
  const whole = { ...window, cutoffMs: 0 };

  expect(taskStart(whole, 'forward', whole.endMs - 1).kind).toBe('allowed');
  expect(taskStart(whole, 'forward', whole.endMs).kind).toBe('after-cutoff');
});

const someWindow = fc
  .record({ startMs: fc.nat(1000), lengthMs: fc.integer({ min: 1, max: 1000 }), cutoffMs: fc.nat(1200) })
  .map(({ startMs, lengthMs, cutoffMs }) => ({ startMs, endMs: startMs + lengthMs, cutoffMs }));

test('R-WIN-1: nothing that goes forward ever starts outside the window or after end − cutoff', () => {
  fc.assert(
    fc.property(someWindow, fc.nat(2500), (some, nowMs) => {
      const inside = some.startMs <= nowMs && nowMs < some.endMs && nowMs <= some.endMs - some.cutoffMs;

      expect(taskStart(some, 'forward', nowMs).kind === 'allowed').toBe(inside);
    }),
  );
});

test.each([
  ['a short back-out has a safety of 5 min', 20, { ask: '17:30', decide: '17:35' }],
  ['50 min is where both are 5 min', 50, { ask: '17:00', decide: '17:05' }],
  ['a long back-out has a safety of 10 %', 100, { ask: '16:05', decide: '16:10' }],
  ['no back-out at all still leaves 5 min', 0, { ask: '17:50', decide: '17:55' }],
])('R-WIN-2: windowTimes(): %s', (_name, backOutMinutes, { ask, decide }) => {
  expect(windowTimes(window, backOutMinutes * minuteMs)).toEqual({
    endMs: at('18:00'),
    cutoffAtMs: at('17:00'),
    askAtMs: at(ask),
    decideAtMs: at(decide),
  });
});

test.each<[string, string, Partial<PlannedWork>, readonly AdmissionProblem[]]>([
  ['what fits', '15:00', {}, []],
  ['what is through exactly at T_decide, its last task starting at the cutoff', '16:15', { p95Ms: 70 * minuteMs }, []],
  [
    'what is through 5 min after T_decide',
    '16:00',
    { p95Ms: 90 * minuteMs },
    [{ kind: 'back-out-does-not-fit', missingMs: 5 * minuteMs }],
  ],
  ['a last task after the cutoff', '16:16', {}, [{ kind: 'last-task-after-cutoff', missingMs: minuteMs }]],
  ['a start before the window', '14:00', {}, [{ kind: 'starts-outside-window' }]],
  [
    'a start at its end',
    '18:00',
    {},
    [
      { kind: 'starts-outside-window' },
      { kind: 'back-out-does-not-fit', missingMs: 95 * minuteMs },
      { kind: 'last-task-after-cutoff', missingMs: 105 * minuteMs },
    ],
  ],
])('R-WIN-2: admission of %s', (_name, clock, over, expected) => {
  expect(admissionProblems(window, at(clock), { ...work, ...over })).toEqual(expected);
});

test('R-WIN-2: what is admitted and takes no longer than its p95 has done its work before the back-out would start', () => {
  const someWork = fc.record({
    p95Ms: fc.nat(hourMs),
    lastTaskStartP95Ms: fc.nat(hourMs),
    backOutP95Ms: fc.nat(hourMs),
  });
  fc.assert(
    fc.property(someWork, fc.nat(3 * hourMs), fc.double({ min: 0, max: 1, noNaN: true }), (some, offsetMs, part) => {
      const startMs = window.startMs + offsetMs;
      fc.pre(admissionProblems(window, startMs, some).length === 0);

      const { decideAtMs } = windowTimes(window, some.backOutP95Ms);

      expect(startMs + some.p95Ms * part).toBeLessThanOrEqual(decideAtMs);
      expect(decideAtMs + some.backOutP95Ms).toBeLessThan(window.endMs);
      expect(taskStart(window, 'forward', startMs + some.lastTaskStartP95Ms).kind).toBe('allowed');
    }),
  );
});

/** end − cutoff is 17:00, T_decide 17:25: a start of one hour's work is possible until 16:00. */
test.each<[string, string, ChangeStart]>([
  ['before its time', '15:29', { kind: 'too-early', earliestMs: at('15:30') }],
  ['at its time', '15:30', { kind: 'on-time' }],
  ['as late as a timer is', '15:31', { kind: 'on-time' }],
  ['late', '15:45', { kind: 'late', lateByMs: 15 * minuteMs, latestMs: at('16:00') }],
  ['at the last instant', '16:00', { kind: 'late', lateByMs: 30 * minuteMs, latestMs: at('16:00') }],
  ['right after it', '16:00:00.001', { kind: 'missed', latestMs: at('16:00') }],
])('R-WIN-5: a change planned at 15:30 and started %s', (_name, clock, expected) => {
  expect(changeStart(window, { plannedStartMs: at('15:30'), work }, at(clock))).toEqual(expected);
});

test('R-WIN-5: a long back-out binds a late start more than the cutoff does', () => {
  const slow = { ...work, backOutP95Ms: 100 * minuteMs };

  expect(changeStart(window, { plannedStartMs: at('15:00'), work: slow }, at('15:11'))).toEqual({
    kind: 'missed',
    latestMs: at('15:10'),
  });
});

test('R-WIN-5: no start is punctual once the window is over', () => {
  const starts = ['17:59:59.999', '18:00'].map((clock) =>
    changeStart(window, { plannedStartMs: at('17:59:30'), work }, at(clock)),
  );

  expect(starts).toEqual([{ kind: 'on-time' }, { kind: 'missed', latestMs: at('16:00') }]);
});

test('R-WIN-5: no late start ever leaves less than its planned duration before the cutoff and T_decide', () => {
  fc.assert(
    fc.property(fc.nat(4 * hourMs), fc.nat(2 * hourMs), fc.nat(2 * hourMs), (lateMs, p95Ms, backOutP95Ms) => {
      const some = { ...work, p95Ms, backOutP95Ms };
      const nowMs = window.startMs + lateMs;
      const { decideAtMs, cutoffAtMs } = windowTimes(window, backOutP95Ms);

      const start = changeStart(window, { plannedStartMs: window.startMs, work: some }, nowMs);

      expect(start.kind !== 'late' || nowMs <= Math.min(cutoffAtMs, decideAtMs) - p95Ms).toBe(true);
      expect(start.kind !== 'on-time' || lateMs <= minuteMs).toBe(true);
    }),
  );
});

test.each<[string, { started: string; ended: string | null; now?: string; approved?: boolean }, readonly boolean[]]>([
  ['ending at the end is in time', { started: '15:00', ended: '18:00' }, [false, false, false]],
  ['ending after it is an overrun, to be reviewed', { started: '15:00', ended: '18:00:00.001' }, [true, false, true]],
  ['still running after it is one already', { started: '15:00', ended: null, now: '18:01' }, [true, false, true]],
  ['still running before it is none', { started: '15:00', ended: null, now: '17:59' }, [false, false, false]],
  ['starting before the window is unauthorised', { started: '14:59', ended: '16:00' }, [false, true, false]],
  ['starting at its end is both', { started: '18:00', ended: '18:01' }, [true, true, true]],
  [
    'an approved start outside is authorised',
    { started: '14:59', ended: '16:00', approved: true },
    [false, false, false],
  ],
])(
  'R-WIN-4: %s',
  (_name, { started, ended, now = '19:00', approved = false }, [overrun, unauthorised, reviewRequired]) => {
    const execution = {
      startedAtMs: at(started),
      endedAtMs: ended === null ? null : at(ended),
      startApproved: approved,
    };

    expect(executionFlags(window, execution, at(now))).toEqual({ overrun, unauthorised, reviewRequired });
  },
);
