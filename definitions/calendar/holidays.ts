import type { Holiday } from '../kinds/calendar';
import { note } from './reading';
import type { Reading } from './reading';
import { parseLocalDate, wallDayMs } from './wall-time';
import type { WallMs } from './wall-time';

/** Holidays that come once, as days; those of every year for each year asked about. */
export function holidaysIn(
  holidays: readonly Holiday[],
  years: { readonly from: number; readonly to: number },
): readonly HolidayDays[] {
  return holidays.flatMap((holiday) => {
    const { date, through, title = 'Holiday' } = typeof holiday === 'string' ? { date: holiday } : { ...holiday };
    const dates = date.length > 5 ? [date] : everyYear(date, years);
    return dates.flatMap((each) => {
      const from = parseLocalDate(each);
      const to = parseLocalDate(through ?? each);
      return from === null || to === null ? [] : [{ date: each, title, from, to: to + wallDayMs }];
    });
  });
}

export interface HolidayDays {
  readonly date: string;
  readonly title: string;
  readonly from: WallMs;
  readonly to: WallMs;
}

function everyYear(
  monthAndDay: string,
  { from, to }: { readonly from: number; readonly to: number },
): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}-${monthAndDay}`);
}

export function noteHolidays(reading: Reading, holidays: readonly Holiday[]): void {
  for (const [at, holiday] of holidays.entries()) {
    if (typeof holiday === 'string' || holiday.through === undefined) continue;
    const { date, through } = holiday;
    if (date.length > 5 && through >= date) continue;
    const state = date.length > 5 ? 'it is before the first' : 'a day of every year ends on itself';
    note(reading, ['holidays', at, 'through'], {
      message: `Cannot use the last day "${through}": ${state}`,
      found: through,
    });
  }
}
