import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { InfiniteData, UseInfiniteQueryResult, UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { useContext, useEffect } from 'react';

import type { AnswerOf } from '../typed/types';
import { readApi, sendApi } from './api';
import type { ApiProblem } from './api';
import { LiveContext } from './live-context';
import { addressed, after } from './request';
import type { AddressOf, PagesKey, ReadKey, SendKey, SentOf } from './request';

const pollMs = 4_000;

export interface ReadOptions {
  /** False: not yet, for example while something that it needs is not known. */
  readonly enabled?: boolean;
  /** Keeps what was read for other filters on the screen until the new answer is there. */
  readonly keep?: boolean;
}

/** Server state by path: the key begins with the path, so live news can name what is out of date. */
export function useRead<K extends ReadKey>(
  route: K,
  address: AddressOf<K>,
  options: ReadOptions = {},
): UseQueryResult<AnswerOf<K>, ApiProblem> {
  const isLive = useContext(LiveContext);
  return useQuery<AnswerOf<K>, ApiProblem>({
    ...reading(route, address),
    refetchInterval: isLive ? false : pollMs,
    enabled: options.enabled ?? true,
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
  });
}

export interface Reading<A> {
  readonly queryKey: readonly unknown[];
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<A>;
}

/** One reading of a route, for whoever asks for several at once or keeps them in a way of its own. */
export function reading<K extends ReadKey>(route: K, address: AddressOf<K>): Reading<AnswerOf<K>> {
  const { path, query } = addressed(route, address);
  return { queryKey: [path, query], queryFn: ({ signal }) => readApi(route, address, signal) };
}

export type Pages<T> = UseInfiniteQueryResult<InfiniteData<T>, ApiProblem>;

/** A list that goes on: page after page by cursor. */
export function usePages<K extends PagesKey>(route: K, address: AddressOf<K>): Pages<AnswerOf<K>> {
  const isLive = useContext(LiveContext);
  const { path, query } = addressed(route, address);
  return useInfiniteQuery<AnswerOf<K>, ApiProblem, InfiniteData<AnswerOf<K>>, readonly unknown[], string>({
    queryKey: [path, query, 'pages'],
    queryFn: ({ signal, pageParam }) => readApi(route, after(address, pageParam), signal),
    initialPageParam: '',
    getNextPageParam: nextOf,
    refetchInterval: isLive ? false : pollMs,
    placeholderData: keepPreviousData,
  });
}

/** What to ask on with; null: there is nothing further. */
function nextOf(page: object): string | null {
  return 'next' in page && typeof page.next === 'string' ? page.next : null;
}

/** All of it: whoever chooses from a list, or looks for something in it, must not miss what is on a later page. */
export function useWhole<K extends PagesKey>(route: K, address: AddressOf<K>, isNeeded = true): Pages<AnswerOf<K>> {
  const pages = usePages(route, address);
  const { hasNextPage, isFetching, fetchNextPage } = pages;
  useEffect(() => {
    if (isNeeded && hasNextPage && !isFetching) void fetchNextPage();
  }, [isNeeded, hasNextPage, isFetching, fetchNextPage]);
  return pages;
}

/** Sends something that changes the state, then reads again whatever is on the screen. */
export function useSend<K extends SendKey>(
  route: K,
  address: AddressOf<K>,
  onDone?: (answer: AnswerOf<K>) => void,
): UseMutationResult<AnswerOf<K>, ApiProblem, SentOf<K>> {
  const client = useQueryClient();
  return useMutation<AnswerOf<K>, ApiProblem, SentOf<K>>({
    mutationFn: (body) => sendApi(route, address, body),
    onSuccess: async (answer) => {
      onDone?.(answer);
      await client.invalidateQueries();
    },
  });
}
