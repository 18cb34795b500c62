import type { FreezeForce } from '../../workflows/domain/calendar';
import type { Interval } from '../../workflows/domain/intervals';
import { occurrencesOf } from './recurrence';
import type { OccurrenceRange } from './recurrence';
import type { RecurrenceRule } from './rule';
import { wallDayMs } from './wall-time';
import type { WallMs } from './wall-time';
import type { Zone } from './zone';

/** Something in a calendar that happens once or again and again. */
export interface CalendarEvent {
  readonly id: string;
  readonly title: string;
  readonly force: FreezeForce;
  readonly zone: Zone;
  readonly start: WallMs;
  readonly length: EventLength;
  readonly rules: readonly RecurrenceRule[];
  /** Starts besides those of the rules. */
  readonly also: readonly WallMs[];
  /** Instants at which it does not start after all. */
  readonly except: readonly number[];
  readonly cutoffMs: number | null;
}

/**
 * First on the clock of the wall, then in physical time: `P1D` and a shift from 22:00 to 06:00 are the former and take what the clock
 * takes (R-TIME-1, R-TIME-4), `PT4H` is the latter.
 */
export interface EventLength {
  readonly wallMs: number;
  readonly elapsedMs: number;
}

export interface Happening extends Interval {
  readonly event: CalendarEvent;
  readonly startWall: WallMs;
}

/** What recurs and takes longer would overlap itself for ever. */
const longestRecurringMs = 366 * wallDayMs;
const epochStart = 0;

/** Why an event cannot be resolved in a reasonable time; null: it can. */
export function unreasonable({
  rules,
  length,
  start,
}: Pick<CalendarEvent, 'rules' | 'length' | 'start'>): string | null {
  if (rules.length > 0 && length.wallMs + length.elapsedMs > longestRecurringMs)
    return 'what recurs may take a year and no more';
  if (start < epochStart && rules.some(({ count }) => count !== null))
    return 'what is counted may not start before 1970';
  return null;
}

/** More than a day in every zone from which a time can be looked at. */
const zoneSlackMs = 2 * wallDayMs;

/** What a calendar is resolved to at most. Beyond it the horizon ends sooner. */
export const mostHappenings = 10_000;

interface Start {
  readonly wall: WallMs;
  readonly event: CalendarEvent;
}

/** What happens within a stretch, and how far that is all of it. */
export function happeningsIn(
  events: readonly CalendarEvent[],
  stretch: Interval,
): { readonly happenings: readonly Happening[]; readonly completeUntilMs: number } {
  let starts: Start[] = [];
  let to = stretch.endMs + zoneSlackMs;
  let completeUntilMs = stretch.endMs;
  const cut = (wall: WallMs): void => {
    to = Math.min(to, wall);
    completeUntilMs = Math.max(Math.min(completeUntilMs, wall - zoneSlackMs), stretch.startMs);
  };
  for (const event of events) {
    const from = stretch.startMs - zoneSlackMs - event.length.wallMs - event.length.elapsedMs;
    const found = startsOf(event, { from, to, limit: mostHappenings });
    if (found.cutAt !== null) cut(found.cutAt);
    starts.push(...found.starts.map((wall) => ({ wall, event })));
    // Cut as soon as there are too many: a thousand events that happen hourly must not be gathered first.
    if (starts.length > mostHappenings) {
      starts.sort((a, b) => a.wall - b.wall);
      cut(starts[mostHappenings]?.wall ?? to);
      starts = starts.slice(0, mostHappenings);
    }
  }
  const happenings = starts
    .map(({ wall, event }) => happeningAt(event, wall))
    .filter(({ event, startMs, endMs }) => startMs < endMs && !event.except.includes(startMs))
    .filter(({ startMs, endMs }) => startMs < completeUntilMs && endMs > stretch.startMs)
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  return { happenings, completeUntilMs };
}

function startsOf(
  event: CalendarEvent,
  range: OccurrenceRange,
): { readonly starts: readonly WallMs[]; readonly cutAt: WallMs | null } {
  const byRules = event.rules.map((rule) => occurrencesOf({ rule, start: event.start, zone: event.zone }, range));
  const single = event.rules.length === 0 ? [event.start] : [];
  const besides = [...single, ...event.also].filter((wall) => wall >= range.from && wall < range.to);
  const starts = [...new Set([...byRules.flatMap((found) => found.starts), ...besides])];
  const cuts = byRules.map(({ cutAt }) => cutAt).filter((cutAt) => cutAt !== null);
  return { starts, cutAt: cuts.length === 0 ? null : Math.min(...cuts) };
}

function happeningAt(event: CalendarEvent, wall: WallMs): Happening {
  const { zone, length } = event;
  const endMs = zone.instantOf(wall + length.wallMs) + length.elapsedMs;
  return { event, startWall: wall, startMs: zone.instantOf(wall), endMs };
}
