import type { FeedItem } from './live-feed';

export interface BroadcastLimits {
  readonly items: number;
  readonly bytes: number;
}

/** How a broadcast came to its end. */
type Over = { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly error: unknown };

/**
 * The newest news of one source, for any number of readers who each go through them at their own pace.
 *
 * - V1 It keeps so much, or what came last, and no more: nobody's slowness makes it grow, and nobody waits for anybody.
 * - V2 Whoever falls behind what is kept is told so, and never handed the next news as if none were missing.
 */
export class Broadcast<T> {
  #items: FeedItem<T>[] = [];
  /** How many have gone from the front; places of readers are counted from the first there ever was. */
  #gone = 0;
  #sizeBytes = 0;
  #over: Over | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(
    /** The position before the first item that is kept. */
    private before: number,
    private readonly sizeOf: (value: T) => number,
    private readonly limits: BroadcastLimits,
  ) {}

  get over(): Over | null {
    return this.#over;
  }

  add(items: readonly FeedItem<T>[]): void {
    const sizeBytes = items.reduce((sum, { value }) => sum + this.sizeOf(value), 0);
    if (this.#items.length + items.length > this.limits.items || this.#sizeBytes + sizeBytes > this.limits.bytes)
      this.#forget();
    this.#items.push(...items);
    this.#sizeBytes += sizeBytes;
    this.#wake();
  }

  finish(over: Over): void {
    this.#over ??= over;
    this.#wake();
  }

  /** Where a reader stands that has had everything up to this position. Null: that is not among what is kept. */
  placeAfter(position: number): number | null {
    const found = this.#items.findLastIndex((item) => item.position === position);
    if (found !== -1) return this.#gone + found + 1;
    return position === this.before ? this.#gone : null;
  }

  /** What comes next at a place (V2). */
  take(place: number, limits: BroadcastLimits): readonly FeedItem<T>[] | 'lapped' {
    const start = place - this.#gone;
    if (start < 0) return 'lapped';
    const taken: FeedItem<T>[] = [];
    let sizeBytes = 0;
    for (const item of this.#items.slice(start, start + limits.items)) {
      sizeBytes += this.sizeOf(item.value);
      if (taken.length > 0 && sizeBytes > limits.bytes) break;
      taken.push(item);
    }
    return taken;
  }

  /** Until there is more, it is over, the time is up, or nobody listens any more. */
  changed(withinMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      signal.addEventListener('abort', done);
      this.#waiting.add(done);
      if (signal.aborted || this.#over !== null) done();
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  /** The older half at once: else every item that comes would move all others. */
  #forget(): void {
    const { items, bytes } = this.limits;
    let count = 0;
    while (this.#items.length - count > items / 2 || this.#sizeBytes > bytes / 2) {
      const item = this.#items[count];
      if (item === undefined) break;
      this.#sizeBytes -= this.sizeOf(item.value);
      this.before = item.position;
      count += 1;
    }
    this.#items = this.#items.slice(count);
    this.#gone += count;
  }
}
