import { setTimeout as sleep } from 'node:timers/promises';

/** What happens, as it happens. The position is where a reader that lost the line goes on after. */
export type FeedEvent<T> =
  | { readonly kind: 'news'; readonly position: number; readonly value: T }
  /** Nothing happened for a while; the line is alive. */
  | { readonly kind: 'quiet' }
  | { readonly kind: 'end' };

export interface FeedStart {
  readonly after: number;
  /** Aborted when nobody listens any more. */
  readonly signal: AbortSignal;
}

export interface News<T> {
  readonly news: readonly { readonly position: number; readonly value: T }[];
  /** Ask on after this; it may be beyond the last of the news where some were not wanted. */
  readonly after: number;
  readonly ended: boolean;
}

/** Whoever waits for a person for hours asks less often than whoever watches a rollout. */
const shortestPauseMs = 100;
const longestPauseMs = 500;
/** Proxies close a line that is quiet for a minute or less. */
const quietMs = 15_000;

/** Asks for news again and again until the end. */
export async function* follow<T>(
  { after: start, signal }: FeedStart,
  ask: (after: number) => Promise<News<T>>,
): AsyncGenerator<FeedEvent<T>> {
  let after = start;
  let spokeAtMs = Date.now();
  let pauseMs = shortestPauseMs;
  while (!signal.aborted) {
    const answer = await ask(after);
    for (const one of answer.news) yield { kind: 'news', ...one };
    if (answer.ended) return yield { kind: 'end' };
    const nothingNew = answer.after === after;
    after = answer.after;
    if (answer.news.length > 0) spokeAtMs = Date.now();
    if (Date.now() - spokeAtMs >= quietMs) {
      yield { kind: 'quiet' };
      spokeAtMs = Date.now();
    }
    pauseMs = nothingNew ? Math.min(longestPauseMs, pauseMs * 1.1) : shortestPauseMs;
    if (nothingNew) await sleep(pauseMs);
  }
}
