import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

import { Broadcast } from './live-broadcast';
import { lastPosition, quietMs } from './live-feed';
import type { Ask, FeedEvent, FeedItem, FeedSource, FeedStart } from './live-feed';

/** What one listener wants to hear of a piece of news; null: nothing. */
export type Tell<T, U> = (value: T) => U | null;

/** Whoever waits for a person for hours asks less often than whoever watches a rollout. */
const shortestPauseMs = 100;
const longestPauseMs = 500;
/** Some seconds of the loudest run there may be: a reader that is further behind is let go. */
const kept = { items: 20_000, bytes: 16 * 1024 * 1024 };
/** For one message: what a browser takes in one go, and what is in memory for each reader. */
const toldAtOnce = { items: 1_000, bytes: 256 * 1024 };

/**
 * All who listen to one source share one reader of the store.
 *
 * - L1 A listener reads the store by itself, at its own pace, until it has met what is broadcast.
 * - L2 The shared reader runs while somebody listens, waits for nobody, and asks once for all.
 */
export class Line<T> {
  #listeners = 0;
  #current: Broadcast<T> | null = null;

  constructor(private readonly source: FeedSource<T>) {}

  get listeners(): number {
    return this.#listeners;
  }

  async *listen<U>(start: FeedStart, tell: Tell<T, U>): AsyncGenerator<FeedEvent<U>> {
    this.#listeners += 1;
    try {
      yield* this.#catchUp(start, tell);
    } finally {
      this.#listeners -= 1;
    }
  }

  async *#catchUp<U>({ after: start, signal }: FeedStart, tell: Tell<T, U>): AsyncGenerator<FeedEvent<U>> {
    const ask = this.source.open();
    let after = Math.max(0, start);
    while (!signal.aborted) {
      const broadcast = this.#current;
      const place = broadcast?.placeAfter(after) ?? null;
      if (broadcast !== null && place !== null) return yield* hear({ broadcast, place, after, signal }, tell);
      const answer = await ask(after);
      if (answer === 'gone') {
        after = await this.source.now();
        yield { kind: 'gap', position: after };
        continue;
      }
      const items = told(answer.news, tell);
      if (items.length > 0) yield { kind: 'news', items };
      if (answer.ended) return yield { kind: 'end' };
      after = lastPosition(answer.news, after);
      if (answer.news.length > 0) continue;
      // All that there is has been told: from here on it is heard together with the others.
      if (this.#current === null) this.#begin(after);
      else await this.#current.changed(longestPauseMs, signal);
    }
  }

  #begin(after: number): void {
    const broadcast = new Broadcast<T>(after, (value) => this.source.sizeOf(value), kept);
    this.#current = broadcast;
    void this.#read(broadcast, after).catch((error: unknown) => {
      if (this.#current === broadcast) this.#current = null;
      broadcast.finish({ kind: 'failed', error });
    });
  }

  async #read(broadcast: Broadcast<T>, start: number): Promise<void> {
    const ask: Ask<T> = this.source.open();
    let after = start;
    let pauseMs = shortestPauseMs;
    while (this.#listeners > 0) {
      const answer = await ask(after);
      // Nobody read for days: who listens comes back, and is told what it missed.
      if (answer === 'gone') throw new Error(`Cannot go on after position ${after}: it is not kept any more`);
      const { news } = answer;
      if (news.length > 0) broadcast.add(news);
      after = lastPosition(news, after);
      if (answer.ended) break;
      pauseMs = news.length === 0 ? Math.min(longestPauseMs, pauseMs * 1.1) : shortestPauseMs;
      // A store in a file answers without giving up its turn: who listens, and everybody else, would never have theirs.
      await (news.length === 0 ? sleep(pauseMs) : nextTurn());
    }
    this.#current = null;
    broadcast.finish({ kind: 'ended' });
  }
}

interface Hearing<T> {
  readonly broadcast: Broadcast<T>;
  readonly place: number;
  readonly after: number;
  readonly signal: AbortSignal;
}

async function* hear<T, U>(hearing: Hearing<T>, tell: Tell<T, U>): AsyncGenerator<FeedEvent<U>> {
  const { broadcast, signal } = hearing;
  let { place, after } = hearing;
  let spokeAtMs = Date.now();
  while (!signal.aborted) {
    const taken = broadcast.take(place, toldAtOnce);
    if (taken === 'lapped') return yield { kind: 'slow' };
    place += taken.length;
    after = lastPosition(taken, after);
    const items = told(taken, tell);
    if (items.length > 0) {
      yield { kind: 'news', items };
      spokeAtMs = Date.now();
    }
    if (Date.now() - spokeAtMs >= quietMs) {
      yield { kind: 'quiet', position: after };
      spokeAtMs = Date.now();
      // What came while that was told woke nobody.
      continue;
    }
    if (taken.length > 0) continue;
    if (broadcast.over?.kind === 'failed') throw broadcast.over.error;
    if (broadcast.over !== null) return yield { kind: 'end' };
    await broadcast.changed(quietMs - (Date.now() - spokeAtMs), signal);
  }
}

function told<T, U>(news: readonly FeedItem<T>[], tell: Tell<T, U>): readonly FeedItem<U>[] {
  return news.flatMap(({ position, value }) => {
    const wanted = tell(value);
    return wanted === null ? [] : [{ position, value: wanted }];
  });
}

/** A line for each thing that is listened to, by name, while somebody does. */
export class Lines<T> {
  readonly #lines = new Map<string, Line<T>>();

  async *listen<U>(
    { name, source }: { readonly name: string; readonly source: FeedSource<T> },
    start: FeedStart,
    tell: Tell<T, U>,
  ): AsyncGenerator<FeedEvent<U>> {
    const line = this.#lines.get(name) ?? new Line(source);
    this.#lines.set(name, line);
    try {
      yield* line.listen(start, tell);
    } finally {
      if (line.listeners === 0) this.#lines.delete(name);
    }
  }

  get listeners(): number {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.listeners, 0);
  }
}
