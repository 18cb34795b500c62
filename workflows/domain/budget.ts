import { percentOf } from './waves';
import type { CumulativeSize } from './waves';

/** How many failures a rollout tolerates, and how it cuts a wave into groups (R-ROLL-2, D10). */
export interface Budget {
  readonly limit: number;
  readonly parallel: number;
  readonly strict: boolean;
}

/** A percentage is rounded down. */
export function failureLimit(maxFailures: CumulativeSize, total: number): number {
  return 'count' in maxFailures ? maxFailures.count : percentOf(total, maxFailures.percent);
}

/** `maxFailures: n` stops when failures > n. */
export function isExceeded(budget: Budget, failures: number): boolean {
  return failures > budget.limit;
}

/**
 * Hosts of the next group: at most `parallel`; `strict` also keeps failures + in flight ≤ n + 1, so that no order of failures can
 * harm more than n + 1 hosts. Zero: start nothing.
 */
export function nextGroupSize(budget: Budget, failures: number, waiting: number): number {
  if (isExceeded(budget, failures)) return 0;
  const allowed = budget.strict ? budget.limit + 1 - failures : budget.parallel;
  return Math.max(0, Math.min(budget.parallel, allowed, waiting));
}

/** Failures that a batch may still add before it starts nothing more: what `stopAfterFailures` carries. */
export function failuresLeft(limit: number, failures: number): number {
  return Math.max(0, limit + 1 - failures);
}
