import type { Frequency, RecurrenceRule, RuleDay } from './rule';
import { startOfDay, wallDayMs, weekdayIndex, weekdays } from './wall-time';
import type { WallMs } from './wall-time';
import type { Zone } from './zone';

/** Which occurrences are wanted: their starts lie in `[from, to)`, and there are no more than `limit` of them. */
export interface OccurrenceRange {
  readonly from: WallMs;
  readonly to: WallMs;
  readonly limit: number;
}

/** Starts by a rule, in order. */
export interface Occurrences {
  readonly starts: readonly WallMs[];
  /** Where the limit was reached: what would come from here on is not among them. */
  readonly cutAt: WallMs | null;
}

/**
 * The recurrence set of RFC 5545, found by asking of every day whether it belongs to it. That takes time in proportion to the days
 * asked about whatever the rule says: rules that never match cannot hang it.
 */
export function occurrencesOf(
  { rule, start, zone }: { readonly rule: RecurrenceRule; readonly start: WallMs; readonly zone: Zone },
  range: OccurrenceRange,
): Occurrences {
  const last = Math.min(range.to, untilOf(rule, zone) + 1);
  const periods = periodsOf(rule, start);
  const starts: WallMs[] = [];
  // RFC 5545: the start is the first occurrence, and counts as one, whether the rule hits it or not.
  let left = (rule.count ?? Infinity) - 1;
  if (start >= range.from && start < last) starts.push(start);
  // With a count everything before the range has to be counted as well.
  let day = startOfPeriod(rule, rule.count === null ? Math.max(start, range.from) : start);
  while (day < last && left > 0) {
    const { candidates, nextDay } = inPeriod(rule, { day, start, isChosen: periods(day) });
    for (const wall of candidates) {
      if (wall <= start || left <= 0) continue;
      if (wall >= last) return { starts, cutAt: null };
      left -= 1;
      if (wall < range.from) continue;
      if (starts.length >= range.limit) return { starts, cutAt: wall };
      starts.push(wall);
    }
    day = nextDay;
  }
  return { starts, cutAt: null };
}

/** Whether the rule by itself hits the start of its event. */
export function hitsStart(rule: RecurrenceRule, start: WallMs): boolean {
  const day = startOfPeriod(rule, start);
  return inPeriod(rule, { day, start, isChosen: true }).candidates.includes(start);
}

function untilOf({ until }: RecurrenceRule, zone: Zone): WallMs {
  if (until === null) return Infinity;
  if (until.endsWith('Z')) return zone.wallOf(Date.parse(until));
  return until.length === 10 ? Date.parse(`${until}T00:00:00Z`) + wallDayMs - 1 : Date.parse(`${until}Z`);
}

/** Whether a day's period is one of every `interval`. */
function periodsOf({ frequency, interval, weekStart }: RecurrenceRule, start: WallMs): (day: WallMs) => boolean {
  const first = periodNumber(frequency, start, weekdays.indexOf(weekStart));
  return (day) => {
    const number = periodNumber(frequency, day, weekdays.indexOf(weekStart)) - first;
    return number >= 0 && number % interval === 0;
  };
}

function periodNumber(frequency: Frequency, wall: WallMs, weekStart: number): number {
  const date = new Date(wall);
  switch (frequency) {
    case 'DAILY':
      return Math.floor(wall / wallDayMs);
    case 'WEEKLY':
      // The first day of the epoch was a Thursday, three days after Monday.
      return Math.floor((Math.floor(wall / wallDayMs) + 3 - weekStart) / 7);
    case 'MONTHLY':
      return date.getUTCFullYear() * 12 + date.getUTCMonth();
    case 'YEARLY':
      return date.getUTCFullYear();
  }
}

function startOfPeriod({ frequency, weekStart }: RecurrenceRule, wall: WallMs): WallMs {
  const date = new Date(wall);
  switch (frequency) {
    case 'DAILY':
      return startOfDay(wall);
    case 'WEEKLY': {
      const since = (weekdayIndex(wall) - weekdays.indexOf(weekStart) + 7) % 7;
      return startOfDay(wall) - since * wallDayMs;
    }
    case 'MONTHLY':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    case 'YEARLY':
      return Date.UTC(date.getUTCFullYear(), 0, 1);
  }
}

interface Period {
  readonly day: WallMs;
  readonly start: WallMs;
  readonly isChosen: boolean;
}

function inPeriod(rule: RecurrenceRule, { day, start, isChosen }: Period): { candidates: WallMs[]; nextDay: WallMs } {
  const number = periodNumber(rule.frequency, day, weekdays.indexOf(rule.weekStart));
  const candidates: WallMs[] = [];
  let next = day;
  while (periodNumber(rule.frequency, next, weekdays.indexOf(rule.weekStart)) === number) {
    if (isChosen && hitsDay(rule, next, start)) candidates.push(...timesOn(rule, next, start));
    next += wallDayMs;
  }
  return { candidates: chosenPositions(rule, candidates), nextDay: next };
}

function chosenPositions({ bySetPosition }: RecurrenceRule, candidates: WallMs[]): WallMs[] {
  if (bySetPosition.length === 0) return candidates;
  const chosen = bySetPosition.map((position) => candidates.at(position > 0 ? position - 1 : position));
  return [...new Set(chosen.filter((wall) => wall !== undefined))].sort((a, b) => a - b);
}

/** Each hour and minute that the rule names; what it leaves open is as in the start. */
function timesOn({ byHour, byMinute }: RecurrenceRule, day: WallMs, start: WallMs): WallMs[] {
  const date = new Date(start);
  const hours = byHour.length > 0 ? byHour : [date.getUTCHours()];
  const minutes = byMinute.length > 0 ? byMinute : [date.getUTCMinutes()];
  const rest = date.getUTCSeconds() * 1_000;
  const times = hours.flatMap((hour) => minutes.map((minute) => day + (hour * 60 + minute) * 60_000 + rest));
  return [...new Set(times)].sort((a, b) => a - b);
}

function hitsDay(rule: RecurrenceRule, day: WallMs, start: WallMs): boolean {
  const date = new Date(day);
  const { byMonth, byMonthDay, byYearDay, byDay } = rule;
  const month = date.getUTCMonth() + 1;
  if (byMonth.length > 0 && !byMonth.includes(month)) return false;
  if (byMonthDay.length > 0 && !hasNumber(byMonthDay, date.getUTCDate(), daysInMonth(date))) return false;
  if (byYearDay.length > 0 && !hasNumber(byYearDay, dayOfYear(date), daysInYear(date))) return false;
  if (byDay.length > 0) return byDay.some((wanted) => hitsWeekday(rule, wanted, date));
  return byMonthDay.length > 0 || byYearDay.length > 0 || isImplied(rule, date, new Date(start));
}

/** What a rule that names no days means is told by the start of its event. */
function isImplied({ frequency, byMonth }: RecurrenceRule, date: Date, start: Date): boolean {
  switch (frequency) {
    case 'DAILY':
      return true;
    case 'WEEKLY':
      return date.getUTCDay() === start.getUTCDay();
    case 'MONTHLY':
      return date.getUTCDate() === start.getUTCDate();
    case 'YEARLY':
      return (
        date.getUTCDate() === start.getUTCDate() && (byMonth.length > 0 || date.getUTCMonth() === start.getUTCMonth())
      );
  }
}

function hitsWeekday({ frequency, byMonth }: RecurrenceRule, { weekday, ordinal }: RuleDay, date: Date): boolean {
  if (weekdays[weekdayIndex(date.getTime())] !== weekday) return false;
  if (ordinal === 0) return true;
  const isOfMonth = frequency === 'MONTHLY' || byMonth.length > 0;
  const day = isOfMonth ? date.getUTCDate() : dayOfYear(date);
  const length = isOfMonth ? daysInMonth(date) : daysInYear(date);
  return ordinal > 0 ? Math.ceil(day / 7) === ordinal : Math.ceil((length - day + 1) / 7) === -ordinal;
}

/** Negative numbers count from the end: −1 is the last one. */
function hasNumber(wanted: readonly number[], number: number, length: number): boolean {
  return wanted.includes(number) || wanted.includes(number - length - 1);
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function dayOfYear(date: Date): number {
  return (startOfDay(date.getTime()) - Date.UTC(date.getUTCFullYear(), 0, 1)) / wallDayMs + 1;
}

function daysInYear(date: Date): number {
  return (Date.UTC(date.getUTCFullYear() + 1, 0, 1) - Date.UTC(date.getUTCFullYear(), 0, 1)) / wallDayMs;
}
