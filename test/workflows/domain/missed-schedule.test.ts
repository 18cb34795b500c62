import { lateStarts } from '../../../workflows/domain/missed-schedule';
import type { MissedPolicy } from '../../../workflows/domain/missed-schedule';

const missed = [300, 100, 200];
const nowMs = 1000;

test.each<[MissedPolicy, readonly number[]]>([
  ['skip', []],
  ['run-once-late', [300]],
  ['run-all', [100, 200, 300]],
])('R-TIME-7: after an outage the policy %s makes up for %j', (policy, dueAt) => {
  const starts = lateStarts(policy, missed, nowMs);

  expect(starts).toEqual(dueAt.map((dueAtMs) => ({ dueAtMs, lateByMs: nowMs - dueAtMs })));
});

test('R-TIME-7: what is due now or later was not missed', () => {
  expect(lateStarts('run-all', [1000, 1001], nowMs)).toEqual([]);
});
