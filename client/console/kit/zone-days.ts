/** Days of a calendar in a time zone: `2026-11-24` and the moments between which it lasts there. */

export interface ZoneDay {
  /** `2026-11-24` */
  readonly date: string;
  readonly startMs: number;
  /** Where the next day starts: 23 or 25 hours later when the clocks change. */
  readonly endMs: number;
}

/** Also asked while somebody is still typing its name. */
export function isZone(zone: string): boolean {
  try {
    return zone !== '' && formatOf(zone).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const dayMs = 24 * 60 * 60 * 1000;

export function zoneDay(date: string, zone: string): ZoneDay {
  return { date, startMs: momentOf(`${date}T00:00`, zone), endMs: momentOf(`${addDays(date, 1)}T00:00`, zone) };
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The first of the month so many months away. */
export function addMonths(date: string, months: number): string {
  const first = new Date(`${date.slice(0, 7)}-01T00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + months);
  return first.toISOString().slice(0, 10);
}

/** The Monday on or before a date. */
export function mondayOf(date: string): string {
  const weekday = new Date(`${date}T00:00Z`).getUTCDay();
  return addDays(date, -((weekday + 6) % 7));
}

/** The date on the wall of that zone. */
export function dateAt(epochMs: number, zone: string): string {
  return wallAt(epochMs, zone).slice(0, 10);
}

/** `2026-11-24T22:00`, as the clock in that zone shows it. */
export function wallAt(epochMs: number, zone: string): string {
  return new Date(epochMs + offsetAt(epochMs, zone)).toISOString().slice(0, 16);
}

/** When the clock in that zone shows it. In the hour that a change of clocks leaves out: when it would have. */
export function momentOf(wall: string, zone: string): number {
  const asIfUtc = Date.parse(`${wall}Z`);
  const before = asIfUtc - offsetAt(asIfUtc - dayMs, zone);
  const after = asIfUtc - offsetAt(asIfUtc + dayMs, zone);
  // On a day on which the clocks change both offsets are tried: the earlier moment that shows this time is meant.
  if (wallAt(before, zone) === wall) return before;
  return wallAt(after, zone) === wall ? after : before;
}

function offsetAt(epochMs: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, Number(value)] as const),
  );
  const [year, month, day] = [parts.get('year') ?? 0, parts.get('month') ?? 1, parts.get('day') ?? 1];
  const wall = Date.UTC(year, month - 1, day, parts.get('hour') ?? 0, parts.get('minute') ?? 0);
  return wall - Math.floor(epochMs / 60_000) * 60_000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(zone, made);
  return made;
}
