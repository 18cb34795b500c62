/** What happens, as it happens. A position is where a reader that lost the line goes on after. */
export type FeedEvent<T> =
  | { readonly kind: 'news'; readonly items: readonly FeedItem<T>[] }
  /** Nothing that this listener wants happened for a while: the line is alive, and the reader has had all up to there. */
  | { readonly kind: 'quiet'; readonly position: number }
  /** What came after the reader's position is not kept any more: it loads what it shows anew, and goes on from here. */
  | { readonly kind: 'gap'; readonly position: number }
  /** The reader did not keep up, and is let go. It may come back and go on. */
  | { readonly kind: 'slow' }
  | { readonly kind: 'end' };

export interface FeedItem<T> {
  readonly position: number;
  readonly value: T;
}

export interface FeedStart {
  readonly after: number;
  /** Aborted when nobody listens any more. */
  readonly signal: AbortSignal;
}

export interface News<T> {
  readonly news: readonly FeedItem<T>[];
  readonly ended: boolean;
}

/** Asks for what came after a position; it may keep what it saw, so every reader has one of its own. */
export type Ask<T> = (after: number) => Promise<News<T> | 'gone'>;

/** Where news come from. */
export interface FeedSource<T> {
  open(): Ask<T>;
  /** Where a reader goes on whose position is gone. */
  now(): Promise<number>;
  sizeOf(value: T): number;
}

/** Proxies close a line that is quiet for a minute or less. */
export const quietMs = 15_000;

export function lastPosition<T>(items: readonly FeedItem<T>[], otherwise: number): number {
  return items.at(-1)?.position ?? otherwise;
}
