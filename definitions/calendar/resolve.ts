import type { Closure, MaintenanceWindow, ResolvedCalendar } from '../../workflows/domain/calendar';
import { intersect, overlaps, subtract, union } from '../../workflows/domain/intervals';
import type { Interval } from '../../workflows/domain/intervals';
import { happeningsIn } from './event';
import type { Happening } from './event';
import { holidaysIn } from './holidays';
import { hoursIn } from './hours';
import type { ReadableCalendar } from './read';
import { formatLocalTime, wallDayMs } from './wall-time';
import { zoneDataVersion } from './zone';

/** Two years and a day. What lies further ahead is planned by people who will know more. */
export const longestHorizonMs = 731 * wallDayMs;

/**
 * The calendar as UTC stretches. The horizon of the answer may end sooner than asked: after two years, or where the calendar has more
 * events than are resolved at once. What lies beyond it is neither open nor closed.
 */
export function resolveCalendar(calendar: ReadableCalendar, asked: Interval): ResolvedCalendar {
  const stretch = { startMs: asked.startMs, endMs: Math.min(asked.endMs, asked.startMs + longestHorizonMs) };
  const { happenings, completeUntilMs } = happeningsIn(calendar.events, stretch);
  const horizon = { startMs: stretch.startMs, endMs: completeUntilMs };
  const holidays = holidayClosures(calendar, horizon);
  const common = { name: calendar.name, version: calendarVersion(calendar), horizon };
  switch (calendar.spec.type) {
    case 'DEFAULT_OPEN': {
      const closures = [...happenings.map((happening) => closureOf(calendar, happening)), ...holidays];
      return { type: 'DEFAULT_OPEN', ...common, closures: closures.sort((a, b) => a.startMs - b.startMs) };
    }
    case 'DEFAULT_CLOSED': {
      const hours = hoursIn(calendar.spec.hours ?? {}, calendar.zone, horizon);
      const openings = intersect(subtract(union(hours, happenings), holidays), [horizon]);
      const windows = happenings.flatMap((happening) => windowsOf(happening, holidays));
      return { type: 'DEFAULT_CLOSED', ...common, openings, ...(windows.length === 0 ? {} : { windows }) };
    }
  }
}

/** Which text and which time-zone data an answer comes from (R-TIME-6). */
export function calendarVersion({ digest }: Pick<ReadableCalendar, 'digest'>): string {
  return `${digest.slice(0, 16)}+tz${zoneDataVersion()}`;
}

/** Ids begin with the calendar's name: freeze approvers let one freeze pass, not its namesake elsewhere. */
function closureOf({ name }: ReadableCalendar, { event, startWall, startMs, endMs }: Happening): Closure {
  const recurs = event.rules.length > 0 || event.also.length > 0;
  const id = `${name}/${event.id}${recurs ? `@${formatLocalTime(startWall)}` : ''}`;
  return { id, title: event.title, force: event.force, startMs, endMs };
}

function windowsOf({ event, startMs, endMs }: Happening, holidays: readonly Interval[]): readonly MaintenanceWindow[] {
  const { cutoffMs } = event;
  if (cutoffMs === null) return [];
  return subtract([{ startMs, endMs }], holidays).map((part) => ({ ...part, cutoffMs }));
}

/** Whole days of the zone, of 23 to 25 hours. */
function holidayClosures({ name, spec, zone }: ReadableCalendar, horizon: Interval): readonly Closure[] {
  const yearOf = (atMs: number): number => new Date(zone.wallOf(atMs)).getUTCFullYear();
  const years = { from: yearOf(horizon.startMs), to: yearOf(horizon.endMs) };
  return holidaysIn(spec.holidays ?? [], years)
    .map(({ date, title, from, to }): Closure => {
      const days = { startMs: zone.instantOf(from), endMs: zone.instantOf(to) };
      return { id: `${name}/holiday@${date}`, title, force: 'soft', ...days };
    })
    .filter((days) => overlaps(days, horizon));
}
