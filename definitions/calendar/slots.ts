import { openTimeOf } from '../../workflows/domain/calendar';
import type { ResolvedCalendar } from '../../workflows/domain/calendar';

/** Open time that is long enough, in all calendars at once. */
export interface OpenSlot {
  readonly startMs: number;
  /** Whatever starts later does not fit. */
  readonly latestStartMs: number;
  readonly openUntilMs: number;
  /** In a maintenance window with a cutoff: nothing starts after it (R-WIN-1). */
  readonly cutoffAtMs: number | null;
}

export interface SlotSearch {
  readonly fromMs: number;
  readonly lengthMs: number;
  readonly count: number;
}

/** The next stretches of open time that have room for so much, as far as the calendars are resolved. */
export function openSlots(calendars: readonly ResolvedCalendar[], search: SlotSearch): readonly OpenSlot[] {
  const { fromMs, lengthMs, count } = search;
  return openTimeOf(calendars)
    .open.map(({ startMs, endMs }) => ({ startMs: Math.max(startMs, fromMs), openUntilMs: endMs }))
    .filter(({ startMs, openUntilMs }) => openUntilMs - startMs >= lengthMs)
    .slice(0, count)
    .map((slot) => ({
      ...slot,
      latestStartMs: slot.openUntilMs - lengthMs,
      cutoffAtMs: cutoffAt(calendars, slot.startMs),
    }));
}

function cutoffAt(calendars: readonly ResolvedCalendar[], atMs: number): number | null {
  const cutoffs = calendars
    .flatMap((calendar) => (calendar.type === 'DEFAULT_CLOSED' ? (calendar.windows ?? []) : []))
    .filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)
    .map(({ endMs, cutoffMs }) => endMs - cutoffMs);
  return cutoffs.length === 0 ? null : Math.min(...cutoffs);
}
