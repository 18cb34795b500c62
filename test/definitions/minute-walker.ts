import type { Zone } from '../../definitions/calendar/zone';

const minuteMs = 60_000;

/** What a clock on the wall shows, as numbers of a cron line. */
export interface WallMinute {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
}

/**
 * Every minute that some clock of the zone shows or leaves out between two instants, with the instant that it stands for: the first
 * that shows it, and where none does what it would have been had the clock not been put forward.
 */
export function walkMinutes(zone: Zone, fromMs: number, toMs: number): readonly (readonly [WallMinute, number])[] {
  const instants = new Map<number, number>();
  let previous = zone.wallOf(fromMs);
  for (let at = fromMs; at < toMs; at += minuteMs) {
    const wall = zone.wallOf(at);
    for (let missing = previous + minuteMs; missing < wall; missing += minuteMs)
      if (!instants.has(missing)) instants.set(missing, at + (missing - previous - minuteMs));
    if (!instants.has(wall)) instants.set(wall, at);
    previous = Math.max(previous, wall);
  }
  return [...instants].map(([wall, at]) => [wallMinute(wall), at] as const);
}

function wallMinute(wall: number): WallMinute {
  const date = new Date(wall);
  return {
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    weekday: date.getUTCDay(),
  };
}
