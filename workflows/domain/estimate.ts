import { groupedBy } from './grouping';

/**
 * Where the figures come from: what is written down and does not vary, enough earlier runs, a few of them, the runbook's own `estimate`,
 * the time limits, or nowhere.
 */
export type EstimateSource = 'fixed' | 'history' | 'few-runs' | 'runbook' | 'timeout' | 'none';

export interface KnownEstimate {
  readonly source: Exclude<EstimateSource, 'none'>;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
}

/** Nobody can tell: never taken for "no time at all". */
export interface UnknownEstimate {
  readonly source: 'none';
}

export type Estimate = KnownEstimate | UnknownEstimate;

/** How long a step took on hosts of a class, once. Only what succeeded: a failure may be over in no time. */
export interface DurationSample {
  readonly step: string;
  readonly phase: 'do' | 'undo';
  readonly hostClass: string;
  readonly durationMs: number;
}

export type StepKey = Omit<DurationSample, 'durationMs'>;
export type DurationHistory = ReadonlyMap<string, readonly number[]>;

/** Below 20 samples a nearest-rank p95 is only the largest one. */
const fullHistory = 20;

/** Weakest first: figures put together are as good as the worst of them. */
const weakestFirst: readonly EstimateSource[] = ['none', 'timeout', 'runbook', 'few-runs', 'history', 'fixed'];

export function durationHistory(samples: readonly DurationSample[]): DurationHistory {
  const byKey = groupedBy(samples, keyOf);
  return new Map([...byKey].map(([key, group]) => [key, group.map(({ durationMs }) => durationMs)]));
}

/**
 * Nearest rank: the smallest duration that so many percent of the earlier ones did not exceed. With fewer than 20 of them no figure
 * is below the runbook's estimate; with none, the runbook's estimate is all three.
 */
export function estimateOf(history: DurationHistory, key: StepKey, runbookMs: number | null): Estimate {
  const durations = (history.get(keyOf(key)) ?? []).toSorted((a, b) => a - b);
  if (durations.length === 0) return runbookMs === null ? { source: 'none' } : stated(runbookMs, 'runbook');
  const full = durations.length >= fullHistory;
  const leastMs = full ? 0 : (runbookMs ?? 0);
  return mapped({ source: full ? 'history' : 'few-runs', p50Ms: 50, p90Ms: 90, p95Ms: 95 }, (percent) =>
    Math.max(leastMs, nearestRank(durations, percent)),
  );
}

/** What is written down, such as a time of watching. */
export function certain(ms: number): KnownEstimate {
  return { source: 'fixed', p50Ms: ms, p90Ms: ms, p95Ms: ms };
}

/** Somebody said so: an author, or a time limit. */
export function stated(ms: number, source: 'runbook' | 'timeout'): KnownEstimate {
  return { ...certain(ms), source };
}

/** One after another: the sum, which is never too short, since all steps are not slow in the same run. */
export function inSequence(estimates: readonly Estimate[]): Estimate {
  return combined(estimates, (left, right) => left + right);
}

/** Side by side: the longest. */
export function sideBySide(estimates: readonly Estimate[]): Estimate {
  return combined(estimates, Math.max);
}

/** The same again and again, as the groups of a rollout do it. */
export function repeated(estimate: Estimate, times: number): Estimate {
  return estimate.source === 'none' ? estimate : mapped(estimate, (ms) => ms * times);
}

/**
 * What is left of something under way. A figure that it has outlived gives way to the next larger one; past its p95 nobody can tell.
 */
export function remainingOf(estimate: Estimate, elapsedMs: number): Estimate {
  if (estimate.source === 'none' || elapsedMs >= estimate.p95Ms) return { source: 'none' };
  const { source, p50Ms, p90Ms, p95Ms } = estimate;
  const reached = [p50Ms, p90Ms, p95Ms].filter((ms) => ms > elapsedMs);
  return mapped({ source, p50Ms, p90Ms, p95Ms }, (ms) => Math.max(ms, reached[0] ?? p95Ms) - elapsedMs);
}

/** The smallest value that at least `percent` % of the sorted values do not exceed. */
export function nearestRank(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? 0;
}

function combined(estimates: readonly Estimate[], join: (left: number, right: number) => number): Estimate {
  let total: Estimate = certain(0);
  for (const estimate of estimates) {
    if (estimate.source === 'none') return estimate;
    total = {
      source: weaker(total.source, estimate.source),
      p50Ms: join(total.p50Ms, estimate.p50Ms),
      p90Ms: join(total.p90Ms, estimate.p90Ms),
      p95Ms: join(total.p95Ms, estimate.p95Ms),
    };
  }
  return total;
}

function weaker(left: KnownEstimate['source'], right: KnownEstimate['source']): KnownEstimate['source'] {
  return weakestFirst.indexOf(left) <= weakestFirst.indexOf(right) ? left : right;
}

function mapped(estimate: KnownEstimate, change: (ms: number) => number): KnownEstimate {
  const { source, p50Ms, p90Ms, p95Ms } = estimate;
  return { source, p50Ms: change(p50Ms), p90Ms: change(p90Ms), p95Ms: change(p95Ms) };
}

function keyOf({ step, phase, hostClass }: StepKey): string {
  return JSON.stringify([step, phase, hostClass]);
}
