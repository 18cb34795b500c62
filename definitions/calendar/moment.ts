import { timePattern } from '../../workflows/runbook/fields/schema';
import { parseLocalDate, parseLocalTime } from './wall-time';
import type { Zone } from './zone';

/** What people may write for a moment. */
export const momentForms = '2026-12-24, 2026-12-24T18:00, or with a zone as in 2026-12-24T17:00:00Z';

/** A date or a local time is one of the zone; null: it is none of the forms. */
export function momentIn(text: string, zone: Zone): number | null {
  if (timePattern.test(text)) {
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : at;
  }
  const wall = parseLocalDate(text) ?? parseLocalTime(text);
  return wall === null ? null : zone.instantOf(wall);
}
