import { addDays, addMonths, mondayOf, zoneDay } from './zone-days';
import type { ZoneDay } from './zone-days';

/** Which days a calendar shows, and where its keys lead. */

export type CalendarSpan = 'week' | 'month';

/** The days on the screen: whole weeks from Monday. */
export function daysOf(span: CalendarSpan, date: string, zone: string): readonly ZoneDay[] {
  const [first, after] =
    span === 'week'
      ? [mondayOf(date), addDays(mondayOf(date), 7)]
      : [mondayOf(addMonths(date, 0)), addDays(mondayOf(addDays(addMonths(date, 1), -1)), 7)];
  const days: ZoneDay[] = [];
  for (let day = first; day < after; day = addDays(day, 1)) days.push(zoneDay(day, zone));
  return days;
}

/** The date that the next or the previous page of the calendar is about. */
export function turned(span: CalendarSpan, date: string, by: 1 | -1): string {
  return span === 'week' ? addDays(date, 7 * by) : addMonths(date, by);
}

/** Days of other months fill the first and the last week of a month. */
export function isOutside(span: CalendarSpan, date: string, day: string): boolean {
  return span === 'month' && !day.startsWith(date.slice(0, 7));
}

/** The date that a key leads to; null: the key means nothing here. */
export function dateByKey(date: string, key: string): string | null {
  switch (key) {
    case 'ArrowLeft':
      return addDays(date, -1);
    case 'ArrowRight':
      return addDays(date, 1);
    case 'ArrowUp':
      return addDays(date, -7);
    case 'ArrowDown':
      return addDays(date, 7);
    case 'Home':
      return mondayOf(date);
    case 'End':
      return addDays(mondayOf(date), 6);
    case 'PageUp':
      return addMonths(date, -1);
    case 'PageDown':
      return addMonths(date, 1);
    default:
      return null;
  }
}
