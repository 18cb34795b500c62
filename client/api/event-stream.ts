import { Readable } from 'node:stream';

import type { FeedEvent } from '../live-feed';

export const eventStreamType = 'text/event-stream';

/** A feed as Server-Sent Events: the id is what `Last-Event-ID` brings back, `end` says that it is over. */
export function eventStream<T>(event: string, feed: AsyncIterable<FeedEvent<T>>): Readable {
  return Readable.from(messages(event, feed), { objectMode: false });
}

async function* messages<T>(event: string, feed: AsyncIterable<FeedEvent<T>>): AsyncGenerator<string> {
  // Tells the listener at once that the line stands.
  yield ': open\n\n';
  for await (const item of feed) yield messageOf(event, item);
}

function messageOf<T>(event: string, item: FeedEvent<T>): string {
  switch (item.kind) {
    case 'news':
      return `id: ${item.position}\nevent: ${event}\ndata: ${JSON.stringify(item.value)}\n\n`;
    case 'quiet':
      return ': quiet\n\n';
    case 'end':
      return 'event: end\ndata: {}\n\n';
  }
}
