import { Temporal } from 'temporal-polyfill';

import type { Lookups } from '../../workflows/effects';

/**
 * The same time of day so many calendar days later, in the zone: a day in spring may have 23 hours (R-TIME-1). A time that comes twice
 * on that day is its first occurrence, one that does not come is moved on by the gap (R-TIME-3).
 */
export function calendarDue({ from, days, zone }: Lookups['calendarDue']['asked']): Lookups['calendarDue']['answer'] {
  const local = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
  const due = local.toPlainDateTime().add({ days }).toZonedDateTime(zone, { disambiguation: 'compatible' });
  return { at: due.epochMilliseconds };
}
