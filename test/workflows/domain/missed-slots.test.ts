import { minuteMs } from '../../../workflows/domain/duration';
import { slotsToStart } from '../../../workflows/domain/missed-slots';
import type { MissedPolicy } from '../../../workflows/domain/missed-schedule';

const nowMs = 1000 * minuteMs;

function ago(minutes: number, run = 'nightly'): { readonly run: string; readonly atMs: number } {
  return { run, atMs: nowMs - minutes * minuteMs };
}

test.each<[MissedPolicy, readonly number[], readonly (readonly [number, number])[]]>([
  ['skip', [30, 20], []],
  ['skip', [30, 1], [[1, 0]]],
  ['run-once-late', [30, 20], [[20, 20]]],
  ['run-once-late', [30, 20, 0], [[0, 0]]],
  [
    'run-all',
    [30, 20, 0],
    [
      [30, 30],
      [20, 20],
      [0, 0],
    ],
  ],
  ['run-all', [-5], []],
  ['skip', [], []],
])('R-TIME-7: by the policy %s of slots %j minutes ago these start, each so late: %j', (policy, passed, expected) => {
  const starts = slotsToStart(
    passed.map((minutes) => ago(minutes)),
    () => policy,
    nowMs,
  );

  expect(starts).toEqual(expected.map(([minutes, late]) => ({ ...ago(minutes), lateByMs: late * minuteMs })));
});

test('R-TIME-7: each kind of run goes by its own policy, and the oldest starts first', () => {
  const passed = [ago(10, 'drill'), ago(30, 'nightly'), ago(40, 'hourly'), ago(15, 'hourly')];
  const policies: { readonly [run: string]: MissedPolicy } = { drill: 'skip', nightly: 'run-once-late' };

  const starts = slotsToStart(passed, (run) => policies[run] ?? 'run-all', nowMs);

  expect(starts.map(({ run, lateByMs }) => [run, lateByMs / minuteMs])).toEqual([
    ['hourly', 40],
    ['nightly', 30],
    ['hourly', 15],
  ]);
});
