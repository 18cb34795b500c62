import type { TimelineEntry } from '../../../workflows/rehearsal/timeline';

/** How a rehearsal went, of a runbook or of a change. */
export interface RehearsalOutcome {
  readonly outcome: string | null;
  readonly timeline: readonly TimelineEntry[];
  /** Empty: passed. */
  readonly problems: readonly string[];
}
