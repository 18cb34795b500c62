import type { ResolvedCalendar } from './calendar';
import type { ChangeType } from './change-type';
import type { DependencyGraph } from './dependency-graph';
import type { Interval } from './intervals';

/** A change as others meet it. */
export interface PlannedChange {
  readonly id: string;
  readonly type: ChangeType;
  readonly owner: string;
  readonly assignees: readonly string[];
  /** Configuration items that it works on. */
  readonly items: readonly string[];
  readonly startMs: number;
  /** The end of its window, which contains its back-out. */
  readonly windowEndMs: number;
  readonly preparationMs: number;
}

/** What a change is held against. */
export interface ConflictWorld {
  /** All other changes that are planned or under way; the change itself among them is passed over. */
  readonly others: readonly PlannedChange[];
  readonly graph: DependencyGraph;
  /** How many dependencies away an item is still related. */
  readonly depth: number;
  readonly calendars: ReadonlyMap<string, readonly ResolvedCalendar[]>;
  /** How far a free slot is looked for. */
  readonly searchUntilMs: number;
}

/** R-CONF-2: `[start − preparation, window end)`; the window has the back-out in it. */
export function conflictInterval({ startMs, windowEndMs, preparationMs }: PlannedChange): Interval {
  return { startMs: startMs - preparationMs, endMs: windowEndMs };
}

export function executionInterval({ startMs, windowEndMs }: PlannedChange): Interval {
  return { startMs, endMs: windowEndMs };
}
