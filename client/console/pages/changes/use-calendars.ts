import { useQueries } from '@tanstack/react-query';

import type { AnswerOf } from '../../../typed/types';
import type { ResolvedCalendar } from '../../../../workflows/domain/calendar';
import type { Stretch } from './conflict-lines';
import { reading, useWhole } from '../../use-api';

type CalendarSummary = AnswerOf<'GET /calendars'>['calendars'][number];

/** More would not be told apart on the screen. */
const mostShown = 12;

export interface ShownCalendars {
  /** All that are published, to choose from. */
  readonly published: readonly CalendarSummary[];
  readonly resolved: readonly ResolvedCalendar[];
}

/** The chosen calendars over a stretch of time; none chosen means all. */
export function useCalendars(chosen: readonly string[], { startMs, endMs }: Stretch): ShownCalendars {
  const list = useWhole('GET /calendars', {});
  const published = (list.data?.pages ?? []).flatMap(({ calendars }) => calendars);
  const shown = published.filter(({ name }) => chosen.length === 0 || chosen.includes(name)).slice(0, mostShown);
  const query = { from: new Date(startMs).toISOString(), until: new Date(endMs).toISOString() };
  const views = useQueries({
    queries: shown.map(({ name }) => reading('GET /calendars/:name', { params: { name }, query })),
  });
  return { published, resolved: views.flatMap(({ data }) => (data === undefined ? [] : [data.calendar])) };
}
