import type { Interval } from '../../workflows/domain/intervals';
import type { Hours } from '../kinds/calendar';
import { startOfDay, timeOfDay, wallDayMs, weekdayIndex, weekdays } from './wall-time';
import type { WallMs } from './wall-time';
import type { Zone } from './zone';

/** Times since the start of the day; a span over midnight ends after 24:00. */
export interface DaySpan {
  readonly from: WallMs;
  readonly to: WallMs;
}

/** `09:00-18:00`, `22:00-06:00`, `18:00-24:00`; null: it begins when it ends. */
export function readSpan(text: string): DaySpan | null {
  const [start = '', end = ''] = text.split('-');
  const from = timeOfDay(start);
  const to = timeOfDay(end);
  if (from === to) return null;
  return { from, to: to < from ? to + wallDayMs : to };
}

/** The open stretches of weekly hours. A span that the clocks swallow whole, such as 02:00-02:00 in spring, is none. */
export function hoursIn(hours: Hours, zone: Zone, stretch: Interval): readonly Interval[] {
  const spans = weekdays.map((weekday) => (hours[weekday] ?? []).flatMap((text) => readSpan(text) ?? []));
  const open: Interval[] = [];
  const last = zone.wallOf(stretch.endMs);
  for (let day = startOfDay(zone.wallOf(stretch.startMs)) - wallDayMs; day <= last; day += wallDayMs) {
    for (const { from, to } of spans[weekdayIndex(day)] ?? [])
      open.push({ startMs: zone.instantOf(day + from), endMs: zone.instantOf(day + to) });
  }
  return open;
}
