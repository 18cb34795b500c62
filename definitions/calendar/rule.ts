import { weekdays } from './wall-time';
import type { Weekday } from './wall-time';

export const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof frequencies)[number];

/** A recurrence rule of RFC 5545, as far as calendars need one: nothing repeats more often than daily by its frequency. */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** `20260301T100000Z` is an instant, without `Z` a time of the wall, without a time the whole day. */
  readonly until: string | null;
  readonly weekStart: Weekday;
  readonly byMonth: readonly number[];
  readonly byMonthDay: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byDay: readonly RuleDay[];
  readonly byHour: readonly number[];
  readonly byMinute: readonly number[];
  readonly bySetPosition: readonly number[];
}

export interface RuleDay {
  readonly weekday: Weekday;
  /** The second of the month is 2, the last one −1; 0: every one. */
  readonly ordinal: number;
}

export type ParsedRule =
  { readonly ok: true; readonly rule: RecurrenceRule } | { readonly ok: false; readonly reason: string };

const daysByCode = new Map<string, Weekday>(weekdays.map((weekday) => [weekday.slice(0, 2).toUpperCase(), weekday]));

const knownParts = new Set(
  'FREQ INTERVAL COUNT UNTIL WKST BYMONTH BYMONTHDAY BYYEARDAY BYDAY BYHOUR BYMINUTE BYSETPOS'.split(' '),
);

/** What happens more often is no event of a calendar. */
const mostTimesADay = 48;

/** The whole text is understood, or it is refused: a rule that is half understood freezes the wrong days. */
export function parseRule(text: string): ParsedRule {
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .replace(/^RRULE:/i, '')
    .split(';')) {
    const [, name, value] = /^([A-Za-z]+)=(\S+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) return refuse(`"${part}" is not NAME=value`);
    const key = name.toUpperCase();
    if (!knownParts.has(key)) return refuse(`${key} is not among ${[...knownParts].join(', ')}`);
    if (parts.has(key)) return refuse(`${key} stands twice`);
    parts.set(key, value.toUpperCase());
  }
  try {
    return readParts(parts);
  } catch (error) {
    if (error instanceof RefusedPart) return refuse(error.message);
    throw error;
  }
}

class RefusedPart extends Error {}

function readParts(parts: ReadonlyMap<string, string>): ParsedRule {
  const frequency = frequencies.find((known) => known === parts.get('FREQ'));
  if (frequency === undefined)
    return refuse(`FREQ is ${parts.get('FREQ') ?? 'missing'}, expected ${frequencies.join(', ')}`);
  const rule: RecurrenceRule = {
    frequency,
    interval: single(parts, 'INTERVAL', 10_000) ?? 1,
    count: single(parts, 'COUNT', 100_000),
    until: untilOf(parts.get('UNTIL')),
    weekStart: weekStartOf(parts.get('WKST')),
    byMonth: numbers(parts, 'BYMONTH', { low: 1, high: 12 }),
    byMonthDay: numbers(parts, 'BYMONTHDAY', { low: -31, high: 31, nonZero: true }),
    byYearDay: numbers(parts, 'BYYEARDAY', { low: -366, high: 366, nonZero: true }),
    byDay: daysOf(parts.get('BYDAY')),
    byHour: numbers(parts, 'BYHOUR', { low: 0, high: 23 }),
    byMinute: numbers(parts, 'BYMINUTE', { low: 0, high: 59 }),
    bySetPosition: numbers(parts, 'BYSETPOS', { low: -366, high: 366, nonZero: true }),
  };
  const contradiction = contradictionIn(rule);
  return contradiction === null ? { ok: true, rule } : refuse(contradiction);
}

/** What RFC 5545 itself forbids. */
function contradictionIn(rule: RecurrenceRule): string | null {
  const { frequency, byDay, byMonthDay, byYearDay, bySetPosition, count, until } = rule;
  if (count !== null && until !== null) return 'COUNT and UNTIL exclude each other';
  const isOrdinal = byDay.some(({ ordinal }) => ordinal !== 0);
  if (isOrdinal && frequency !== 'MONTHLY' && frequency !== 'YEARLY')
    return `numbered days such as 2TU belong to MONTHLY or YEARLY, not to ${frequency}`;
  if (byMonthDay.length > 0 && frequency === 'WEEKLY') return 'BYMONTHDAY does not belong to WEEKLY';
  if (byYearDay.length > 0 && frequency !== 'YEARLY') return `BYYEARDAY does not belong to ${frequency}`;
  const others = [byDay, byMonthDay, byYearDay, rule.byMonth, rule.byHour, rule.byMinute];
  if (bySetPosition.length > 0 && others.every(({ length }) => length === 0))
    return 'BYSETPOS needs another BY part to choose from';
  if (rule.byHour.length * rule.byMinute.length > mostTimesADay)
    return `BYHOUR and BYMINUTE give more than ${mostTimesADay} times a day`;
  return null;
}

function single(parts: ReadonlyMap<string, string>, name: string, high: number): number | null {
  const [value, ...more] = numbers(parts, name, { low: 1, high });
  if (more.length > 0) throw new RefusedPart(`${name} is one number`);
  return value ?? null;
}

function numbers(
  parts: ReadonlyMap<string, string>,
  name: string,
  range: { readonly low: number; readonly high: number; readonly nonZero?: boolean },
): readonly number[] {
  const text = parts.get(name);
  if (text === undefined) return [];
  const values = text.split(',').map((item) => {
    const value = /^[+-]?\d{1,6}$/.test(item) ? Number(item) : Number.NaN;
    const isWithin = value >= range.low && value <= range.high && !(range.nonZero === true && value === 0);
    if (!isWithin) throw new RefusedPart(`${name} has "${item}", expected a number from ${range.low} to ${range.high}`);
    return value;
  });
  return [...new Set(values)];
}

function daysOf(text: string | undefined): readonly RuleDay[] {
  if (text === undefined) return [];
  return text.split(',').map((item) => {
    const [, ordinal = '', code = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(item) ?? [];
    const weekday = daysByCode.get(code);
    const number = Number(ordinal);
    if (weekday === undefined || Math.abs(number) > 53 || (ordinal !== '' && number === 0))
      throw new RefusedPart(`BYDAY has "${item}", expected days such as MO or 2TU`);
    return { weekday, ordinal: number };
  });
}

function weekStartOf(code: string | undefined): Weekday {
  const weekday = code === undefined ? 'mon' : daysByCode.get(code);
  if (weekday === undefined) throw new RefusedPart(`WKST is "${code ?? ''}", expected a day such as MO`);
  return weekday;
}

const untilPattern = /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)(Z?))?$/;

/** As `2026-03-01`, `2026-03-01T10:00:00` or the same with `Z`. */
function untilOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const [, year, month, day, hour, minute, second, utc] = untilPattern.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  const found = hour === undefined ? date : `${date}T${hour}:${minute}:${second}${utc}`;
  if (Number.isNaN(Date.parse(found)))
    throw new RefusedPart(`UNTIL is "${text}", expected 20260301T100000Z or 20260301`);
  return found;
}

function refuse(reason: string): ParsedRule {
  return { ok: false, reason };
}
