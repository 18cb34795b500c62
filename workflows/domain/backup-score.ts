import { isAtLeast, lastLevel } from './backup-levels';
import { isGood, isHolding, newestFirst, setsById } from './backup-set';
import { drillAgeProblem } from './drill-age';
import { elapsedText } from './elapsed-text';
import { isAtRisk, recoveryPointRisk } from './recovery-objectives';
import { recoveryTrend } from './recovery-trend';

import type { VerificationLevel } from './backup-levels';
import type { BackupSet } from './backup-set';
import type { DrillVerdict } from './drill-verdict';
import type { RecoveryPointRisk } from './recovery-objectives';
import type { RecoveryTrend } from './recovery-trend';

/** One drill that has ended. */
export interface ScoredDrill {
  readonly id: string;
  readonly verdict: DrillVerdict;
  readonly endedAtMs: number;
  /** Null: not measured. */
  readonly recoveryTimeMs: number | null;
  readonly recoveryPointMs: number | null;
}

export interface ScoreFacts {
  readonly service: string;
  readonly sets: readonly BackupSet[];
  readonly drills: readonly ScoredDrill[];
  readonly objectives: { readonly rpoMs: number | null; readonly rtoMs: number | null };
  /** The plan has a second repository. */
  readonly offsite: boolean;
  /** Null: the plan has no drills, or nothing says how old one may be. */
  readonly maxDrillAgeMs: number | null;
  /** By name. */
  readonly alarms: { readonly [alarm: string]: string };
}

export interface ScoredSet {
  readonly id: string;
  readonly atMs: number;
  readonly ageMs: number;
  readonly level: VerificationLevel | null;
}

export interface ScoreCard {
  readonly service: string;
  readonly lastBackup: ScoredSet | null;
  /** The newest at V1 or above that nothing speaks against. */
  readonly lastVerified: ScoredSet | null;
  /** The newest whose service was started. */
  readonly lastProven: ScoredSet | null;
  readonly risk: RecoveryPointRisk;
  readonly lastDrill: { readonly id: string; readonly verdict: DrillVerdict; readonly ageMs: number } | null;
  readonly lastPassAtMs: number | null;
  readonly recoveryTime: RecoveryTrend;
  readonly recoveryPoint: RecoveryTrend;
  readonly holds: readonly { readonly set: string; readonly name: string }[];
  readonly broken: readonly string[];
  readonly alarms: ScoreFacts['alarms'];
  /** What somebody should see to; empty: all is well. */
  readonly findings: readonly string[];
}

export function scoreCard(facts: ScoreFacts, nowMs: number): ScoreCard {
  const { service, objectives, alarms } = facts;
  const sets = newestFirst(facts.sets.filter(({ owned }) => owned));
  const byId = setsById(sets);
  const good = sets.filter((set) => isGood(set, byId));
  const drills = facts.drills.toSorted((a, b) => b.endedAtMs - a.endedAtMs);
  const last = drills[0];
  const card = {
    service,
    lastBackup: scored(sets[0], nowMs),
    lastVerified: scored(good[0], nowMs),
    lastProven: scored(
      good.find(({ levels }) => isAtLeast(levels, 'V4')),
      nowMs,
    ),
    risk: recoveryPointRisk(sets, { offsite: facts.offsite }, nowMs),
    lastDrill: last === undefined ? null : { id: last.id, verdict: last.verdict, ageMs: nowMs - last.endedAtMs },
    lastPassAtMs: drills.find(({ verdict }) => verdict === 'PASS')?.endedAtMs ?? null,
    recoveryTime: trendOf(drills, 'recoveryTimeMs', objectives.rtoMs),
    recoveryPoint: trendOf(drills, 'recoveryPointMs', objectives.rpoMs),
    holds: sets.flatMap(({ id, holds }) =>
      holds.filter((hold) => isHolding(hold, nowMs)).map(({ name }) => ({ set: id, name })),
    ),
    broken: sets.filter(({ broken }) => broken !== '').map(({ id }) => id),
    alarms,
  };
  return { ...card, findings: findingsOf(card, facts, nowMs) };
}

type Findable = Omit<ScoreCard, 'findings'>;

function findingsOf(card: Findable, { objectives, maxDrillAgeMs }: ScoreFacts, nowMs: number): readonly string[] {
  const { service, lastDrill, lastPassAtMs } = card;
  const tooOld =
    maxDrillAgeMs === null ? null : drillAgeProblem({ service, lastPassAtMs, maxAgeMs: maxDrillAgeMs }, nowMs);
  const failed = lastDrill === null || lastDrill.verdict === 'PASS' ? null : `the last drill is ${lastDrill.verdict}`;
  return [
    riskText(card.risk, objectives.rpoMs),
    failed,
    tooOld,
    missText('recovery time', card.recoveryTime, objectives.rtoMs),
    missText('recovery point', card.recoveryPoint, objectives.rpoMs),
    ...Object.values(card.alarms),
  ].filter((text) => text !== null);
}

function riskText(risk: RecoveryPointRisk, rpoMs: number | null): string | null {
  if (risk.kind === 'unbounded') return 'no good backup is where it should be';
  if (rpoMs === null || !isAtRisk(risk, rpoMs)) return null;
  return `what was written in the last ${elapsedText(risk.riskMs)} could be lost, the objective is ${elapsedText(rpoMs)}`;
}

function missText(what: string, { lastMs }: RecoveryTrend, objectiveMs: number | null): string | null {
  if (objectiveMs === null || lastMs === null || lastMs <= objectiveMs) return null;
  return `the ${what} of the last drill was ${elapsedText(lastMs)}, the objective is ${elapsedText(objectiveMs)}`;
}

/** A drill that was cut short or could not start measured nothing, and says nothing about the service either. */
function trendOf(
  drills: readonly ScoredDrill[],
  figure: 'recoveryTimeMs' | 'recoveryPointMs',
  objectiveMs: number | null,
): RecoveryTrend {
  const ran = drills.filter(({ verdict }) => verdict !== 'INTERRUPTED' && verdict !== 'BLOCKED');
  return recoveryTrend(
    ran.map((drill) => ({ atMs: drill.endedAtMs, achievedMs: drill[figure] })),
    objectiveMs,
  );
}

function scored(set: BackupSet | undefined, nowMs: number): ScoredSet | null {
  if (set === undefined) return null;
  return { id: set.id, atMs: set.atMs, ageMs: nowMs - set.atMs, level: lastLevel(set.levels) };
}
