/** Instants and stretches of time as words. */

export function relativeText(atMs: number, nowMs: number): string {
  const distanceMs = atMs - nowMs;
  if (Math.abs(distanceMs) < 5_000) return 'now';
  const words = durationText(Math.abs(distanceMs), 1);
  return distanceMs < 0 ? `${words} ago` : `in ${words}`;
}

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const;

/** `2 h 5 min`; below a second `0.4 s`. At most `parts` units. */
export function durationText(ms: number, parts = 2): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1_000).toFixed(ms < 1_000 ? 2 : 1)} s`;
  const first = units.findIndex((unit) => ms >= unit.ms);
  const words: string[] = [];
  let rest = ms;
  for (const { name, ms: unitMs } of units.slice(first, first + parts)) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) words.push(`${count} ${name}`);
    rest -= count * unitMs;
  }
  return words.join(' ');
}

/** `21 Nov 2026, 14:05:09 UTC`. */
export function instantText(atMs: number, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(atMs);
}

/** `14:05 UTC`, with the day where it is another one than today. */
export function clockText(atMs: number, nowMs: number, zone: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short', year: 'numeric' });
  const isToday = day.format(atMs) === day.format(nowMs);
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(isToday ? {} : ({ day: 'numeric', month: 'short' } as const)),
  }).format(atMs);
}
