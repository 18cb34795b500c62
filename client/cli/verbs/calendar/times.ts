import { formatLocalTime, weekdayIndex, weekdays } from '../../../../definitions/calendar/wall-time';
import { ianaZone } from '../../../../definitions/calendar/zone';
import { formatDuration } from '../../../../workflows/domain/duration';

/** `Fri 2026-12-18 18:00 +01:00`, as the clock on the wall shows it there. */
export function localText(atMs: number, zoneName: string): string {
  const zone = ianaZone(zoneName);
  if (zone === null) return utcText(atMs);
  const wall = zone.wallOf(atMs);
  const weekday = weekdays[weekdayIndex(wall)] ?? '';
  const offsetMinutes = Math.round((wall - atMs) / 60_000);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  const day = `${weekday.charAt(0).toUpperCase()}${weekday.slice(1)}`;
  return `${day} ${formatLocalTime(wall).replace('T', ' ')} ${sign}${pad(hours)}:${pad(minutes)}`;
}

/** `2026-12-18T17:00Z` */
export function utcText(atMs: number): string {
  return new Date(atMs).toISOString().replace(/(?::00)?\.\d+Z$/, 'Z');
}

export function lengthText(startMs: number, endMs: number): string {
  return formatDuration(endMs - startMs);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
