import { z } from 'zod';

import { accepted, Due } from '../../workflows/runbook/fields/schema';
import { isLocalDate, isLocalTime } from '../calendar/wall-time';

const wanted = {
  time: 'a local time without a zone such as 2026-12-18T18:00 (a day may end at 24:00)',
  date: 'a date such as 2026-12-25',
  holiday: 'a date such as 2026-12-25, or 12-25 for every year',
  span: 'two times of day such as 09:00-18:00 (22:00-06:00 ends on the next day, 24:00 is the end of a day)',
  windowStart: 'a weekday with a time of day such as sat 22:00, or a local time such as 2026-01-03T22:00',
  id: 'letters, digits, ".", "_" and "-"',
} as const;

/** Long enough for a year's freezes of a large company; beyond, a calendar is several calendars. */
const mostEntries = 1_000;
export const mostIcalCharacters = 512 * 1024;

/** A wall-clock time in the calendar's zone. */
const LocalTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/, wanted.time)
  .refine(isLocalTime, wanted.time);

const LocalDate = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, wanted.date)
  .refine(isLocalDate, wanted.date);

/** `12-25` comes every year. */
const HolidayDate = z
  .string()
  .regex(/^(?:\d{4}-)?\d\d-\d\d$/, wanted.holiday)
  .refine((text) => isLocalDate(text.length === 5 ? `2000-${text}` : text), wanted.holiday);

/** Physical time such as PT4H, or calendar days such as P1D. */
const Length = Due.refine((text) => !text.includes('${{'), accepted.due);
const EventId = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, wanted.id);
const Force = z.enum(['soft', 'hard']);

/** Happens once. */
export const Freeze = z.strictObject({
  id: EventId,
  title: z.string().min(1).exactOptional(),
  start: LocalTime,
  end: LocalTime,
  /** `soft` when absent: what runs goes on to its next wave boundary. */
  force: Force.exactOptional(),
});
export type Freeze = z.infer<typeof Freeze>;

const happening = {
  id: EventId,
  title: z.string().min(1).exactOptional(),
  start: LocalTime,
  /** Either `end` or `length`. */
  end: LocalTime.exactOptional(),
  length: Length.exactOptional(),
  /** RFC 5545, such as FREQ=MONTHLY;BYDAY=2TU. */
  rrule: z.string().min(1).max(500).exactOptional(),
  /** Starts that are left out of the rule, and such as come besides. */
  except: z.array(LocalTime).max(mostEntries).exactOptional(),
  also: z.array(LocalTime).max(mostEntries).exactOptional(),
} as const;

/** What closes a calendar again and again. */
const Closing = z.strictObject({ ...happening, force: Force.exactOptional() });
/** What opens one. */
const Opening = z.strictObject(happening);
export type CalendarHappening = z.infer<typeof Closing>;

export const MaintenanceWindow = z.strictObject({
  id: EventId.exactOptional(),
  title: z.string().min(1).exactOptional(),
  /** A weekday comes every week; a date comes once, or by its rule. */
  start: z.string().regex(/^(?:(?:mon|tue|wed|thu|fri|sat|sun) |\d{4}-\d\d-\d\dT)[0-2]\d:[0-5]\d$/, wanted.windowStart),
  length: Length,
  /** Nothing starts after the end less this. */
  cutoff: Due.exactOptional(),
  rrule: z.string().min(1).max(500).exactOptional(),
  except: z.array(LocalTime).max(mostEntries).exactOptional(),
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

export const Holiday = z.union([
  HolidayDate,
  /** `through` is the last day, itself a holiday. */
  z.strictObject({
    date: HolidayDate,
    through: LocalDate.exactOptional(),
    title: z.string().min(1).exactOptional(),
  }),
]);
export type Holiday = z.infer<typeof Holiday>;

const Spans = z
  .array(z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, wanted.span))
  .max(24);

/** Hours of each weekday; a day that is not named has none. */
export const Hours = z.strictObject({
  mon: Spans.exactOptional(),
  tue: Spans.exactOptional(),
  wed: Spans.exactOptional(),
  thu: Spans.exactOptional(),
  fri: Spans.exactOptional(),
  sat: Spans.exactOptional(),
  sun: Spans.exactOptional(),
});
export type Hours = z.infer<typeof Hours>;

/** iCalendar: its text, or the name of a file beside the document. */
const IcalSource = {
  text: z.string().min(1).max(mostIcalCharacters).exactOptional(),
  file: z.string().min(1).exactOptional(),
} as const;

const common = {
  zone: z.string().min(1),
  holidays: z.array(Holiday).max(mostEntries).exactOptional(),
} as const;

/** What stands in it closes it: freezes, holidays. */
const DefaultOpen = z.strictObject({
  type: z.literal('DEFAULT_OPEN'),
  ...common,
  freezes: z.array(Freeze).max(mostEntries).exactOptional(),
  events: z.array(Closing).max(mostEntries).exactOptional(),
  ical: z.strictObject({ ...IcalSource, force: Force.exactOptional() }).exactOptional(),
});

/** What stands in it opens it: hours, maintenance windows. Only holidays take away. */
const DefaultClosed = z.strictObject({
  type: z.literal('DEFAULT_CLOSED'),
  ...common,
  hours: Hours.exactOptional(),
  windows: z.array(MaintenanceWindow).max(mostEntries).exactOptional(),
  events: z.array(Opening).max(mostEntries).exactOptional(),
  ical: z.strictObject(IcalSource).exactOptional(),
});

export const Calendar = z.discriminatedUnion('type', [DefaultOpen, DefaultClosed]);
export type Calendar = z.infer<typeof Calendar>;
