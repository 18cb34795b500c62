/** States of a step, of a host within a step, and of a whole container. */
export type StepStatus =
  'pending' | 'running' | 'succeeded' | 'failed' | 'skipped' | 'cancelled' | 'unknown' | 'undone';

/**
 * The state of one host in a batch, as one character, so that 10,000 hosts cost 10 kB of workflow state:
 * `.` pending, `r` running, `s` succeeded, `f` failed, `k` skipped, `c` cancelled, `u` unknown, `b` undone (backed out), `n` not started.
 */
export const statusOfCode = {
  '.': 'pending',
  r: 'running',
  s: 'succeeded',
  f: 'failed',
  k: 'skipped',
  c: 'cancelled',
  u: 'unknown',
  b: 'undone',
  n: 'pending',
} as const satisfies Record<string, StepStatus>;

export type StatusCode = keyof typeof statusOfCode;

export type RunState = 'pending' | 'running' | 'waiting' | 'paused' | 'closed';

export type RunOutcome = 'succeeded' | 'failed' | 'cancelled' | 'undone' | 'undo-failed' | 'checked';
