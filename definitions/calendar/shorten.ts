import type { ResolvedCalendar } from '../../workflows/domain/calendar';
import type { Interval } from '../../workflows/domain/intervals';
import { intersect } from '../../workflows/domain/intervals';

/** The same calendar with a horizon so short that its JSON takes no more than so many bytes: what is left out counts as unresolved. */
export function shortenedTo(calendar: ResolvedCalendar, mostBytes: number): ResolvedCalendar {
  if (sizeBytes(calendar) <= mostBytes) return calendar;
  const starts = [...new Set(entriesOf(calendar).map(({ startMs }) => startMs))].sort((a, b) => a - b);
  let fits = until(calendar, calendar.horizon.startMs);
  let low = 0;
  let high = starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const shorter = until(calendar, starts[middle] ?? calendar.horizon.startMs);
    if (sizeBytes(shorter) <= mostBytes) {
      fits = shorter;
      low = middle + 1;
    } else high = middle - 1;
  }
  return fits;
}

function entriesOf(calendar: ResolvedCalendar): readonly Interval[] {
  return calendar.type === 'DEFAULT_OPEN' ? calendar.closures : [...calendar.openings, ...(calendar.windows ?? [])];
}

function until(calendar: ResolvedCalendar, wantedMs: number): ResolvedCalendar {
  const horizon = { startMs: calendar.horizon.startMs, endMs: Math.max(wantedMs, calendar.horizon.startMs) };
  const isWithin = ({ startMs }: Interval): boolean => startMs < horizon.endMs;
  if (calendar.type === 'DEFAULT_OPEN') return { ...calendar, horizon, closures: calendar.closures.filter(isWithin) };
  const { windows, ...rest } = calendar;
  const openings = intersect(calendar.openings, [horizon]);
  return { ...rest, horizon, openings, ...(windows === undefined ? {} : { windows: windows.filter(isWithin) }) };
}

function sizeBytes(calendar: ResolvedCalendar): number {
  return Buffer.byteLength(JSON.stringify(calendar));
}
