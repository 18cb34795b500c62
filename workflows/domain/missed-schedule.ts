/** R-TIME-7: what a schedule does about instants that passed while the engine was down. */
export type MissedPolicy = 'skip' | 'run-once-late' | 'run-all';

/** A start that comes late: it is flagged by how much, and its window is looked at again before it begins. */
export interface LateStart {
  readonly dueAtMs: number;
  readonly lateByMs: number;
}

/** The starts to make up for, oldest first. `run-once-late` makes up for the newest only. */
export function lateStarts(policy: MissedPolicy, missedAtMs: readonly number[], nowMs: number): readonly LateStart[] {
  const late = missedAtMs
    .filter((dueAtMs) => dueAtMs < nowMs)
    .toSorted((a, b) => a - b)
    .map((dueAtMs) => ({ dueAtMs, lateByMs: nowMs - dueAtMs }));
  switch (policy) {
    case 'skip':
      return [];
    case 'run-once-late':
      return late.slice(-1);
    case 'run-all':
      return late;
  }
}
