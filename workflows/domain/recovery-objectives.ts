import { isGood, newestFirst, setsById } from './backup-set';
import { minuteMs } from './duration';

import type { BackupSet } from './backup-set';

/** R-RTO-1, in epoch milliseconds; null: it did not come so far, or nobody took it down. In a drill t0 is the injection. */
export interface RecoveryTimes {
  /** t0 */
  readonly impactAtMs: number;
  /** t1 */
  readonly detectedAtMs: number | null;
  /** t2 */
  readonly declaredAtMs: number | null;
  /** t3 */
  readonly planStartAtMs: number | null;
  /** t4 */
  readonly answeringAtMs: number | null;
  /** t5: where the healthy stretch begins; known once the stability time has passed. */
  readonly healthyAtMs: number | null;
}

/** Three figures that are easily taken for one another, so each has its name. Null: one of its ends is not known. */
export interface RecoveryTimeFigures {
  /** RTO achieved, t5 − t0. */
  readonly achievedMs: number | null;
  /** t4 − t3 */
  readonly planMs: number | null;
  /** t5 − t3 */
  readonly toHealthyMs: number | null;
}

export function recoveryTime(times: RecoveryTimes): RecoveryTimeFigures {
  return {
    achievedMs: between(times.impactAtMs, times.healthyAtMs),
    planMs: between(times.planStartAtMs, times.answeringAtMs),
    toHealthyMs: between(times.planStartAtMs, times.healthyAtMs),
  };
}

/** R-RPO-1. Unknown is not zero: nothing was measured, so no objective is met by it. */
export type RecoveryPoint =
  | { readonly kind: 'measured'; readonly achievedMs: number; readonly lostTransactions: number | null }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Clocks of two machines may be apart by this without anybody being alarmed (R-BKP-4). */
export const toleratedSkewMs = 5 * minuteMs;

/** `heartbeatAtMs`: commit time of the last heartbeat that was recovered; 0: there is none. */
export function recoveryPoint(measured: {
  readonly impactAtMs: number;
  readonly heartbeatAtMs: number;
  /** Once the old side can be read; null: it cannot. */
  readonly lostTransactions: number | null;
}): RecoveryPoint {
  const { impactAtMs, heartbeatAtMs, lostTransactions } = measured;
  if (heartbeatAtMs <= 0) return { kind: 'unknown', reason: 'no heartbeat was recovered' };
  if (heartbeatAtMs > impactAtMs + toleratedSkewMs) {
    return { kind: 'unknown', reason: 'the recovered heartbeat is later than the impact: the clocks disagree' };
  }
  return { kind: 'measured', achievedMs: Math.max(0, impactAtMs - heartbeatAtMs), lostTransactions };
}

export type ObjectiveVerdict = 'met' | 'missed' | 'unknown' | 'no-objective';

/** Met up to the objective itself. `achievedMs`: null when it is not known. */
export function againstObjective(achievedMs: number | null, objectiveMs: number | null): ObjectiveVerdict {
  if (objectiveMs === null) return 'no-objective';
  if (achievedMs === null) return 'unknown';
  return achievedMs <= objectiveMs ? 'met' : 'missed';
}

/** R-RPO-2: what would be lost if everything here were lost now. */
export type RecoveryPointRisk =
  | { readonly kind: 'known'; readonly id: string; readonly atMs: number; readonly riskMs: number }
  /** There is no backup that would help: the risk has no bound. */
  | { readonly kind: 'unbounded' };

/** What of a set bears on the risk. */
export type RiskSet = Pick<BackupSet, 'id' | 'atMs' | 'owned' | 'levels' | 'broken' | 'parent' | 'offsite'>;

/**
 * R-RPO-2: now − the newest good backup (V1 or above) that is offsite. One that claims to be of the future is passed over, or a wrong
 * clock would hide the risk for as long as it is ahead.
 */
export function recoveryPointRisk(
  sets: readonly RiskSet[],
  needed: { readonly offsite: boolean },
  nowMs: number,
): RecoveryPointRisk {
  const byId = setsById(sets);
  const newest = newestFirst(sets).find(
    (set) => set.atMs <= nowMs && (set.offsite || !needed.offsite) && isGood(set, byId),
  );
  if (newest === undefined) return { kind: 'unbounded' };
  return { kind: 'known', id: newest.id, atMs: newest.atMs, riskMs: nowMs - newest.atMs };
}

/** Alarm when the risk is > the objective, not when it equals it. */
export function isAtRisk(risk: RecoveryPointRisk, objectiveMs: number): boolean {
  return risk.kind === 'unbounded' || risk.riskMs > objectiveMs;
}

/** The first instant of the alarm if no other backup comes; null: it is due whenever somebody looks. */
export function riskAlarmAtMs(risk: RecoveryPointRisk, objectiveMs: number): number | null {
  return risk.kind === 'unbounded' ? null : risk.atMs + objectiveMs + 1;
}

function between(fromMs: number | null, untilMs: number | null): number | null {
  return fromMs === null || untilMs === null ? null : untilMs - fromMs;
}
