import { Temporal } from 'temporal-polyfill';

import type { WallMs } from './wall-time';

/** Where instants and wall clocks meet. */
export interface Zone {
  readonly name: string;
  /** R-TIME-3: an ambiguous time is its first occurrence; one that does not exist is moved on by the gap ("compatible"). */
  instantOf(wall: WallMs): number;
  wallOf(instantMs: number): WallMs;
}

/** A zone of the IANA database as this Node.js knows it; null: it knows none of that name. */
export function ianaZone(name: string): Zone | null {
  // Offsets such as +01:00 are zones to Temporal, and no places where people live: they know no summer.
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    // A RangeError is how Intl says that it does not know the zone.
    return null;
  }
  return {
    name,
    instantOf: (wall) =>
      Temporal.Instant.fromEpochMilliseconds(wall)
        .toZonedDateTimeISO('UTC')
        .toPlainDateTime()
        .toZonedDateTime(name, { disambiguation: 'compatible' }).epochMilliseconds,
    wallOf(instantMs) {
      const local = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(name);
      return instantMs + local.offsetNanoseconds / 1_000_000;
    },
  };
}

/** The version of the time-zone data that zones are read with (R-TIME-6). */
export function zoneDataVersion(): string {
  return process.versions['tz'] ?? `icu${process.versions['icu'] ?? ''}`;
}
