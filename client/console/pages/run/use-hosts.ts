import type { UseQueryResult } from '@tanstack/react-query';
import { useQuery } from '@tanstack/react-query';
import { useContext } from 'react';

import type { QueryOf } from '../../../typed/types';
import { readApi } from '../../api';
import type { ApiProblem } from '../../api';
import type { HostCell, HostPage } from '../../answers';
import { LiveContext } from '../../live-context';
import { addressed } from '../../request';

const route = 'GET /runs/:ref/hosts';
const pageLength = 5_000;
const pollMs = 4_000;

/** What the steps of a run came to on all hosts: page after page, until there is nothing further. */
export function useHosts(id: string): UseQueryResult<readonly HostCell[], ApiProblem> {
  const isLive = useContext(LiveContext);
  return useQuery<readonly HostCell[], ApiProblem>({
    queryKey: [addressed(route, { params: { ref: id } }).path],
    queryFn: ({ signal }) => readAll(id, signal),
    refetchInterval: isLive ? false : pollMs,
  });
}

async function readAll(id: string, signal: AbortSignal): Promise<readonly HostCell[]> {
  const hosts: HostCell[] = [];
  let after: string | null = null;
  do {
    const query: QueryOf<typeof route> = after === null ? { limit: pageLength } : { limit: pageLength, after };
    const page: HostPage = await readApi(route, { params: { ref: id }, query }, signal);
    hosts.push(...page.hosts);
    after = page.next;
  } while (after !== null);
  return hosts;
}
