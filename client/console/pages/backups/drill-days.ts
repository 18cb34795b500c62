import type { DrillCalendar } from '../../answers';
import { dateAt } from '../../kit/zone-days';

export interface DayDrill {
  readonly plan: string;
  readonly service: string;
  readonly atMs: number;
  /** Null: it is to come. */
  readonly operation: string | null;
  /** Null: it has none yet. */
  readonly verdict: string | null;
}

interface Shown {
  readonly zone: string;
  /** A part of the name; empty: all. */
  readonly service: string;
}

export function drillsByDay(
  { planned, past }: DrillCalendar,
  { zone, service }: Shown,
): ReadonlyMap<string, readonly DayDrill[]> {
  const drills: readonly DayDrill[] = [
    ...past.map(({ id, plan, service: of, openedAt, verdict }) => ({
      plan,
      service: of,
      atMs: openedAt,
      operation: id,
      verdict: verdict?.verdict ?? null,
    })),
    ...planned.map((slot) => ({ ...slot, operation: null, verdict: null })),
  ];
  const days = new Map<string, readonly DayDrill[]>();
  for (const drill of drills.filter((each) => each.service.includes(service)).toSorted((a, b) => a.atMs - b.atMs)) {
    const date = dateAt(drill.atMs, zone);
    days.set(date, [...(days.get(date) ?? []), drill]);
  }
  return days;
}

const dayMs = 24 * 60 * 60 * 1000;
/** As far as the API looks. */
const mostDays = 400;

/** How many days from now have to be asked for, so that a calendar until then is full. */
export function daysAhead(untilMs: number, nowMs: number): number {
  return Math.min(mostDays, Math.max(1, Math.ceil((untilMs - nowMs) / dayMs)));
}
