import { intersect, nextFreeSlot, overlaps, subtract } from './intervals';

import type { Interval } from './intervals';

/**
 * A calendar as a process sees it: events resolved to UTC stretches, valid for one version of calendar and time-zone data
 * (R-TIME-6) and only within `horizon`. What lies beyond was not resolved, and is neither open nor closed.
 */
export type ResolvedCalendar = DefaultOpenCalendar | DefaultClosedCalendar;

/** Its events close it: freezes, holidays. */
export interface DefaultOpenCalendar {
  readonly type: 'DEFAULT_OPEN';
  readonly name: string;
  readonly version: string;
  readonly horizon: Interval;
  readonly closures: readonly Closure[];
}

/** Its events open it: business hours, maintenance windows. */
export interface DefaultClosedCalendar {
  readonly type: 'DEFAULT_CLOSED';
  readonly name: string;
  readonly version: string;
  readonly horizon: Interval;
  readonly openings: readonly Interval[];
  /** Those openings that are maintenance windows with a cutoff, each by itself. */
  readonly windows?: readonly MaintenanceWindow[];
}

/** Nothing starts in it after its end less the cutoff (R-WIN-1). */
export interface MaintenanceWindow extends Interval {
  readonly cutoffMs: number;
}

export interface Closure extends Interval {
  /** Freeze approvers name it when they let a change pass. */
  readonly id: string;
  readonly title: string;
  readonly force: FreezeForce;
}

/** Soft: what runs goes on to its next wave boundary. Hard: it pauses at once (R-FREEZE-2). */
export type FreezeForce = 'soft' | 'hard';

/** Which version of which calendar an answer was given by: recorded in the run. */
export interface ConsultedCalendar {
  readonly calendar: string;
  readonly version: string;
}

/** A part of the asked stretch in which a calendar is closed. */
export type Closing = ConsultedCalendar & { readonly during: Interval } & (
    { readonly reason: 'closure'; readonly closure: Closure } | { readonly reason: 'outside-openings' }
  );

export type CalendarVerdict =
  | { readonly kind: 'open'; readonly consulted: readonly ConsultedCalendar[] }
  | { readonly kind: 'closed'; readonly consulted: readonly ConsultedCalendar[]; readonly closings: readonly Closing[] }
  | {
      readonly kind: 'beyond-horizon';
      readonly consulted: readonly ConsultedCalendar[];
      readonly unresolved: readonly UnresolvedPart[];
    };

export interface UnresolvedPart extends ConsultedCalendar {
  readonly during: Interval;
}

/**
 * R-FREEZE-1, R-FREEZE-4: open only if every calendar is open during the whole stretch. A known closing decides even when another
 * part is unresolved; an unresolved part is never taken for open. A stretch without length is asked as its first instant.
 */
export function calendarVerdict(calendars: readonly ResolvedCalendar[], stretch: Interval): CalendarVerdict {
  const asked = { startMs: stretch.startMs, endMs: Math.max(stretch.endMs, stretch.startMs + 1) };
  const consulted = calendars.map(consultedOf);
  const closings = calendars.flatMap((calendar) => closingsIn(calendar, asked));
  if (closings.length > 0) return { kind: 'closed', consulted, closings };
  const unresolved = calendars.flatMap((calendar) => unresolvedIn(calendar, asked));
  return unresolved.length > 0 ? { kind: 'beyond-horizon', consulted, unresolved } : { kind: 'open', consulted };
}

/** The parts of a stretch that a calendar says nothing about. */
export function unresolvedIn(calendar: ResolvedCalendar, stretch: Interval): readonly UnresolvedPart[] {
  return subtract([stretch], [calendar.horizon]).map((during) => ({ ...consultedOf(calendar), during }));
}

export function closingsIn(calendar: ResolvedCalendar, stretch: Interval): readonly Closing[] {
  const by = consultedOf(calendar);
  switch (calendar.type) {
    case 'DEFAULT_OPEN':
      return calendar.closures
        .filter((closure) => overlaps(closure, stretch))
        .map((closure) => ({ ...by, reason: 'closure', closure, during: common(closure, stretch) }));
    case 'DEFAULT_CLOSED':
      return subtract(intersect([stretch], [calendar.horizon]), calendar.openings).map((during) => ({
        ...by,
        reason: 'outside-openings',
        during,
      }));
  }
}

/** Time that all calendars leave open, as far as all of them are resolved. Without a calendar everything is open. */
export interface OpenTime {
  readonly horizon: Interval;
  readonly open: readonly Interval[];
}

export function openTimeOf(calendars: readonly ResolvedCalendar[]): OpenTime {
  const horizon = {
    startMs: Math.max(-Infinity, ...calendars.map((calendar) => calendar.horizon.startMs)),
    endMs: Math.min(Infinity, ...calendars.map((calendar) => calendar.horizon.endMs)),
  };
  let open: readonly Interval[] = intersect([horizon], [horizon]);
  for (const calendar of calendars)
    open = calendar.type === 'DEFAULT_OPEN' ? subtract(open, calendar.closures) : intersect(open, calendar.openings);
  return { horizon, open };
}

/** The earliest stretch of the wanted length from an instant on that is open throughout; null: none as far as resolved. */
export function nextOpenSlot({ open }: OpenTime, fromMs: number, lengthMs: number): Interval | null {
  const range = { startMs: fromMs, endMs: Infinity };
  return nextFreeSlot(subtract([range], open), range, Math.max(lengthMs, 1));
}

/** The calendars as they are for a change that freeze approvers let pass the named closures. */
export function withoutClosures(
  calendars: readonly ResolvedCalendar[],
  closureIds: readonly string[],
): readonly ResolvedCalendar[] {
  return calendars.map((calendar) =>
    calendar.type === 'DEFAULT_OPEN'
      ? { ...calendar, closures: calendar.closures.filter(({ id }) => !closureIds.includes(id)) }
      : calendar,
  );
}

function consultedOf({ name, version }: ResolvedCalendar): ConsultedCalendar {
  return { calendar: name, version };
}

function common(left: Interval, right: Interval): Interval {
  return { startMs: Math.max(left.startMs, right.startMs), endMs: Math.min(left.endMs, right.endMs) };
}
