import type { Store, StoredEntry } from '../platform/store/store';
import { streamOf } from '../workflows/domain/streams';
import { tellFact } from './backup-timeline';
import type { ToldFact } from './backup-timeline';
import type { FeedEvent, FeedSource, FeedStart } from './live-feed';
import { newsOfEntry, sizeOfEntry } from './run-history';
import type { LiveStore } from './run-history';

const entriesAtOnce = 500;

/** What happens to an operation, as it happens, until it has ended; of one that waits for its turn, too. */
export function followOperation(
  { store, live }: LiveStore,
  id: string,
  from: FeedStart,
): AsyncGenerator<FeedEvent<ToldFact>> {
  return live.journals.listen({ name: id, source: operationSource(store, id) }, from, tellFact);
}

function operationSource({ backups, journal }: Store, id: string): FeedSource<StoredEntry> {
  return {
    open: () => async (after) => {
      // Asked before reading: what came before the end is then surely in what is read.
      const row = await backups.operation(id);
      const isOver = row !== null && row.endedAt !== null;
      const read = await journal.read(streamOf(id), { after, limit: entriesAtOnce });
      return { news: read.map(newsOfEntry), ended: isOver && read.length < entriesAtOnce };
    },
    now: async () => (await journal.head(streamOf(id))).count,
    sizeOf: sizeOfEntry,
  };
}
