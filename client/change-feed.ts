import type { Store, StoredEntry } from '../platform/store/store';
import { timelineTeller } from './change-timeline';
import type { TimelineEntry } from './change-timeline';
import type { FeedEvent, FeedSource, FeedStart } from './live-feed';
import { newsOfEntry, sizeOfEntry } from './run-history';
import type { LiveStore } from './run-history';
import { streamOf } from '../workflows/domain/streams';

const entriesAtOnce = 500;

/** What happens to a change, as it happens, until it is over or back with its requester. */
export function followChange(
  { store, live }: LiveStore,
  id: string,
  from: FeedStart,
): AsyncGenerator<FeedEvent<TimelineEntry>> {
  return live.journals.listen({ name: id, source: changeSource(store, id) }, from, timelineTeller());
}

function changeSource({ changes, journal }: Store, id: string): FeedSource<StoredEntry> {
  return {
    open: () => async (after) => {
      // Asked before reading: what came before the end is then surely in what is read.
      const row = await changes.get(id);
      const isOver = row?.standing === 'over' || (row?.phase === 'draft' && row.hash !== '');
      const read = await journal.read(streamOf(id), { after, limit: entriesAtOnce });
      return { news: read.map(newsOfEntry), ended: isOver && read.length < entriesAtOnce };
    },
    now: async () => (await journal.head(streamOf(id))).count,
    sizeOf: sizeOfEntry,
  };
}
