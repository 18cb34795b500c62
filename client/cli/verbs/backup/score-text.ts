import type { ScoreCard } from '../../../../workflows/domain/backup-score';
import { elapsedText } from '../../../../workflows/domain/elapsed-text';
import type { RecoveryTrend } from '../../../../workflows/domain/recovery-trend';
import type { PlanScore } from '../../../backup-score';
import { styled } from '../../terminal';
import type { Terminal } from '../../terminal';
import { countText } from '../../wording';
import { utcText } from '../calendar/times';

/** How well a plan protects its service, and what somebody should see to. */
export function scoreText({ plan, service, objectives, card, sets }: PlanScore, terminal: Terminal): readonly string[] {
  const { rpoMs, rtoMs } = objectives;
  const facts: readonly (readonly [string, string])[] = [
    ['last backup', setText(card.lastBackup)],
    ['last verified', setText(card.lastVerified)],
    ['last proven', setText(card.lastProven)],
    ['RPO risk now', `${riskText(card)}${ofObjective(rpoMs)}`],
    ['last drill', drillText(card)],
    ['RTO of drills', `${trendText(card.recoveryTime)}${ofObjective(rtoMs)}`],
    ['RPO of drills', `${trendText(card.recoveryPoint)}${ofObjective(rpoMs)}`],
    ['sets', `${sets}, ${card.broken.length} broken, ${countText(card.holds.length, 'hold')}`],
  ];
  const heading =
    card.findings.length === 0 ? styled(terminal, 'green', 'all is well') : styled(terminal, 'red', 'see to');
  return [
    `${service} by ${plan}: ${heading}`,
    ...card.findings.map((finding) => `  - ${finding}`),
    ...facts.map(([name, text]) => `  ${name.padEnd(14)} ${text}`),
  ];
}

function setText(set: ScoreCard['lastBackup']): string {
  if (set === null) return 'none';
  return `${elapsedText(set.ageMs)} ago (${utcText(set.atMs)}), ${set.level ?? 'not verified'}, ${set.id}`;
}

function riskText({ risk }: ScoreCard): string {
  return risk.kind === 'unbounded' ? 'everything' : elapsedText(risk.riskMs);
}

function drillText({ lastDrill, lastPassAtMs }: ScoreCard): string {
  if (lastDrill === null) return 'none';
  const passed = lastPassAtMs === null ? 'none ever passed' : `last pass ${utcText(lastPassAtMs)}`;
  return `${lastDrill.verdict} ${elapsedText(lastDrill.ageMs)} ago (${lastDrill.id}), ${passed}`;
}

function trendText({ count, lastMs, p50Ms, p90Ms, missed, unknown, direction }: RecoveryTrend): string {
  if (count === 0) return 'not measured yet';
  const figures = [lastMs, p50Ms, p90Ms].map((ms) => (ms === null ? 'unknown' : elapsedText(ms)));
  const [last = '', median = '', high = ''] = figures;
  const trend = direction === 'too-few' ? 'too few for a trend' : direction;
  return `last ${last}, p50 ${median}, p90 ${high} of ${count}, ${missed} missed, ${unknown} unknown, ${trend}`;
}

function ofObjective(ms: number | null): string {
  return ms === null ? '' : `; objective ${elapsedText(ms)}`;
}
