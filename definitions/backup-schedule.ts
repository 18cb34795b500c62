import type { BackupSchedule } from '../workflows/backup/schema';
import { minuteMs, parseDuration } from '../workflows/domain/duration';
import { cronTimesOn, parseCron } from './calendar/cron';
import type { DayClock } from './calendar/day-clock';
import type { ClockChange } from './calendar/day-clock';
import { occurrencesOf } from './calendar/recurrence';
import { parseRule } from './calendar/rule';
import { parseLocalTime, startOfDay, wallDayMs } from './calendar/wall-time';
import type { WallMs } from './calendar/wall-time';

/** When something is due, and what the clock of the wall did then. */
export interface Occurrence {
  readonly atMs: number;
  readonly change: ClockChange;
}

/** A schedule that was understood. What is read by a clock on the wall is expanded in the zone of its plan (R-TIME-1). */
export type ReadSchedule =
  | { readonly kind: 'every'; readonly everyMs: number }
  /** Starts in `[from, to)`, in order. */
  | { readonly kind: 'wall'; timesIn(range: { readonly from: WallMs; readonly to: WallMs }): readonly WallMs[] };

export interface ScheduleProblem {
  readonly code: 'CRON_INVALID' | 'INVALID_RRULE' | 'INVALID_VALUE';
  /** Of the schedule. */
  readonly field: 'cron' | 'rrule' | 'start' | 'every';
  readonly message: string;
}

export type ScheduleReading =
  { readonly ok: true; readonly schedule: ReadSchedule } | { readonly ok: false; readonly problem: ScheduleProblem };

export function readSchedule(schedule: BackupSchedule, clock: DayClock): ScheduleReading {
  if ('every' in schedule) return readEvery(schedule.every);
  if ('cron' in schedule) return readCron(schedule.cron);
  return readRecurrence(schedule, clock);
}

function readEvery(text: string): ScheduleReading {
  const parsed = parseDuration(text);
  if (parsed.kind === 'ms' && parsed.ms >= minuteMs)
    return { ok: true, schedule: { kind: 'every', everyMs: parsed.ms } };
  const state = parsed.kind === 'ms' ? 'it is shorter than a minute' : 'it is not a length of time';
  return refuse('INVALID_VALUE', 'every', `Cannot repeat every "${text}": ${state}`);
}

function readCron(text: string): ScheduleReading {
  const parsed = parseCron(text);
  if (!parsed.ok) return refuse('CRON_INVALID', 'cron', `Cannot use the cron line "${text}": ${parsed.reason}`);
  const { rule } = parsed;
  const timesIn = ({ from, to }: { readonly from: WallMs; readonly to: WallMs }): readonly WallMs[] => {
    const times: WallMs[] = [];
    for (let day = startOfDay(from); day < to; day += wallDayMs)
      for (const wall of cronTimesOn(rule, day)) if (wall >= from && wall < to) times.push(wall);
    return times;
  };
  return { ok: true, schedule: { kind: 'wall', timesIn } };
}

function readRecurrence(
  { rrule, start: text }: { readonly rrule: string; readonly start: string },
  { zone }: DayClock,
): ScheduleReading {
  const start = parseLocalTime(text);
  if (start === null)
    return refuse(
      'INVALID_VALUE',
      'start',
      `Cannot start at "${text}": it is no local time without a zone such as 2026-01-04T02:30`,
    );
  const parsed = parseRule(rrule);
  if (!parsed.ok) return refuse('INVALID_RRULE', 'rrule', `Cannot use the rule "${rrule}": ${parsed.reason}`);
  const { rule } = parsed;
  const timesIn = (range: { readonly from: WallMs; readonly to: WallMs }): readonly WallMs[] =>
    occurrencesOf({ rule, start, zone }, { ...range, limit: Infinity }).starts;
  return { ok: true, schedule: { kind: 'wall', timesIn } };
}

function refuse(
  code: ScheduleProblem['code'],
  field: ScheduleProblem['field'],
  message: string,
): { readonly ok: false; readonly problem: ScheduleProblem } {
  return { ok: false, problem: { code, field, message } };
}

/** No schedule that comes at all lets one wait for longer: the 29th of February may stay away for eight years. */
const longestWaitMs = 9 * 366 * wallDayMs;
/** A clock was never put by more than a day. */
const zoneSlackMs = 2 * wallDayMs;
const firstStretchMs = 2 * wallDayMs;
const longestStretchMs = 64 * wallDayMs;

/**
 * Everything that is due from `fromMs` on, in order and each instant once; it ends where nothing was due for nine years. A time of the wall
 * that a zone leaves out comes once, later by the gap, and one that it has twice comes at the first (R-TIME-3).
 */
export function* occurrencesFrom(schedule: ReadSchedule, clock: DayClock, fromMs: number): Generator<Occurrence> {
  if (schedule.kind === 'wall') yield* wallOccurrences(schedule, clock, fromMs);
  // From the epoch on: the grid is the same whoever asks and whenever, so each is as far from the last.
  else
    for (let at = Math.ceil(fromMs / schedule.everyMs) * schedule.everyMs; ; at += schedule.everyMs)
      yield { atMs: at, change: 'none' };
}

function* wallOccurrences(
  schedule: Extract<ReadSchedule, { kind: 'wall' }>,
  clock: DayClock,
  fromMs: number,
): Generator<Occurrence> {
  let waiting: Occurrence[] = [];
  let lastMs = fromMs;
  let stretch = firstStretchMs;
  for (let from = startOfDay(fromMs - zoneSlackMs); from - zoneSlackMs - lastMs < longestWaitMs;) {
    const to = from + stretch;
    const found = schedule.timesIn({ from, to }).map((wall) => clock.instantOf(wall));
    waiting = distinct([...waiting, ...found].filter(({ atMs }) => atMs >= fromMs));
    // What comes after the stretch may be earlier than some of it by what a clock is put back or forth, and no more.
    const settled = waiting.filter(({ atMs }) => atMs < to - zoneSlackMs);
    for (const occurrence of settled) yield occurrence;
    lastMs = settled.at(-1)?.atMs ?? lastMs;
    waiting = waiting.slice(settled.length);
    from = to;
    stretch = Math.min(stretch * 2, longestStretchMs);
  }
}

/** In order; of one instant the one that the clock shows without a change. */
function distinct(occurrences: readonly Occurrence[]): Occurrence[] {
  const byInstant = new Map<number, Occurrence>();
  for (const occurrence of occurrences) {
    const known = byInstant.get(occurrence.atMs);
    if (known === undefined || occurrence.change === 'none') byInstant.set(occurrence.atMs, occurrence);
  }
  return [...byInstant.values()].sort((a, b) => a.atMs - b.atMs);
}
