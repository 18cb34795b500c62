/** A runbook's own retry: a loop of the interpreter, after a definitive failure (D1). */
export interface RetryRule {
  readonly attempts: number;
  readonly delayMs: number;
  readonly backoff: number;
  readonly maxDelayMs?: number;
  readonly withinMs?: number;
  readonly on?: readonly string[];
}

export interface AttemptsMade {
  readonly attempts: number;
  readonly firstStartedAt: number;
  readonly now: number;
}

/** Milliseconds to wait before the next attempt, or null: no further one. */
export function nextDelayMs(rule: RetryRule, made: AttemptsMade, code: string): number | null {
  if (made.attempts >= rule.attempts) return null;
  if (rule.on !== undefined && !rule.on.includes(code)) return null;
  const delay = delayAfter(rule, made.attempts);
  const ends = rule.withinMs === undefined ? Infinity : made.firstStartedAt + rule.withinMs;
  return made.now + delay >= ends ? null : delay;
}

/** Delay after the n-th attempt: delay · backoff^(n−1), at most `maxDelay`. */
export function delayAfter(rule: RetryRule, attempts: number): number {
  const grown = rule.delayMs * rule.backoff ** (attempts - 1);
  return Math.round(Math.min(grown, rule.maxDelayMs ?? Infinity, longestDelayMs));
}

/** A backoff without `maxDelay` must not grow past what a timer can hold. */
const longestDelayMs = 24 * 60 * 60 * 1000;
