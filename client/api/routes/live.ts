import { z } from 'zod';

import { tellTo } from '../../live-events';
import type { FeedEvent } from '../../live-feed';
import { positionOf } from '../feed-start';
import { LiveEvent } from '../live-schema';
import { defineFeed, get } from '../route';

const Query = z.strictObject({
  /** Kinds or beginnings of kinds, separated by commas: `run.,task.opened`. Absent: all. */
  kinds: z.string().max(1_000).exactOptional(),
  /** Id of a run, a change, a backup operation or a keeper. */
  process: z.string().max(200).exactOptional(),
  /** Absent: from now on. */
  after: z.coerce.number().int().min(0).exactOptional(),
});

const events = defineFeed({
  ...get('/events'),
  summary: 'Everything that the caller may see, as it happens, in lists; goes on after Last-Event-ID, else begins now',
  action: 'run.read',
  about: 'filtered',
  query: Query,
  event: 'events',
  inLists: () => true,
  answer: LiveEvent,
  async handle({ query, caller }, { store, live }) {
    const after = positionOf(caller.lastEventId) ?? query.after ?? (await store.feed.now());
    return withStart(after, live.events.listen({ after, signal: caller.signal }, tellTo(caller.access, query)));
  },
});

/** A listener whose line is cut before anything has happened knows where it began all the same. */
async function* withStart<T>(position: number, events: AsyncIterable<FeedEvent<T>>): AsyncGenerator<FeedEvent<T>> {
  yield { kind: 'quiet', position };
  yield* events;
}

export const liveRoutes = [events] as const;
