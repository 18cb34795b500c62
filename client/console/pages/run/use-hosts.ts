import type { UseQueryResult } from '@tanstack/react-query';
import { useQuery } from '@tanstack/react-query';
import { useContext } from 'react';

import { readApi, segment } from '../../api';
import type { ApiProblem } from '../../api';
import type { HostCell, HostPage } from '../../answers';
import { LiveContext } from '../../live-context';

const pageLength = 5_000;
const pollMs = 4_000;

/** What the steps of a run came to on all hosts: page after page, until there is nothing further. */
export function useHosts(id: string): UseQueryResult<readonly HostCell[], ApiProblem> {
  const isLive = useContext(LiveContext);
  const path = `/runs/${segment(id)}/hosts`;
  return useQuery<readonly HostCell[], ApiProblem>({
    queryKey: [path],
    queryFn: ({ signal }) => readAll(path, signal),
    refetchInterval: isLive ? false : pollMs,
  });
}

async function readAll(path: string, signal: AbortSignal): Promise<readonly HostCell[]> {
  const hosts: HostCell[] = [];
  let after: string | null = null;
  do {
    const query: { readonly limit: number; readonly after?: string } =
      after === null ? { limit: pageLength } : { limit: pageLength, after };
    const page: HostPage = await readApi<HostPage>(path, query, signal);
    hosts.push(...page.hosts);
    after = page.next;
  } while (after !== null);
  return hosts;
}
