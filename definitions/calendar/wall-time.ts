/**
 * What a clock on the wall shows, written as the epoch milliseconds of the same digits in UTC. Calendar arithmetic is plain arithmetic on
 * it: a day is always 24 of its hours. Only a zone turns it into an instant.
 */
export type WallMs = number;

export const wallMinuteMs = 60_000;
export const wallDayMs = 24 * 60 * wallMinuteMs;

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

const timeParts = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d))?$/;

/** Null: there is no such time. `24:00` is the end of a day (R-TIME-5). */
export function parseLocalTime(text: string): WallMs | null {
  const [, date = '', hour = '', minute = '', second = '0'] = timeParts.exec(text) ?? [];
  const day = parseLocalDate(date);
  if (day === null || Number(minute) > 59 || Number(second) > 59) return null;
  const isEnd = hour === '24' && Number(minute) === 0 && Number(second) === 0;
  if (Number(hour) > 23 && !isEnd) return null;
  return day + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000;
}

/** The first moment of the day. Only years of four digits, which is also where recurrences are looked for. */
export function parseLocalDate(text: string): WallMs | null {
  const wall = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(wall) || formatDate(wall) !== text) return null;
  return wall;
}

export function isLocalTime(text: string): boolean {
  return parseLocalTime(text) !== null;
}

export function isLocalDate(text: string): boolean {
  return parseLocalDate(text) !== null;
}

/** `22:00` since the start of the day; the pattern of the schema has been matched. */
export function timeOfDay(text: string): WallMs {
  const [hour = '0', minute = '0'] = text.split(':');
  return (Number(hour) * 60 + Number(minute)) * wallMinuteMs;
}

export function startOfDay(wall: WallMs): WallMs {
  return Math.floor(wall / wallDayMs) * wallDayMs;
}

/** Monday is 0. The first day of the epoch was a Thursday. */
export function weekdayIndex(wall: WallMs): number {
  return (((Math.floor(wall / wallDayMs) + 3) % 7) + 7) % 7;
}

export function formatDate(wall: WallMs): string {
  return new Date(wall).toISOString().slice(0, 10);
}

/** `2026-12-18T18:00`, with seconds only where there are any. */
export function formatLocalTime(wall: WallMs): string {
  const text = new Date(wall).toISOString();
  return wall % wallMinuteMs === 0 ? text.slice(0, 16) : text.slice(0, 19);
}
