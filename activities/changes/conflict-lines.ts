import type { MeetingChange } from '../../platform/store/change-row';
import type { CalendarConflict, Conflict, ScheduledConflict } from '../../workflows/domain/conflict-kind';
import type { Interval } from '../../workflows/domain/intervals';

interface Surroundings {
  readonly others: readonly MeetingChange[];
  /** When the change as a whole meets nothing. */
  readonly nextFree: Interval | null;
}

/** R-CONF-2: one line for each item and each thing that it meets, with whose it is and when the item is next free. */
export function conflictLines(conflicts: readonly Conflict[], { others, nextFree }: Surroundings): readonly string[] {
  if (conflicts.length === 0) return [];
  const byId = new Map(others.map((other) => [other.id, other]));
  const whole =
    nextFree === null
      ? 'As far as was looked, the change meets something at every time'
      : `The change as a whole is free from ${instant(nextFree.startMs)} to ${instant(nextFree.endMs)}`;
  return [...conflicts.map((conflict) => lineOf(conflict, byId)), whole];
}

function lineOf(conflict: Conflict, byId: ReadonlyMap<string, MeetingChange>): string {
  const when = `${instant(conflict.during.startMs)} to ${instant(conflict.during.endMs)}`;
  return `${whatIs(conflict, byId)}, ${when}; ${nextText(conflict.nextFree)} (${conflict.severity})`;
}

function whatIs(conflict: Conflict, byId: ReadonlyMap<string, MeetingChange>): string {
  switch (conflict.kind) {
    case 'assignee-scheduled':
      return `${conflict.person}: takes part in ${otherText(conflict, byId)}`;
    case 'item-scheduled':
    case 'parent-scheduled':
    case 'child-scheduled':
      return `${itemText(conflict)} is taken by ${otherText(conflict, byId)}`;
    case 'item-outside-window':
    case 'parent-outside-window':
    case 'child-outside-window':
      return `${itemText(conflict)} is outside of its maintenance window "${conflict.closing.calendar}"`;
    case 'item-blackout':
    case 'parent-blackout':
    case 'child-blackout':
      return `${itemText(conflict)} is closed by ${closureText(conflict)}`;
  }
}

/** `host/web1: service/shop, which needs it,` */
function itemText({ kind, item, through }: ScheduledConflict | CalendarConflict): string {
  if (kind.startsWith('item-')) return `${item}: it`;
  return kind.startsWith('parent-') ? `${item}: ${through}, which needs it,` : `${item}: ${through}, which it needs,`;
}

function closureText({ closing }: CalendarConflict): string {
  const title = closing.reason === 'closure' ? `"${closing.closure.title}" of ` : '';
  return `${title}the calendar "${closing.calendar}"`;
}

function otherText(
  { change, owner }: { readonly change: string; readonly owner: string },
  byId: ReadonlyMap<string, MeetingChange>,
): string {
  const other = byId.get(change);
  return other === undefined ? `change "${change}" of ${owner}` : `CHG-${other.number} "${other.title}" of ${owner}`;
}

function nextText(nextFree: Interval | null): string {
  return nextFree === null ? 'not free as far as was looked' : `free from ${instant(nextFree.startMs)}`;
}

function instant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
