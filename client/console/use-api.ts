import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { InfiniteData, UseInfiniteQueryResult, UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { useContext } from 'react';

import { readApi, sendApi } from './api';
import type { ApiProblem, Query, SendOptions } from './api';
import { LiveContext } from './live-context';

const pollMs = 4_000;

export interface ReadOptions {
  /** False: not yet, for example while something that it needs is not known. */
  readonly enabled?: boolean;
  /** Keeps what was read for other filters on the screen until the new answer is there. */
  readonly keep?: boolean;
}

/** Server state by path: the key begins with the path, so live news can name what is out of date. */
export function useRead<T>(path: string, query: Query = {}, options: ReadOptions = {}): UseQueryResult<T, ApiProblem> {
  const isLive = useContext(LiveContext);
  return useQuery<T, ApiProblem>({
    queryKey: [path, query],
    queryFn: ({ signal }) => readApi<T>(path, query, signal),
    refetchInterval: isLive ? false : pollMs,
    enabled: options.enabled ?? true,
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A list that goes on: page after page by cursor. */
export function usePages<T extends { readonly next: string | null }>(
  path: string,
  query: Query = {},
): UseInfiniteQueryResult<InfiniteData<T>, ApiProblem> {
  const isLive = useContext(LiveContext);
  return useInfiniteQuery<T, ApiProblem, InfiniteData<T>, readonly unknown[], string>({
    queryKey: [path, query, 'pages'],
    queryFn: ({ signal, pageParam }) =>
      readApi<T>(path, pageParam === '' ? query : { ...query, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: isLive ? false : pollMs,
    placeholderData: keepPreviousData,
  });
}

/** Sends something that changes the state, then reads again whatever is on the screen. */
export function useSend<A, B = unknown>(
  path: string | ((body: B) => string),
  onDone?: (answer: A) => void,
  options: SendOptions = {},
): UseMutationResult<A, ApiProblem, B> {
  const client = useQueryClient();
  return useMutation<A, ApiProblem, B>({
    mutationFn: (body) => sendApi<A>(typeof path === 'string' ? path : path(body), body, options),
    onSuccess: async (answer) => {
      onDone?.(answer);
      await client.invalidateQueries();
    },
  });
}
