import { Temporal } from 'temporal-polyfill';

/** Who takes turns, and how often; times are those of the clock on the wall in `zone`. */
export interface Rotation {
  readonly zone: string;
  readonly people: readonly string[];
  /** When the first of them begins: `2026-01-05T09:00`. */
  readonly start: string;
  /** Calendar days or weeks: `P1W`. */
  readonly every: string;
  readonly overrides: readonly { readonly start: string; readonly end: string; readonly person: string }[];
}

/** Whoever is on call at an instant, and after them those whose turn comes next. Empty: the rotation has not begun. */
export function onCallAt(rotation: Rotation, at: number): readonly string[] {
  const { zone, people, overrides } = rotation;
  const turn = turnAt(rotation, at);
  if (turn === null) return [];
  const first = turn % people.length;
  const inTurn = [...people.slice(first), ...people.slice(0, first)];
  // The last one that was written down wins.
  const override = overrides.findLast(({ start, end }) => instantOf(start, zone) <= at && at < instantOf(end, zone));
  return override === undefined ? inTurn : [...new Set([override.person, ...inTurn])];
}

/** An instant, or the time that a clock on the wall in `zone` shows (R-TIME-3: the first of two, moved on where there is none). */
export function instantOf(text: string, zone: string): number {
  if (/(?:Z|[+-]\d\d:\d\d)$/.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/** From 0. R-TIME-1: turns are counted on the calendar, so that a handover at 09:00 stays one when the clocks change. */
function turnAt({ zone, start, every }: Rotation, at: number): number | null {
  const first = Temporal.PlainDateTime.from(start);
  const days = Temporal.Duration.from(every).total({ unit: 'days', relativeTo: first.toPlainDate() });
  const beginOf = (turn: number): number =>
    first.add({ days: turn * days }).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
  let turn = Math.floor(first.until(local, { largestUnit: 'days' }).total({ unit: 'days', relativeTo: first }) / days);
  // Around a change of the clocks the guess may lie on the other side of a handover.
  while (beginOf(turn) > at) turn -= 1;
  while (beginOf(turn + 1) <= at) turn += 1;
  return turn < 0 ? null : turn;
}
