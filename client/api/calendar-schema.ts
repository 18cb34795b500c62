import { z } from 'zod';

import type { ResolvedCalendar as ResolvedCalendarType } from '../../workflows/domain/calendar';
import type { OpenSlot as OpenSlotType } from '../../definitions/calendar/slots';
import { Next } from './page';

const Interval = z.object({ startMs: z.number(), endMs: z.number() });
const resolved = { name: z.string(), version: z.string(), horizon: Interval } as const;

const Resolved: z.ZodType<ResolvedCalendarType> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('DEFAULT_OPEN'),
    ...resolved,
    closures: z.array(
      z.object({ ...Interval.shape, id: z.string(), title: z.string(), force: z.enum(['soft', 'hard']) }),
    ),
  }),
  z.object({
    type: z.literal('DEFAULT_CLOSED'),
    ...resolved,
    openings: z.array(Interval),
    windows: z.array(z.object({ ...Interval.shape, cutoffMs: z.number() })).exactOptional(),
  }),
]);

/** A calendar over a stretch of time, and what of its iCalendar text was left out. */
export const CalendarView = z.object({ zone: z.string(), calendar: Resolved, notes: z.array(z.string()) });
export type CalendarView = z.infer<typeof CalendarView>;

export const CalendarSummary = z.object({
  name: z.string(),
  version: z.string(),
  title: z.string(),
  type: z.enum(['DEFAULT_OPEN', 'DEFAULT_CLOSED']),
  zone: z.string(),
});

export const OpenSlot: z.ZodType<OpenSlotType> = z.object({
  startMs: z.number(),
  latestStartMs: z.number(),
  openUntilMs: z.number(),
  cutoffAtMs: z.number().nullable(),
});

export const CalendarList = z.object({ calendars: z.array(CalendarSummary), next: Next });
