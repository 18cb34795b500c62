import { recoveryTrend } from '../../../workflows/domain/recovery-trend';
import type { RecoveryTrend } from '../../../workflows/domain/recovery-trend';

function of(values: readonly (number | null)[], objectiveMs: number | null = null): RecoveryTrend {
  return recoveryTrend(
    values.map((achievedMs, atMs) => ({ atMs, achievedMs })),
    objectiveMs,
  );
}

test('R-RTO-1, R-RPO-1: drills that missed and drills that measured nothing are told apart', () => {
  expect(of([100, 300, null, 200, 101], 100)).toEqual({
    count: 5,
    lastMs: 101,
    p50Ms: 101,
    p90Ms: 300,
    missed: 3,
    unknown: 1,
    direction: 'worse',
  });
});

test('the last figure is that of the newest drill, measured or not', () => {
  const samples = [
    { atMs: 2, achievedMs: null },
    { atMs: 1, achievedMs: 7 },
  ];

  expect(recoveryTrend(samples, null)).toMatchObject({ lastMs: null, p50Ms: 7 });
});

test.each<[readonly number[], RecoveryTrend['direction']]>([
  [[], 'too-few'],
  [[100, 100, 100], 'too-few'],
  [[100, 100, 100, 100], 'steady'],
  [[100, 110, 110, 110], 'steady'],
  [[100, 111, 111, 111], 'worse'],
  [[100, 89, 89, 89], 'better'],
  [[100, 100, 900, 100], 'steady'],
])('drills of %j ms go %s', (values, direction) => {
  expect(of(values).direction).toBe(direction);
});
