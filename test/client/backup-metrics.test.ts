import { backupMetrics } from '../../client/backup-metrics';
import type { PlanScore } from '../../client/backup-score';
import { prometheusText } from '../../client/prometheus-text';

const untried = {
  count: 0,
  lastMs: null,
  p50Ms: null,
  p90Ms: null,
  missed: 0,
  unknown: 0,
  direction: 'too-few',
} as const;

const nothing: PlanScore = {
  plan: 'shop-files',
  service: 'shop',
  objectives: { rpoMs: null, rtoMs: null },
  sets: 0,
  card: {
    service: 'shop',
    lastBackup: null,
    lastVerified: null,
    lastProven: null,
    risk: { kind: 'unbounded' },
    lastDrill: null,
    lastPassAtMs: null,
    recoveryTime: untried,
    recoveryPoint: untried,
    holds: [],
    broken: [],
    alarms: {},
    findings: [],
  },
};

const labels = '{plan="shop-files",service="shop"';

function linesOf(score: PlanScore): readonly string[] {
  return prometheusText(backupMetrics([score], 100_000))
    .split('\n')
    .filter((line) => line.startsWith('mainstay'));
}

test('a plan of which nothing is known has no figure but a risk without bound (R-RPO-2)', () => {
  expect(linesOf(nothing)).toEqual([
    `mainstay_backup_rpo_risk_seconds${labels}} +Inf`,
    `mainstay_backup_sets${labels}} 0`,
    `mainstay_backup_sets_broken${labels}} 0`,
    `mainstay_backup_sets_held${labels}} 0`,
  ]);
});

test('every figure of a score card is told in seconds, with verdict and alarms by name (R-RPO-2, R-RTO-1, R-DRILL-5)', () => {
  const set = { id: 'b1', atMs: 40_000, ageMs: 60_000, level: 'V4' } as const;
  const lines = linesOf({
    ...nothing,
    objectives: { rpoMs: 3_600_000, rtoMs: 1_500 },
    sets: 3,
    card: {
      ...nothing.card,
      lastBackup: { ...set, ageMs: 2_000, level: null },
      lastVerified: set,
      risk: { kind: 'known', id: 'b1', atMs: 40_000, riskMs: 60_000 },
      lastDrill: { id: 'b9', verdict: 'FAIL', ageMs: 5_000 },
      lastPassAtMs: 90_000,
      recoveryTime: { ...untried, lastMs: 7_500 },
      recoveryPoint: { ...untried, lastMs: 250 },
      holds: [
        { set: 'b1', name: 'audit' },
        { set: 'b1', name: 'court' },
      ],
      broken: ['b2'],
      alarms: { space: 'the disk is full' },
    },
  });

  expect(lines).toEqual([
    `mainstay_backup_last_age_seconds${labels}} 2`,
    `mainstay_backup_verified_age_seconds${labels}} 60`,
    `mainstay_backup_verified_level${labels}} 4`,
    `mainstay_backup_rpo_risk_seconds${labels}} 60`,
    `mainstay_backup_rpo_objective_seconds${labels}} 3600`,
    `mainstay_backup_rto_objective_seconds${labels}} 1.5`,
    `mainstay_backup_drill_verdict${labels},verdict="FAIL"} 1`,
    `mainstay_backup_drill_age_seconds${labels}} 5`,
    `mainstay_backup_drill_pass_age_seconds${labels}} 10`,
    `mainstay_backup_drill_rto_seconds${labels}} 7.5`,
    `mainstay_backup_drill_rpo_seconds${labels}} 0.25`,
    `mainstay_backup_sets${labels}} 3`,
    `mainstay_backup_sets_broken${labels}} 1`,
    `mainstay_backup_sets_held${labels}} 1`,
    `mainstay_backup_alarm${labels},alarm="space"} 1`,
  ]);
});
