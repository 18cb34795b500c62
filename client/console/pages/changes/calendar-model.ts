import type { ResolvedCalendar } from '../../../../workflows/domain/calendar';
import type { ZoneDay } from '../../kit/zone-days';

/** What the calendar of changes shows, day by day; the screen draws it and decides nothing. */

export interface CalendarDay extends ZoneDay {
  readonly changes: readonly DayChange[];
  readonly closings: readonly DayClosing[];
}

export interface DayChange {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly phase: string;
  /** What the last check against others and calendars said; null: it was not checked. */
  readonly verdict: string | null;
  /** The part of the window that lies on this day. */
  readonly startMs: number;
  readonly endMs: number;
  readonly part: 'whole' | 'first' | 'middle' | 'last';
}

export interface DayClosing {
  readonly calendar: string;
  /** A freeze, by its title; or that no maintenance window is open. */
  readonly title: string;
  readonly kind: 'hard-freeze' | 'soft-freeze' | 'window';
  readonly startMs: number;
  readonly endMs: number;
  readonly wholeDay: boolean;
}

export interface CalendarChange {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly phase: string;
  readonly window: { readonly startMs: number; readonly endMs: number } | null;
  readonly conflicts: { readonly verdict: string } | null;
}

export interface CalendarContent {
  readonly changes: readonly CalendarChange[];
  readonly calendars: readonly ResolvedCalendar[];
}

export function calendarDays(
  days: readonly ZoneDay[],
  { changes, calendars }: CalendarContent,
): readonly CalendarDay[] {
  return days.map((day) => ({
    ...day,
    changes: changes.flatMap((change) => changeOn(day, change)).toSorted((a, b) => a.startMs - b.startMs),
    closings: calendars.flatMap((calendar) => closingsOn(day, calendar)),
  }));
}

/** Business hours would fill every day: of calendars that open, those with maintenance windows are shown unless one is chosen. */
export function shownCalendars(
  calendars: readonly ResolvedCalendar[],
  chosen: string | undefined,
): readonly ResolvedCalendar[] {
  if (chosen !== undefined) return calendars;
  return calendars.filter((calendar) => calendar.type === 'DEFAULT_OPEN' || (calendar.windows ?? []).length > 0);
}

function changeOn(day: ZoneDay, change: CalendarChange): readonly DayChange[] {
  const { id, number, title, phase, window, conflicts } = change;
  const part = window === null ? null : overlap(day, window);
  if (window === null || part === null) return [];
  const [first, last] = [part.startMs === window.startMs, part.endMs === window.endMs];
  const where = first && last ? 'whole' : first ? 'first' : last ? 'last' : 'middle';
  return [{ id, number, title, phase, verdict: conflicts?.verdict ?? null, ...part, part: where }];
}

function closingsOn(day: ZoneDay, calendar: ResolvedCalendar): readonly DayClosing[] {
  const closing = (kind: DayClosing['kind'], title: string, stretch: Stretch): readonly DayClosing[] => {
    const part = overlap(day, stretch);
    if (part === null) return [];
    const wholeDay = part.startMs === day.startMs && part.endMs === day.endMs;
    return [{ calendar: calendar.name, title, kind, ...part, wholeDay }];
  };
  switch (calendar.type) {
    case 'DEFAULT_OPEN':
      return calendar.closures.flatMap((closure) =>
        closing(closure.force === 'hard' ? 'hard-freeze' : 'soft-freeze', closure.title, closure),
      );
    case 'DEFAULT_CLOSED':
      return calendar.openings.flatMap((opening) => closing('window', calendar.name, opening));
  }
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

function overlap(day: Stretch, stretch: Stretch): Stretch | null {
  const startMs = Math.max(day.startMs, stretch.startMs);
  const endMs = Math.min(day.endMs, stretch.endMs);
  return startMs < endMs ? { startMs, endMs } : null;
}

/** Conflicts stand out on the calendar before anybody opens the change. */
export function isMarked({ verdict }: DayChange): boolean {
  return verdict !== null && verdict !== 'clear';
}

export function closingText({ kind, title }: DayClosing): string {
  switch (kind) {
    case 'hard-freeze':
      return `✕ ${title}`;
    case 'soft-freeze':
      return `○ ${title}`;
    case 'window':
      return `Open: ${title}`;
  }
}

/** What of a day is read out: `2 changes, 1 freeze`. */
export function dayLabel({ changes, closings }: CalendarDay): string {
  const freezes = closings.filter(({ kind }) => kind !== 'window').length;
  return [
    changes.length === 1 ? '1 change' : `${changes.length} changes`,
    ...(freezes === 0 ? [] : [freezes === 1 ? '1 freeze' : `${freezes} freezes`]),
  ].join(', ');
}
