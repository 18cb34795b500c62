import { hourMs, minuteMs } from '../../../workflows/domain/duration';
import {
  againstObjective,
  isAtRisk,
  recoveryPoint,
  recoveryPointRisk,
  recoveryTime,
  riskAlarmAtMs,
} from '../../../workflows/domain/recovery-objectives';
import type { RecoveryTimes, RiskSet } from '../../../workflows/domain/recovery-objectives';

const times: RecoveryTimes = {
  impactAtMs: 0,
  detectedAtMs: 10,
  declaredAtMs: 20,
  planStartAtMs: 30,
  answeringAtMs: 500,
  healthyAtMs: 700,
};

test.each<[string, Partial<RecoveryTimes>, object]>([
  ['the three figures have their names', {}, { achievedMs: 700, planMs: 470, toHealthyMs: 670 }],
  [
    'what never got healthy has achieved nothing',
    { healthyAtMs: null },
    { achievedMs: null, planMs: 470, toHealthyMs: null },
  ],
  [
    'without a plan there is no plan time',
    { planStartAtMs: null },
    { achievedMs: 700, planMs: null, toHealthyMs: null },
  ],
  ['it counts from the impact', { impactAtMs: -100 }, { achievedMs: 800, planMs: 470, toHealthyMs: 670 }],
])('R-RTO-1: %s', (_what, over, expected) => {
  expect(recoveryTime({ ...times, ...over })).toEqual(expected);
});

test.each<[string, number, object]>([
  [
    'the loss is what was written after the last heartbeat',
    hourMs - 4_000,
    { kind: 'measured', achievedMs: 4_000, lostTransactions: 3 },
  ],
  [
    'a heartbeat of just after the impact is a loss of nothing',
    hourMs + 1,
    { kind: 'measured', achievedMs: 0, lostTransactions: 3 },
  ],
  [
    'a heartbeat from the future is no measurement',
    hourMs + 5 * minuteMs + 1,
    { kind: 'unknown', reason: 'the recovered heartbeat is later than the impact: the clocks disagree' },
  ],
  ['clocks may be 5 min apart', hourMs + 5 * minuteMs, { kind: 'measured', achievedMs: 0, lostTransactions: 3 }],
  ['without a heartbeat nobody knows', 0, { kind: 'unknown', reason: 'no heartbeat was recovered' }],
])('R-RPO-1: %s', (_what, heartbeatAtMs, expected) => {
  expect(recoveryPoint({ impactAtMs: hourMs, heartbeatAtMs, lostTransactions: 3 })).toEqual(expected);
});

test.each<[number | null, number | null, string]>([
  [100, 100, 'met'],
  [101, 100, 'missed'],
  [null, 100, 'unknown'],
  [5, null, 'no-objective'],
])('R-RTO-1, R-RPO-1: %s ms against an objective of %s ms is %s', (achievedMs, objectiveMs, expected) => {
  expect(againstObjective(achievedMs, objectiveMs)).toBe(expected);
});

describe('R-RPO-2: what is at risk now', () => {
  const good: RiskSet = {
    id: 'b1',
    atMs: 100,
    owned: true,
    levels: { V0: 1, V1: 1 },
    broken: '',
    parent: '',
    offsite: true,
  };
  const older: RiskSet = { ...good, id: 'b0', atMs: 50 };
  const needed = { offsite: true };

  test.each<[string, Partial<RiskSet>, string]>([
    ['counts from the newest backup', {}, 'b1'],
    ['passes over one that is not offsite', { offsite: false }, 'b0'],
    ['passes over one that is not verified', { levels: { V0: 1 } }, 'b0'],
    ['passes over one that is broken', { broken: 'a drill failed' }, 'b0'],
    ['passes over one that needs a missing one', { parent: 'gone' }, 'b0'],
    ['passes over one that is dated in the future', { atMs: 1001 }, 'b0'],
    ['passes over one that nobody vouches for', { owned: false }, 'b0'],
  ])('%s', (_what, over, id) => {
    const risk = recoveryPointRisk([older, { ...good, ...over }], needed, 1000);

    expect(risk).toEqual({ kind: 'known', id, atMs: id === 'b1' ? 100 : 50, riskMs: id === 'b1' ? 900 : 950 });
  });

  test('is nothing at the very instant of a backup', () => {
    expect(recoveryPointRisk([good], needed, good.atMs)).toMatchObject({ id: 'b1', riskMs: 0 });
  });

  test('needs no second repository where the plan has none', () => {
    const risk = recoveryPointRisk([{ ...good, offsite: false }], { offsite: false }, 1000);

    expect(risk).toMatchObject({ kind: 'known', id: 'b1' });
  });

  test('has no bound without a backup, and alarms at once', () => {
    const risk = recoveryPointRisk([], needed, 1000);

    expect(risk).toEqual({ kind: 'unbounded' });
    expect(isAtRisk(risk, hourMs)).toBe(true);
    expect(riskAlarmAtMs(risk, hourMs)).toBeNull();
  });

  test('alarms when it is more than the objective, not when it equals it', () => {
    const at = (nowMs: number): boolean => isAtRisk(recoveryPointRisk([good], needed, nowMs), 900);

    expect([at(1000), at(1001)]).toEqual([false, true]);
    expect(riskAlarmAtMs(recoveryPointRisk([good], needed, 1000), 900)).toBe(1001);
  });
});
