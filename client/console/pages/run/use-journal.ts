import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useInfiniteQuery } from '@tanstack/react-query';

import { readApi } from '../../api';
import type { ApiProblem } from '../../api';
import type { JournalPage } from '../../answers';
import { addressed } from '../../request';

const route = 'GET /runs/:ref/journal';
const pageLength = 200;

/** The journal from its beginning; what is appended later comes with the next page. */
export function useJournal(id: string): UseInfiniteQueryResult<InfiniteData<JournalPage>, ApiProblem> {
  const params = { ref: id };
  return useInfiniteQuery<JournalPage, ApiProblem, InfiniteData<JournalPage>, readonly unknown[], number>({
    queryKey: [addressed(route, { params }).path],
    queryFn: ({ signal, pageParam }) =>
      readApi(route, { params, query: { after: pageParam, limit: pageLength } }, signal),
    initialPageParam: -1,
    getNextPageParam: ({ entries, after }) => (entries.length === pageLength ? after : null),
  });
}
