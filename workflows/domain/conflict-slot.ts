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
export function freeSlotFor(
  change: PlannedChange,
  world: ConflictWorld,
  others: OthersByClaim = othersByClaim(world),
): Interval | null {
  const { startMs, endMs } = executionInterval(change);
  const range = { startMs, endMs: world.searchUntilMs };
  const busy = [
    ...busyByOthers(change, world, others),
    ...(change.type === 'emergency' ? [] : closedTime(change, world, range)),
  ];
  return nextFreeSlot(busy, range, endMs - startMs);
}

/** The other changes by what they claim, items and people: made once for a world, however many slots are looked for in it. */
export type OthersByClaim = ReadonlyMap<string, readonly PlannedChange[]>;

export function othersByClaim({ others }: Pick<ConflictWorld, 'others'>): OthersByClaim {
  const claims = new Map<string, PlannedChange[]>();
  for (const other of others)
    for (const claim of [...other.items.map(itemClaim), ...other.assignees.map(personClaim)]) {
      const known = claims.get(claim);
      if (known === undefined) claims.set(claim, [other]);
      else known.push(other);
    }
  return claims;
}

function itemClaim(item: string): string {
  return `item ${item}`;
}

function personClaim(person: string): string {
  return `person ${person}`;
}

/**
 * As seen from the execution: the change's own preparation comes before it, so another change is in the way for as much longer as
 * that preparation takes.
 */
function busyByOthers(change: PlannedChange, world: ConflictWorld, others: OthersByClaim): readonly Interval[] {
  const through = affectedItems(change.items, world).map((item) => item.through);
  const claims = [...through.map(itemClaim), ...change.assignees.map(personClaim)];
  const met = new Set(claims.flatMap((claim) => others.get(claim) ?? []));
  return [...met]
    .filter(({ id }) => id !== change.id)
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
