import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { useEffect, useRef } from 'react';

import { useNow } from '../clock';
import { useFilters } from '../filters';
import { dateByKey, daysOf, isOutside, turned } from './calendar-dates';
import type { CalendarSpan } from './calendar-dates';
import { useZone } from './time';
import { dateAt } from './zone-days';
import type { ZoneDay } from './zone-days';

export interface ShownDays {
  readonly span: CalendarSpan;
  readonly date: string;
  readonly today: string;
  readonly days: readonly ZoneDay[];
  readonly startMs: number;
  readonly endMs: number;
}

/** What the address says of the calendar: `?span=week&date=2026-11-24`. */
export function useShownDays(): ShownDays {
  const [{ span: askedSpan, date: askedDate = '' }] = useFilters();
  const zone = useZone();
  const today = dateAt(useNow(), zone);
  const span: CalendarSpan = askedSpan === 'week' ? 'week' : 'month';
  const isDate = /^\d{4}-\d\d-\d\d$/.test(askedDate) && !Number.isNaN(Date.parse(askedDate));
  const date = isDate ? askedDate : today;
  const days = daysOf(span, date, zone);
  return { span, date, today, days, startMs: days[0]?.startMs ?? 0, endMs: days.at(-1)?.endMs ?? 0 };
}

export interface CalendarProps {
  readonly label: string;
  readonly shown: ShownDays;
  readonly day: (date: string) => CalendarDayContent;
}

export interface CalendarDayContent {
  /** What of it is read out: `2 changes, 1 freeze`. */
  readonly label: string;
  readonly className?: string;
  readonly content: ReactNode;
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Arrow keys go by days and weeks, Page Up and Page Down by months, Home and End within the week. */
export function Calendar({ label, shown, day }: CalendarProps): ReactNode {
  const { span, date, days } = shown;
  const [, setFilters] = useFilters();
  const focused = useRef<HTMLTableCellElement>(null);
  const byKey = useRef(false);
  // The day that a key led to may be on another page: it takes the focus when it is drawn.
  useEffect(() => {
    if (byKey.current) focused.current?.focus();
    byKey.current = false;
  }, [date]);
  function press(event: KeyboardEvent): void {
    const next = event.target instanceof HTMLTableCellElement ? dateByKey(date, event.key) : null;
    if (next === null) return;
    event.preventDefault();
    byKey.current = true;
    setFilters({ date: next });
  }
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
  return (
    <>
      <Turner shown={shown} />
      <div className="table-holder">
        <table role="grid" aria-label={label} className={`calendar calendar-${span}`} onKeyDown={press}>
          <thead>
            <tr>
              {weekdays.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((week) => (
              <tr key={week[0]?.date}>
                {week.map((each) => (
                  <Cell
                    key={each.date}
                    date={each.date}
                    shown={shown}
                    content={day(each.date)}
                    focused={each.date === date ? focused : null}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface CellProps {
  readonly date: string;
  readonly shown: ShownDays;
  readonly content: CalendarDayContent;
  /** Of the one day that the keyboard stands on. */
  readonly focused: RefObject<HTMLTableCellElement | null> | null;
}

function Cell({ date, shown, content, focused }: CellProps): ReactNode {
  const outside = isOutside(shown.span, shown.date, date) ? 'calendar-outside' : '';
  return (
    <td
      role="gridcell"
      ref={focused}
      tabIndex={focused === null ? -1 : 0}
      aria-current={date === shown.today ? 'date' : undefined}
      className={`${outside} ${content.className ?? ''}`.trim()}
    >
      <span className="visually-hidden">
        {dayText(date)}: {content.label}
      </span>
      <span aria-hidden="true" className="calendar-date">
        {Number(date.slice(8))}
      </span>
      {content.content}
    </td>
  );
}

function Turner({ shown: { span, date, today } }: { readonly shown: ShownDays }): ReactNode {
  const [, setFilters] = useFilters();
  return (
    <div className="turner">
      <button type="button" className="button" onClick={() => setFilters({ date: turned(span, date, -1) })}>
        ← Previous {span}
      </button>
      <button type="button" className="button" onClick={() => setFilters({ date: today })}>
        Today
      </button>
      <button type="button" className="button" onClick={() => setFilters({ date: turned(span, date, 1) })}>
        Next {span} →
      </button>
      <h2 aria-live="polite">{span === 'week' ? `Week of ${dayText(date)}` : monthText(date)}</h2>
      <label className="turner-span">
        Show a{' '}
        <select value={span} onChange={(event) => setFilters({ span: event.target.value, date })}>
          <option value="month">month</option>
          <option value="week">week</option>
        </select>
      </label>
    </div>
  );
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' });
const monthFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });

function dayText(date: string): string {
  return dayFormat.format(Date.parse(`${date}T00:00Z`));
}

function monthText(date: string): string {
  return monthFormat.format(Date.parse(`${date}T00:00Z`));
}
