import { inSequence, remainingOf } from '../domain/estimate';
import type { Estimate } from '../domain/estimate';
import type { RemainingWork } from '../domain/window-duty';
import type { WorkUnit } from './messages';

/** Where the run is, in units of its plan. */
export interface Progress {
  /** By `path#wave`. */
  readonly done: readonly string[];
  /** The unit that is under way began then; null: none is. */
  readonly since: number | null;
}

/**
 * What is left at p90. A run tells of its waves only, so steps before the first wave that is not through count as done, and those after
 * the last one as still to come.
 */
export function remainingUnits(units: readonly WorkUnit[], { done, since }: Progress, now: number): RemainingWork {
  const left = units.slice(firstOpen(units, done));
  const [current, ...later] = left.map(estimateOfUnit);
  if (current === undefined) return { p90Ms: 0, lastTaskStartP90Ms: 0 };
  const ending = since === null ? current : remainingOf(current, now - since);
  return {
    p90Ms: p90Of(inSequence([ending, ...later])),
    lastTaskStartP90Ms: later.length === 0 && since !== null ? 0 : p90Of(inSequence([ending, ...later].slice(0, -1))),
  };
}

function firstOpen(units: readonly WorkUnit[], done: readonly string[]): number {
  const last = units.findLastIndex(({ path, wave }) => wave !== null && done.includes(`${path}#${wave}`));
  if (last >= 0) return last + 1;
  const firstWave = units.findIndex(({ wave }) => wave !== null);
  return Math.max(0, firstWave);
}

function estimateOfUnit({ p50Ms, p90Ms, p95Ms }: WorkUnit): Estimate {
  if (p50Ms === null || p90Ms === null || p95Ms === null) return { source: 'none' };
  return { source: 'history', p50Ms, p90Ms, p95Ms };
}

function p90Of(estimate: Estimate): number | null {
  return estimate.source === 'none' ? null : estimate.p90Ms;
}
