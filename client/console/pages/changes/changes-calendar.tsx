import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Calendar, useShownDays } from '../../kit/calendar';
import type { CalendarDayContent } from '../../kit/calendar';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { useZone } from '../../kit/time';
import { wallAt } from '../../kit/zone-days';
import { calendarDays, shownCalendars, closingText, dayLabel, isMarked } from './calendar-model';
import type { CalendarDay, DayChange } from './calendar-model';
import { changeWord, verdictWord } from './change-words';
import { listFilters, useChanges } from './changes-filters';
import { useCalendars } from './use-calendars';

const mostShown = 500;

/** A week or a month of windows, freezes and conflicts. */
export function ChangesCalendar(): ReactNode {
  const [{ calendar }] = useFilters();
  const shown = useShownDays();
  const { published, resolved } = useCalendars(calendar === undefined ? [] : [calendar], shown);
  const from = new Date(shown.startMs).toISOString();
  const to = new Date(shown.endMs).toISOString();
  const query = useChanges({ query: { from, to, limit: mostShown } }, { keep: true });
  const fields: readonly FilterField[] = [
    ...listFilters,
    {
      kind: 'choice',
      name: 'calendar',
      title: 'Calendar',
      options: published.map(({ name, title }) => ({ value: name, title: title === '' ? name : title })),
    },
  ];
  return (
    <>
      <Filters fields={fields} />
      <Loaded query={query}>
        {({ changes }) => {
          const days = new Map(
            calendarDays(shown.days, { changes, calendars: shownCalendars(resolved, calendar) }).map(
              (day) => [day.date, day] as const,
            ),
          );
          return <Calendar label="Calendar of changes" shown={shown} day={(date) => contentOf(days.get(date))} />;
        }}
      </Loaded>
    </>
  );
}

function contentOf(day: CalendarDay | undefined): CalendarDayContent {
  if (day === undefined) return { label: '', content: null };
  const isFrozen = day.closings.some(({ kind }) => kind === 'hard-freeze');
  return {
    label: dayLabel(day),
    ...(isFrozen ? { className: 'calendar-frozen' } : {}),
    content: <Day day={day} />,
  };
}

function Day({ day }: { readonly day: CalendarDay }): ReactNode {
  const zone = useZone();
  return (
    <ul>
      {day.closings.map((closing) => (
        <li key={`${closing.calendar}-${closing.startMs}`} className={`calendar-${closing.kind}`}>
          {closing.wholeDay ? '' : `${wallAt(closing.startMs, zone).slice(11)} `}
          {closingText(closing)}
        </li>
      ))}
      {day.changes.map((change) => (
        <li key={change.id}>
          <Link to="/changes/$change" params={{ change: `CHG-${change.number}` }} className={changeClass(change)}>
            {change.part === 'whole' || change.part === 'first' ? `${wallAt(change.startMs, zone).slice(11)} ` : '… '}
            CHG-{change.number} {change.title}
            {isMarked(change) && <strong> ⚠ {verdictWord(change.verdict ?? '').word}</strong>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function changeClass(change: DayChange): string {
  const { tone } = changeWord({ phase: change.phase, outcome: null });
  return `calendar-change tone-${tone}${isMarked(change) ? ' calendar-conflict' : ''}`;
}
