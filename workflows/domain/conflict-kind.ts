import type { AffectedRelation } from './affected-items';
import type { Closing } from './calendar';
import type { Interval } from './intervals';

/** R-CONF-1: the ten kinds. */
export type ConflictKind = ItemConflictKind | 'assignee-scheduled';
type ItemConflictKind = `${AffectedRelation}-${'scheduled' | 'outside-window' | 'blackout'}`;

/** Warns: told and let in. Blocks: refused until moved. Holds: waits until the blackout is over or freeze approvers let it pass. */
export type ConflictSeverity = 'warns' | 'blocks' | 'holds';

/** One row for each configuration item of the change and each thing that it meets (R-CONF-2). */
export type Conflict = ScheduledConflict | CalendarConflict | AssigneeConflict;

interface ConflictRow {
  readonly severity: ConflictSeverity;
  /** The part of the time that both want. */
  readonly during: Interval;
  /** When the item, or the person, is next free for as long as the change takes; null: not as far as was looked. */
  readonly nextFree: Interval | null;
}

export interface ScheduledConflict extends ConflictRow {
  readonly kind: `${AffectedRelation}-scheduled`;
  readonly item: string;
  /** The item that the other change works on: the same one, its parent or its child. */
  readonly through: string;
  readonly change: string;
  readonly owner: string;
}

export interface CalendarConflict extends ConflictRow {
  readonly kind: `${AffectedRelation}-${'outside-window' | 'blackout'}`;
  readonly item: string;
  readonly through: string;
  readonly closing: Closing;
}

export interface AssigneeConflict extends ConflictRow {
  readonly kind: 'assignee-scheduled';
  readonly person: string;
  readonly change: string;
  readonly owner: string;
}

export const severityOf: { readonly [K in ConflictKind]: ConflictSeverity } = {
  'item-scheduled': 'blocks',
  'item-outside-window': 'blocks',
  'item-blackout': 'holds',
  'parent-scheduled': 'warns',
  'parent-outside-window': 'blocks',
  'parent-blackout': 'holds',
  'child-scheduled': 'blocks',
  'child-outside-window': 'blocks',
  'child-blackout': 'holds',
  'assignee-scheduled': 'warns',
};
