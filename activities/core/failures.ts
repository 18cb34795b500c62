import type { FailureSpec } from '../failure-spec';

export const coreFailures = {
  CORE_FAILED: { retry: true, hint: 'The runbook asked for this failure with core.fail.' },
  ASSERTION_FAILED: { retry: false, hint: 'Look at the values that the assertion compares.' },
} as const satisfies Record<string, FailureSpec>;
