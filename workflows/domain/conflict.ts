import { affectedItems } from './affected-items';
import { closingsIn, unresolvedIn } from './calendar';
import { severityOf } from './conflict-kind';
import { freeSlotFor, othersByClaim } from './conflict-slot';
import { groupedBy } from './grouping';
import { intersect } from './intervals';
import { conflictInterval, executionInterval } from './planned-change';

import type { AffectedItem } from './affected-items';
import type { UnresolvedPart } from './calendar';
import type { AssigneeConflict, CalendarConflict, Conflict, ScheduledConflict } from './conflict-kind';
import type { OthersByClaim } from './conflict-slot';
import type { Interval } from './intervals';
import type { ConflictWorld, PlannedChange } from './planned-change';

/** A calendar that does not reach far enough to tell: no conflict, and no clearance either. */
export interface UnresolvedItem {
  readonly item: string;
  readonly through: string;
  readonly part: UnresolvedPart;
}

export interface ConflictReport {
  readonly conflicts: readonly Conflict[];
  readonly unresolved: readonly UnresolvedItem[];
  /** When the change as a whole meets nothing, from its planned start on; null: not as far as was looked. */
  readonly nextFree: Interval | null;
}

/** What a change meets where it is planned. The same function answers at submission, vote, reschedule, extension and start. */
export function conflictReport(change: PlannedChange, world: ConflictWorld): ConflictReport {
  const affected = affectedItems(change.items, world);
  const others = othersByClaim(world);
  const byCalendar = change.type === 'emergency' ? [] : affected;
  const conflicts = [
    ...scheduledConflicts(change, world, affected),
    ...byCalendar.flatMap((item) => calendarConflicts(change, world, item)),
    ...assigneeConflicts(change, world),
  ];
  return {
    conflicts: withNextFree(conflicts, { change, world, others }),
    unresolved: byCalendar.flatMap((item) => unresolvedParts(change, world, item)),
    nextFree: freeSlotFor(change, world, others),
  };
}

export type ConflictVerdict = 'clear' | 'warned' | 'unresolved' | 'held' | 'blocked';

/** What becomes of the change, by the worst that it meets. Only `clear` and `warned` may start. */
export function conflictVerdict({ conflicts, unresolved }: ConflictReport): ConflictVerdict {
  const severities = conflicts.map(({ severity }) => severity);
  if (severities.includes('blocks')) return 'blocked';
  if (severities.includes('holds')) return 'held';
  if (unresolved.length > 0) return 'unresolved';
  return severities.length > 0 ? 'warned' : 'clear';
}

/** Before the next free slot is known, which is looked for once for each item and not for each row. */
type Found =
  Omit<ScheduledConflict, 'nextFree'> | Omit<CalendarConflict, 'nextFree'> | Omit<AssigneeConflict, 'nextFree'>;

function scheduledConflicts(
  change: PlannedChange,
  world: ConflictWorld,
  affected: readonly AffectedItem[],
): readonly Found[] {
  const byThrough = groupedBy(affected, ({ through }) => through);
  return othersOf(change, world).flatMap((other) => {
    const during = commonTime(change, other);
    if (during === null) return [];
    return [...new Set(other.items)]
      .flatMap((name) => byThrough.get(name) ?? [])
      .map(({ item, relation, through }) => {
        const kind = `${relation}-scheduled` as const;
        return { kind, severity: severityOf[kind], item, through, change: other.id, owner: other.owner, during };
      });
  });
}

/** R-FREEZE-4: calendars are asked about the execution with its back-out; preparing is not executing. */
function calendarConflicts(
  change: PlannedChange,
  world: ConflictWorld,
  { item, relation, through }: AffectedItem,
): readonly Found[] {
  return (world.calendars.get(through) ?? [])
    .flatMap((calendar) => closingsIn(calendar, executionInterval(change)))
    .map((closing) => {
      const kind = `${relation}-${closing.reason === 'closure' ? 'blackout' : 'outside-window'}` as const;
      return { kind, severity: severityOf[kind], item, through, closing, during: closing.during };
    });
}

function assigneeConflicts(change: PlannedChange, world: ConflictWorld): readonly Found[] {
  return othersOf(change, world).flatMap((other) => {
    const during = commonTime(change, other);
    if (during === null) return [];
    return [...new Set(change.assignees)]
      .filter((person) => other.assignees.includes(person))
      .map((person) => {
        const kind = 'assignee-scheduled' as const;
        return { kind, severity: severityOf[kind], person, change: other.id, owner: other.owner, during };
      });
  });
}

function unresolvedParts(
  change: PlannedChange,
  world: ConflictWorld,
  { item, through }: AffectedItem,
): readonly UnresolvedItem[] {
  return (world.calendars.get(through) ?? [])
    .flatMap((calendar) => unresolvedIn(calendar, executionInterval(change)))
    .map((part) => ({ item, through, part }));
}

interface Searched {
  readonly change: PlannedChange;
  readonly world: ConflictWorld;
  readonly others: OthersByClaim;
}

function withNextFree(found: readonly Found[], { change, world, others }: Searched): readonly Conflict[] {
  const slots = new Map<string, Interval | null>();
  function slotFor(key: string, alone: PlannedChange): Interval | null {
    const known = slots.get(key);
    if (known !== undefined) return known;
    const slot = freeSlotFor(alone, world, others);
    slots.set(key, slot);
    return slot;
  }
  return found.map((row) => {
    if (row.kind === 'assignee-scheduled') {
      const alone = { ...change, items: [], assignees: [row.person] };
      return { ...row, nextFree: slotFor(`person ${row.person}`, alone) };
    }
    const alone = { ...change, items: [row.item], assignees: [] };
    const nextFree = slotFor(`item ${row.item}`, alone);
    return 'closing' in row ? { ...row, nextFree } : { ...row, nextFree };
  });
}

function othersOf(change: PlannedChange, world: ConflictWorld): readonly PlannedChange[] {
  return world.others.filter(({ id }) => id !== change.id);
}

function commonTime(left: PlannedChange, right: PlannedChange): Interval | null {
  return intersect([conflictInterval(left)], [conflictInterval(right)])[0] ?? null;
}
