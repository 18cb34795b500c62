import { momentForms, momentIn } from '../definitions/calendar/moment';
import type { ReadableCalendar } from '../definitions/calendar/read';
import { resolveCalendar } from '../definitions/calendar/resolve';
import { ianaZone } from '../definitions/calendar/zone';
import { RequestError } from './api/errors';
import type { CalendarView } from './api/calendar-schema';

/** Moments as people write them, in the zone that they look at the calendar in. */
export interface AskedStretch {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** The calendar's own when absent. */
  readonly zone?: string | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

/** A calendar over the stretch that somebody asks about: from now for so many days unless they say otherwise. */
export function calendarView(calendar: ReadableCalendar, asked: AskedStretch, defaultDays: number): CalendarView {
  const zone = asked.zone === undefined ? calendar.zone : ianaZone(asked.zone);
  if (zone === null)
    throw new RequestError('REQUEST_INVALID', `Cannot use the zone "${asked.zone ?? ''}": it is unknown`);
  const moment = (text: string): number => {
    const at = momentIn(text, zone);
    if (at === null)
      throw new RequestError('REQUEST_INVALID', `Cannot use the moment "${text}": expected ${momentForms}`);
    return at;
  };
  const startMs = asked.from === undefined ? Date.now() : moment(asked.from);
  const endMs = asked.until === undefined ? startMs + defaultDays * dayMs : moment(asked.until);
  if (endMs <= startMs)
    throw new RequestError('REQUEST_INVALID', 'Cannot look at the calendar: the end is not after the beginning');
  const resolved = resolveCalendar(calendar, { startMs, endMs });
  return { zone: zone.name, calendar: resolved, notes: [...calendar.notes] };
}
