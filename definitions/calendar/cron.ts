import type { WallMs } from './wall-time';

/** Which minutes of which days a cron line names. A field that names everything is no restriction, however it is written. */
export interface CronRule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** Sunday is 0. */
  readonly weekdays: ReadonlySet<number>;
}

export type ParsedCron =
  { readonly ok: true; readonly rule: CronRule } | { readonly ok: false; readonly reason: string };

interface CronField {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const fields = {
  minute: { name: 'minute', low: 0, high: 59 },
  hour: { name: 'hour', low: 0, high: 23 },
  day: { name: 'day of the month', low: 1, high: 31 },
  month: {
    name: 'month',
    low: 1,
    high: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  /** 7 is Sunday as well. */
  weekday: { name: 'day of the week', low: 0, high: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
} as const satisfies Record<string, CronField>;

/** Five fields as in crontab(5): `30 2 * * 1-5`. The whole text is understood, or it is refused. */
export function parseCron(text: string): ParsedCron {
  const parts = text.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = parts;
  if (parts.length !== 5 || minute === undefined || hour === undefined || day === undefined)
    return refuse(
      `it has ${parts.length} fields, expected five: minute, hour, day of the month, month, day of the week`,
    );
  try {
    const rule: CronRule = {
      minutes: [...numbersOf(minute, fields.minute)].sort((a, b) => a - b),
      hours: [...numbersOf(hour, fields.hour)].sort((a, b) => a - b),
      days: numbersOf(day, fields.day),
      months: numbersOf(month ?? '', fields.month),
      weekdays: new Set([...numbersOf(weekday ?? '', fields.weekday)].map((number) => number % 7)),
    };
    const contradiction = contradictionIn(rule);
    return contradiction === null ? { ok: true, rule } : refuse(contradiction);
  } catch (error) {
    if (error instanceof RefusedField) return refuse(error.message);
    throw error;
  }
}

/** Times of one day of the wall, in order. */
export function cronTimesOn({ minutes, hours, ...rule }: CronRule, day: WallMs): readonly WallMs[] {
  const date = new Date(day);
  const isHit =
    rule.months.has(date.getUTCMonth() + 1) && rule.days.has(date.getUTCDate()) && rule.weekdays.has(date.getUTCDay());
  return isHit ? hours.flatMap((hour) => minutes.map((minute) => day + (hour * 60 + minute) * 60_000)) : [];
}

class RefusedField extends Error {}

/** Where both days are restricted, cron takes either, which hardly anybody expects: it is written in another way. */
function contradictionIn({ days, months, weekdays }: CronRule): string | null {
  if (days.size < 31 && weekdays.size < 7)
    return 'the day of the month and the day of the week are both restricted, and programs disagree on what that means; write two entries, or an rrule such as FREQ=MONTHLY;BYDAY=2TU';
  const isPossible = [...months].some((month) => [...days].some((day) => day <= (longestMonths[month - 1] ?? 31)));
  return isPossible ? null : 'no month of it has such a day';
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function numbersOf(text: string, field: CronField): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const item of text.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(item) ?? [];
    const [from, to] = rangeOf(range, field, step !== undefined);
    const width = Number(step ?? 1);
    if (from === null || to === null || from > to || width < 1)
      throw new RefusedField(
        `the ${field.name} has "${item}", expected *, a number from ${field.low} to ${field.high}, a range such as ${field.low}-${field.high}, or */2`,
      );
    for (let number = from; number <= to; number += width) numbers.add(number);
  }
  return numbers;
}

function rangeOf(text: string, field: CronField, isStepped: boolean): readonly [number | null, number | null] {
  // Of the day of the week the whole is 0 to 6: with 7 every step but one would hit Sunday twice.
  if (text === '*') return [field.low, field.high === 7 ? 6 : field.high];
  const [first = '', last, ...more] = text.split('-');
  const from = numberOf(first, field);
  if (more.length > 0 || (last === undefined && isStepped)) return [null, null];
  const to = last === undefined ? from : numberOf(last, field);
  // `mon-sun`: a week ends on Sunday, which is also its day 0.
  return [from, to === 0 && field.high === 7 && last !== undefined ? 7 : to];
}

function numberOf(text: string, { low, high, names = [] }: CronField): number | null {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + (low === 1 ? 1 : 0);
  const number = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return number >= low && number <= high ? number : null;
}

function refuse(reason: string): ParsedCron {
  return { ok: false, reason };
}
