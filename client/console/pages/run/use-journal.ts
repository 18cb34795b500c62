import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useInfiniteQuery } from '@tanstack/react-query';

import { readApi, segment } from '../../api';
import type { ApiProblem } from '../../api';
import type { JournalPage } from '../../answers';

const pageLength = 200;

/** The journal from its beginning; what is appended later comes with the next page. */
export function useJournal(id: string): UseInfiniteQueryResult<InfiniteData<JournalPage>, ApiProblem> {
  const path = `/runs/${segment(id)}/journal`;
  return useInfiniteQuery<JournalPage, ApiProblem, InfiniteData<JournalPage>, readonly unknown[], number>({
    queryKey: [path],
    queryFn: ({ signal, pageParam }) => readApi<JournalPage>(path, { after: pageParam, limit: pageLength }, signal),
    initialPageParam: -1,
    getNextPageParam: ({ entries, after }) => (entries.length === pageLength ? after : null),
  });
}
