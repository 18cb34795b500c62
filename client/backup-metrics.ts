import { verificationLevels } from '../workflows/domain/backup-levels';
import type { ScoreCard } from '../workflows/domain/backup-score';
import type { PlanScore } from './backup-score';
import type { Metric, MetricSample } from './prometheus-text';

/** What a score card says, as numbers that somebody can be alarmed by. What is not known has no sample. */
export function backupMetrics(scores: readonly PlanScore[], nowMs: number): readonly Metric[] {
  const each = gaugesOf(scores);
  return [
    each('backup_last_age_seconds', 'Age of the newest backup.', ({ card }) => seconds(card.lastBackup?.ageMs)),
    each('backup_verified_age_seconds', 'Age of the newest backup at V1 or above.', ({ card }) =>
      seconds(card.lastVerified?.ageMs),
    ),
    each('backup_verified_level', 'Highest level that the newest verified backup was shown at.', ({ card }) =>
      levelOf(card.lastVerified),
    ),
    each('backup_rpo_risk_seconds', 'What would be lost now; +Inf: no good backup is there.', ({ card }) =>
      card.risk.kind === 'unbounded' ? Infinity : seconds(card.risk.riskMs),
    ),
    each('backup_rpo_objective_seconds', 'Objective of what may be lost.', ({ objectives }) =>
      seconds(objectives.rpoMs),
    ),
    each('backup_rto_objective_seconds', 'Objective of how long a recovery may take.', ({ objectives }) =>
      seconds(objectives.rtoMs),
    ),
    {
      name: 'mainstay_backup_drill_verdict',
      help: 'Verdict of the last restore drill: 1 under its name.',
      samples: scores.flatMap((score) =>
        score.card.lastDrill === null ? [] : [sampleOf(score, 1, { verdict: score.card.lastDrill.verdict })],
      ),
    },
    each('backup_drill_age_seconds', 'Age of the last restore drill.', ({ card }) => seconds(card.lastDrill?.ageMs)),
    each('backup_drill_pass_age_seconds', 'Age of the last restore drill that passed.', ({ card }) =>
      card.lastPassAtMs === null ? null : seconds(Math.max(0, nowMs - card.lastPassAtMs)),
    ),
    each('backup_drill_rto_seconds', 'Recovery time of the last restore drill.', ({ card }) =>
      seconds(card.recoveryTime.lastMs),
    ),
    each('backup_drill_rpo_seconds', 'Recovery point of the last restore drill.', ({ card }) =>
      seconds(card.recoveryPoint.lastMs),
    ),
    each('backup_sets', 'Backups that are there.', ({ sets }) => sets),
    each('backup_sets_broken', 'Backups that cannot be used.', ({ card }) => card.broken.length),
    each('backup_sets_held', 'Backups with a hold.', ({ card }) => heldSets(card)),
    {
      name: 'mainstay_backup_alarm',
      help: 'An alarm that is on.',
      samples: scores.flatMap((score) => Object.keys(score.card.alarms).map((alarm) => sampleOf(score, 1, { alarm }))),
    },
  ];
}

type Gauge = (name: string, help: string, valueOf: (score: PlanScore) => number | null) => Metric;

function gaugesOf(scores: readonly PlanScore[]): Gauge {
  return (name, help, valueOf) => {
    const samples = scores.flatMap((score) => {
      const value = valueOf(score);
      return value === null ? [] : [sampleOf(score, value)];
    });
    return { name: `mainstay_${name}`, help, samples };
  };
}

function sampleOf({ plan, service }: PlanScore, value: number, more: MetricSample['labels'] = {}): MetricSample {
  return { labels: { plan, service, ...more }, value };
}

function seconds(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1_000;
}

function levelOf(set: ScoreCard['lastVerified']): number | null {
  return set === null || set.level === null ? null : verificationLevels.indexOf(set.level);
}

function heldSets({ holds }: ScoreCard): number {
  return new Set(holds.map(({ set }) => set)).size;
}
