import { parseLocalTime } from '../../../../definitions/calendar/wall-time';
import { ianaZone } from '../../../../definitions/calendar/zone';
import { timePattern } from '../../../../workflows/runbook/fields/schema';
import { Misuse } from '../../failure';

/** A time as somebody wrote it, as an instant: what has no offset is a time on the clock of the zone (R-TIME-3). */
export function instantOf(text: string, zone: string | undefined): string {
  if (timePattern.test(text) && !Number.isNaN(Date.parse(text))) return text;
  const wall = parseLocalTime(text);
  if (wall === null)
    throw new Misuse(`Cannot read "${text}": expected a time such as 2026-11-24T22:00 or 2026-11-24T21:00Z`);
  if (zone === undefined)
    throw new Misuse(`Cannot tell when "${text}" is: give it an offset such as Z or +01:00, or say where with --zone`);
  const clock = ianaZone(zone);
  if (clock === null)
    throw new Misuse(`Cannot use the zone "${zone}": it is unknown, expected one such as Europe/Berlin`);
  return new Date(clock.instantOf(wall)).toISOString();
}
