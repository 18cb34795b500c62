import fc from 'fast-check';

import { hourMs, minuteMs } from '../../../workflows/domain/duration';
import { windowTimes } from '../../../workflows/domain/window';
import { dutyOptions, windowDuty } from '../../../workflows/domain/window-duty';
import type { DutyAnswer, DutyOption, UnfinishedWork, WindowDuty } from '../../../workflows/domain/window-duty';

/** Ends at 18:00, nothing starts after 17:30; asked at 17:20, T_decide at 17:25. */
const times = windowTimes({ startMs: at('15:00'), endMs: at('18:00'), cutoffMs: hourMs / 2 }, 30 * minuteMs);
const unfinished: UnfinishedWork = { answer: null, passedNoReturn: false, tasksLeft: true };

function at(clock: string): number {
  return Date.parse(`2026-11-21T${clock}Z`);
}

function answered(choice: DutyOption, clock: string): DutyAnswer {
  return { choice, atMs: at(clock) };
}

test.each<[string, string, Partial<UnfinishedWork>, WindowDuty]>([
  ['nobody is asked before', '17:19:59.999', {}, { kind: 'work', wakeAtMs: at('17:20') }],
  ['5 min before T_decide the duty manager is asked', '17:20', {}, { kind: 'ask', answerBeforeMs: at('17:25') }],
  ['to the last instant', '17:24:59.999', {}, { kind: 'ask', answerBeforeMs: at('17:25') }],
  ['no answer: the back-out starts at T_decide, to the second', '17:25', {}, { kind: 'back-out' }],
  ['a worker that was down backs out when it is back', '18:10', {}, { kind: 'back-out' }],
  ['an answer at T_decide is too late', '17:25', { answer: answered('continue', '17:25') }, { kind: 'back-out' }],
  [
    'an order to back out is followed at once',
    '17:21',
    { answer: answered('back-out', '17:21') },
    { kind: 'back-out' },
  ],
  ['an order to back out is never too late', '17:40', { answer: answered('back-out', '17:40') }, { kind: 'back-out' }],
  [
    'told to continue, the run goes on, until it must be seen whether tasks are left',
    '17:26',
    { answer: answered('continue', '17:24') },
    { kind: 'work', wakeAtMs: at('17:30') + 1 },
  ],
  [
    'told to continue, a task may start at the cutoff still',
    '17:30',
    { answer: answered('continue', '17:24') },
    { kind: 'work', wakeAtMs: at('17:30') + 1 },
  ],
  [
    'told to continue with all tasks started, it goes on to the end',
    '17:40',
    { answer: answered('continue', '17:24'), tasksLeft: false },
    { kind: 'work', wakeAtMs: at('18:00') },
  ],
  [
    'told to continue with tasks that may not start any more: ask again',
    '17:30:00.001',
    { answer: answered('continue', '17:24') },
    { kind: 'stuck' },
  ],
  [
    'told to continue and not through at the end',
    '18:00',
    { answer: answered('continue', '17:24'), tasksLeft: false },
    { kind: 'overrun' },
  ],
  [
    'a pause is no answer while there is something to back out to',
    '17:25',
    { answer: answered('pause', '17:21') },
    { kind: 'back-out' },
  ],
  [
    'an extension that is not granted is not an answer: before T_decide',
    '17:24',
    { answer: answered('extend', '17:21') },
    { kind: 'await-extension', grantBeforeMs: at('17:25') },
  ],
  [
    'an extension that is not granted is not an answer: at T_decide',
    '17:25',
    { answer: answered('extend', '17:21') },
    { kind: 'back-out' },
  ],
])('R-WIN-2: %s', (_name, clock, over, expected) => {
  expect(windowDuty(times, { ...unfinished, ...over }, at(clock))).toEqual(expected);
});

test.each<[string, string, DutyAnswer | null, WindowDuty]>([
  ['no answer pauses', '17:25', null, { kind: 'pause' }],
  ['an order to back out pauses', '17:21', answered('back-out', '17:21'), { kind: 'pause' }],
  ['a pause stays one', '17:40', answered('pause', '17:22'), { kind: 'pause' }],
  ['a late answer ends the pause', '17:28', answered('continue', '17:27'), { kind: 'work', wakeAtMs: at('17:30') + 1 }],
])('R-WIN-6, R-ROLL-9: after a point of no return %s', (_name, clock, answer, expected) => {
  expect(windowDuty(times, { ...unfinished, answer, passedNoReturn: true }, at(clock))).toEqual(expected);
});

test('R-WIN-2: without a cutoff tasks go on to the end, and that is when to look again', () => {
  const whole = windowTimes({ startMs: at('15:00'), endMs: at('18:00'), cutoffMs: 0 }, 30 * minuteMs);
  const work = { ...unfinished, answer: answered('continue', '17:21') };

  expect(windowDuty(whole, work, at('17:40'))).toEqual({ kind: 'work', wakeAtMs: at('18:00') });
});

test('R-WIN-3: a granted extension is a new window with times of its own', () => {
  const longer = windowTimes({ startMs: at('15:00'), endMs: at('19:00'), cutoffMs: hourMs / 2 }, 30 * minuteMs);

  expect(windowDuty(longer, unfinished, at('17:25'))).toEqual({ kind: 'work', wakeAtMs: at('18:20') });
});

test.each<[string, number | null, number | null, readonly DutyOption[]]>([
  ['remaining p90 below what is left', 39, 5, ['continue', 'extend', 'back-out']],
  ['remaining p90 equal to what is left', 40, 5, ['extend', 'back-out']],
  ['remaining p90 unknown', null, 5, ['extend', 'back-out']],
  ['last task starting at the cutoff', 30, 10, ['continue', 'extend', 'back-out']],
  ['last task starting after the cutoff', 30, 11, ['extend', 'back-out']],
  ['last task not known to start', 30, null, ['extend', 'back-out']],
  ['all tasks started', 30, 0, ['continue', 'extend', 'back-out']],
])('R-WIN-2: at 17:20 with %s', (_name, p90Minutes, lastStartMinutes, expected) => {
  const remaining = {
    p90Ms: p90Minutes === null ? null : p90Minutes * minuteMs,
    lastTaskStartP90Ms: lastStartMinutes === null ? null : lastStartMinutes * minuteMs,
  };

  const options = dutyOptions(times, { remaining, extensionPossible: true, passedNoReturn: false }, at('17:20'));

  expect(options).toEqual(expected);
});

test('R-ROLL-9, R-WIN-3: pausing takes the place of backing out, and an extension that is refused is not offered', () => {
  const remaining = { p90Ms: null, lastTaskStartP90Ms: null };

  expect(dutyOptions(times, { remaining, extensionPossible: false, passedNoReturn: true }, at('17:20'))).toEqual([
    'pause',
  ]);
});

test('R-WIN-2: from T_decide on, unfinished work without an answer given before it is always backed out or paused', () => {
  const choice = fc.constantFrom<DutyOption>('continue', 'extend', 'pause', 'back-out');
  fc.assert(
    fc.property(choice, fc.nat(hourMs), fc.nat(hourMs), fc.boolean(), (chosen, lateMs, afterMs, tasksLeft) => {
      const answer = { choice: chosen, atMs: times.decideAtMs + lateMs };
      const nowMs = times.decideAtMs + afterMs;

      expect(windowDuty(times, { answer: null, passedNoReturn: true, tasksLeft }, nowMs)).toEqual({ kind: 'pause' });
      expect(windowDuty(times, { answer, passedNoReturn: false, tasksLeft }, nowMs)).toEqual({ kind: 'back-out' });
    }),
  );
});

test('R-WIN-2: a duty that waits always names an instant to come', () => {
  const answer = fc.option(
    fc.record({ choice: fc.constantFrom<DutyOption>('continue', 'extend'), atMs: fc.constant(times.askAtMs) }),
  );
  fc.assert(
    fc.property(answer, fc.integer({ min: -hourMs, max: hourMs }), fc.boolean(), (given, offsetMs, tasksLeft) => {
      const nowMs = times.decideAtMs + offsetMs;
      const duty = windowDuty(times, { answer: given, passedNoReturn: false, tasksLeft }, nowMs);
      const until =
        duty.kind === 'work'
          ? duty.wakeAtMs
          : duty.kind === 'ask'
            ? duty.answerBeforeMs
            : duty.kind === 'await-extension'
              ? duty.grantBeforeMs
              : Infinity;

      expect(until).toBeGreaterThan(nowMs);
    }),
  );
});
