import { isZone, momentOf } from './zone-days';

/** What a clock in a zone shows, as an instant: `2026-11-24T21:00:00.000Z`. Empty: it is not a time yet. */
export function instantOf(wall: string, zone: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall) || !isZone(zone)) return '';
  const moment = momentOf(wall, zone);
  return Number.isNaN(moment) ? '' : new Date(moment).toISOString();
}
