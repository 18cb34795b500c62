import { useQueries } from '@tanstack/react-query';
import type { z } from 'zod';

import type {
  CalendarSummary as CalendarSummarySchema,
  CalendarView as CalendarViewSchema,
} from '../../../api/calendar-schema';
import type { ResolvedCalendar } from '../../../../workflows/domain/calendar';
import { readApi, segment } from '../../api';
import type { Stretch } from './conflict-lines';
import { useRead } from '../../use-api';

type CalendarSummary = z.infer<typeof CalendarSummarySchema>;
type CalendarView = z.infer<typeof CalendarViewSchema>;

/** More would not be told apart on the screen. */
const mostShown = 12;

export interface ShownCalendars {
  /** All that are published, to choose from. */
  readonly published: readonly CalendarSummary[];
  readonly resolved: readonly ResolvedCalendar[];
}

/** The chosen calendars over a stretch of time; none chosen means all. */
export function useCalendars(chosen: readonly string[], { startMs, endMs }: Stretch): ShownCalendars {
  const list = useRead<{ readonly calendars: readonly CalendarSummary[] }>('/calendars');
  const published = list.data?.calendars ?? [];
  const shown = published.filter(({ name }) => chosen.length === 0 || chosen.includes(name)).slice(0, mostShown);
  const query = { from: new Date(startMs).toISOString(), until: new Date(endMs).toISOString() };
  const views = useQueries({
    queries: shown.map(({ name }) => {
      const path = `/calendars/${segment(name)}`;
      return {
        queryKey: [path, query],
        queryFn: ({ signal }: { readonly signal: AbortSignal }) => readApi<CalendarView>(path, query, signal),
      };
    }),
  });
  return { published, resolved: views.flatMap(({ data }) => (data === undefined ? [] : [data.calendar])) };
}
