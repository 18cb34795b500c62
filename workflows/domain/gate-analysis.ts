import { sampleCodes } from './outcome';

import type { GateVerdict } from './journal';

/** What one measurement said. */
export type Sample = 'successful' | 'failed' | 'inconclusive' | 'error';

export interface GateRule {
  readonly count: number;
  readonly failureLimit: number;
  readonly inconclusiveLimit: number;
  readonly consecutiveErrorLimit: number;
  readonly consecutiveSuccess: number;
}

/** Compact, so that a gate of a thousand samples stays small in a run's state. */
export interface GateTally {
  readonly samples: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly errorStreak: number;
  readonly successStreak: number;
  readonly longestSuccess: number;
}

export const noSamples: GateTally = {
  samples: 0,
  failed: 0,
  inconclusive: 0,
  errorStreak: 0,
  successStreak: 0,
  longestSuccess: 0,
};

/** The failure code of a sample's row says more than its status: see `judgeSample`. */
export function sampleOf(failed: boolean, code: string | null, noData: 'fail' | 'inconclusive' | 'pass'): Sample {
  if (!failed) return 'successful';
  if (code === sampleCodes.failed || code === 'EXIT_CODE') return 'failed';
  if (code === sampleCodes.inconclusive) return 'inconclusive';
  if (code !== sampleCodes.noData) return 'error';
  return noData === 'fail' ? 'failed' : noData === 'pass' ? 'successful' : 'inconclusive';
}

export function addSample(tally: GateTally, sample: Sample): GateTally {
  const successStreak = sample === 'successful' ? tally.successStreak + 1 : 0;
  return {
    samples: tally.samples + 1,
    failed: tally.failed + (sample === 'failed' ? 1 : 0),
    inconclusive: tally.inconclusive + (sample === 'inconclusive' ? 1 : 0),
    errorStreak: sample === 'error' ? tally.errorStreak + 1 : 0,
    successStreak,
    longestSuccess: Math.max(tally.longestSuccess, successStreak),
  };
}

/**
 * R-ROLL-3, R-ROLL-4: failed > limit → failed; inconclusive > limit → inconclusive; consecutive errors > limit → error; with all
 * samples taken: promoted only after `consecutiveSuccess` successes in a row, else inconclusive. Null: measure on.
 */
export function verdictOf(rule: GateRule, tally: GateTally): GateVerdict | null {
  if (tally.failed > rule.failureLimit) return 'failed';
  if (tally.inconclusive > rule.inconclusiveLimit) return 'inconclusive';
  if (tally.errorStreak > rule.consecutiveErrorLimit) return 'error';
  if (tally.samples < rule.count) return null;
  if (tally.errorStreak > 0 && tally.longestSuccess < rule.consecutiveSuccess) return 'error';
  return tally.longestSuccess >= rule.consecutiveSuccess ? 'successful' : 'inconclusive';
}

const severity: readonly GateVerdict[] = ['failed', 'error', 'no-data', 'inconclusive', 'successful'];

/** A gate is as good as its worst metric; one without metrics is open. */
export function worstVerdict(verdicts: readonly GateVerdict[]): GateVerdict {
  return severity.find((verdict) => verdicts.includes(verdict)) ?? 'successful';
}
