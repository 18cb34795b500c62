import { nearestRank } from './estimate';
import { againstObjective } from './recovery-objectives';

/** One figure of one drill, or of one real recovery; null: it could not be measured. */
export interface RecoverySample {
  readonly atMs: number;
  readonly achievedMs: number | null;
}

export interface RecoveryTrend {
  readonly count: number;
  readonly lastMs: number | null;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  /** How many were over the objective, and how many could not be measured: neither is a success. */
  readonly missed: number;
  readonly unknown: number;
  readonly direction: 'better' | 'worse' | 'steady' | 'too-few';
}

/** The last three against all before them: one slow day is no trend. */
const recentCount = 3;
/** A change up to here is noise. */
const steadyPercent = 10;

export function recoveryTrend(samples: readonly RecoverySample[], objectiveMs: number | null): RecoveryTrend {
  const inOrder = samples.toSorted((a, b) => a.atMs - b.atMs).map(({ achievedMs }) => achievedMs);
  const measured = inOrder.filter((achievedMs) => achievedMs !== null);
  return {
    count: inOrder.length,
    lastMs: inOrder.at(-1) ?? null,
    p50Ms: percentileOf(measured, 50),
    p90Ms: percentileOf(measured, 90),
    missed: measured.filter((achievedMs) => againstObjective(achievedMs, objectiveMs) === 'missed').length,
    unknown: inOrder.length - measured.length,
    direction: directionOf(measured),
  };
}

function directionOf(measured: readonly number[]): RecoveryTrend['direction'] {
  const before = percentileOf(measured.slice(0, -recentCount), 50);
  const recent = percentileOf(measured.slice(-recentCount), 50);
  if (before === null || recent === null) return 'too-few';
  if (Math.abs(recent - before) * 100 <= before * steadyPercent) return 'steady';
  return recent < before ? 'better' : 'worse';
}

function percentileOf(values: readonly number[], percent: number): number | null {
  return values.length === 0
    ? null
    : nearestRank(
        values.toSorted((a, b) => a - b),
        percent,
      );
}
