import { affectedItems } from './affected-items';
import { closingsIn, unresolvedIn } from './calendar';
import { nextFreeSlot } from './intervals';
import { conflictInterval, executionInterval } from './planned-change';

import type { Interval } from './intervals';
import type { ConflictWorld, PlannedChange } from './planned-change';

/**
 * The earliest execution, from the planned start on, at which the change meets nothing: no other change on its items, their parents
 * and children, nobody double-booked, every calendar known to be open. Warnings are avoided too: a slot that is offered is a clean one.
 */
export function freeSlotFor(change: PlannedChange, world: ConflictWorld): Interval | null {
  const { startMs, endMs } = executionInterval(change);
  const range = { startMs, endMs: world.searchUntilMs };
  const busy = [
    ...busyByOthers(change, world),
    ...(change.type === 'emergency' ? [] : closedTime(change, world, range)),
  ];
  return nextFreeSlot(busy, range, endMs - startMs);
}

/**
 * As seen from the execution: the change's own preparation comes before it, so another change is in the way for as much longer as
 * that preparation takes.
 */
function busyByOthers(change: PlannedChange, world: ConflictWorld): readonly Interval[] {
  const through = new Set(affectedItems(change.items, world).map((item) => item.through));
  return world.others
    .filter(({ id }) => id !== change.id)
    .filter(
      ({ items, assignees }) =>
        items.some((item) => through.has(item)) || assignees.some((person) => change.assignees.includes(person)),
    )
    .map(conflictInterval)
    .map((other) => ({ startMs: other.startMs, endMs: other.endMs + change.preparationMs }));
}

function closedTime(change: PlannedChange, world: ConflictWorld, range: Interval): readonly Interval[] {
  const items = new Set(affectedItems(change.items, world).map(({ through }) => through));
  return [...items]
    .flatMap((item) => world.calendars.get(item) ?? [])
    .flatMap((calendar) => [...closingsIn(calendar, range), ...unresolvedIn(calendar, range)])
    .map(({ during }) => during);
}
