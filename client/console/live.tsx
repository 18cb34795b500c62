import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';

import { apiUrl } from './api';
import { LiveContext } from './live-context';
import { useMe } from './me';
import { newsOf, staleAfter } from './stale';
import type { News } from './stale';

/** Many news at once are one reading again. */
const gatherMs = 300;

/** One event source for the whole console: what it tells makes what is on the screen be read again. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useQueryClient();
  const me = useMe();
  const [isLive, setIsLive] = useState(false);
  const isSignedIn = me.data !== undefined && !me.isError;
  useEffect(() => (isSignedIn ? listen(client, setIsLive) : undefined), [client, isSignedIn]);
  return <LiveContext value={isLive}>{children}</LiveContext>;
}

/** A line that was cut is taken up again by the browser; one that was refused is not, and is asked for anew. */
const askAgainMs = 5_000;

function listen(client: QueryClient, onLive: (isLive: boolean) => void): () => void {
  const gathered = new Gathered(client);
  const line = { source: openSource(), timer: 0 };
  function openSource(): EventSource {
    const source = new EventSource(apiUrl('GET /events', {}));
    source.onopen = () => {
      onLive(true);
      // Between reading a page and hearing of news something may have happened.
      gathered.add([null]);
    };
    source.onerror = () => {
      onLive(false);
      if (source.readyState === EventSource.CLOSED)
        line.timer = window.setTimeout(() => {
          line.source = openSource();
        }, askAgainMs);
    };
    source.addEventListener('events', (event: MessageEvent<string>) => gathered.add(newsOf(event.data)));
    source.addEventListener('gap', () => gathered.add([null]));
    return source;
  }
  return () => {
    window.clearTimeout(line.timer);
    gathered.stop();
    line.source.close();
    onLive(false);
  };
}

/**
 * News that wait for their reading.
 *
 * - G1 One reading at a time: news that come while one is under way wait for it, or a slow answer would be cut off again and
 *   again and never arrive.
 * - G2 Whatever was told before a reading began is in its answer; nothing is forgotten.
 */
class Gathered {
  readonly #client: QueryClient;
  #news: (News | null)[] = [];
  #timer = 0;
  #isReading = false;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  add(news: readonly (News | null)[]): void {
    this.#news.push(...news);
    if (this.#timer === 0 && !this.#isReading) this.#timer = window.setTimeout(() => void this.#read(), gatherMs);
  }

  stop(): void {
    window.clearTimeout(this.#timer);
    this.#news = [];
  }

  async #read(): Promise<void> {
    const news = this.#news;
    this.#news = [];
    this.#timer = 0;
    this.#isReading = true;
    try {
      await this.#client.invalidateQueries({
        predicate: ({ queryKey }) => news.some((one) => staleAfter(one, queryKey[0])),
      });
    } finally {
      this.#isReading = false;
      if (this.#news.length > 0) this.add([]);
    }
  }
}
