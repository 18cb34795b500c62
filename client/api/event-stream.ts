import { Readable } from 'node:stream';

import type { FeedEvent, FeedItem } from '../live-feed';
import { lastPosition } from '../live-feed';

export const eventStreamType = 'text/event-stream';

export interface EventStreamOptions {
  /** Name of the events. */
  readonly event: string;
  /** One message tells all there is: its data is a list, and its id that of the last of them. */
  readonly inLists: boolean;
}

/** A reader that takes nothing for so long is gone, or as good as. */
const stalledMs = 30_000;
const highWaterMark = 64 * 1024;

/**
 * A feed as Server-Sent Events: the id is what `Last-Event-ID` brings back; `end` says that it is over, `slow` that the reader did not
 * keep up, `gap` that what it missed is not kept any more.
 */
export function eventStream<T>(options: EventStreamOptions, feed: AsyncIterable<FeedEvent<T>>): Readable {
  const reader = new StallWatch();
  const stream = Readable.from(messages(options, feed, reader), { objectMode: false, highWaterMark });
  reader.watch(stream);
  return stream;
}

async function* messages<T>(
  options: EventStreamOptions,
  feed: AsyncIterable<FeedEvent<T>>,
  reader: StallWatch,
): AsyncGenerator<string> {
  // Tells the listener at once that the line stands.
  yield ': open\n\n';
  for await (const event of feed) {
    reader.waitsFor();
    yield textOf(options, event);
    reader.took();
  }
}

function textOf<T>(options: EventStreamOptions, event: FeedEvent<T>): string {
  switch (event.kind) {
    case 'news':
      return textOfNews(options, event.items);
    case 'quiet':
      return `id: ${event.position}\n: quiet\n\n`;
    case 'gap':
      return `id: ${event.position}\nevent: gap\ndata: {}\n\n`;
    case 'slow':
      return 'event: slow\ndata: {}\n\n';
    case 'end':
      return 'event: end\ndata: {}\n\n';
  }
}

function textOfNews<T>({ event, inLists }: EventStreamOptions, items: readonly FeedItem<T>[]): string {
  if (inLists) return message(event, { position: lastPosition(items, 0), value: items.map(({ value }) => value) });
  return items.map((item) => message(event, item)).join('');
}

function message(event: string, { position, value }: FeedItem<unknown>): string {
  return `id: ${position}\nevent: ${event}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** Cuts the line of a reader that takes nothing: it must not hold its connection, and what is kept for it, for ever. */
class StallWatch {
  #since: number | null = null;

  waitsFor(): void {
    this.#since = Date.now();
  }

  took(): void {
    this.#since = null;
  }

  watch(stream: Readable): void {
    const timer = setInterval(() => {
      if (this.#since !== null && Date.now() - this.#since >= stalledMs) stream.destroy();
    }, stalledMs / 6);
    timer.unref();
    stream.once('close', () => clearInterval(timer));
  }
}
