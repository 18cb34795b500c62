import type { Store } from '../platform/store/store';
import { timelineTeller } from './change-timeline';
import type { TimelineEntry } from './change-timeline';
import { follow } from './live-feed';
import type { FeedEvent, FeedStart } from './live-feed';
import { streamOf } from '../workflows/domain/streams';

const entriesAtOnce = 500;

/** What happens to a change, as it happens, until it is over or back with its requester. */
export function followChange(
  { changes, journal }: Pick<Store, 'changes' | 'journal'>,
  id: string,
  from: FeedStart,
): AsyncGenerator<FeedEvent<TimelineEntry>> {
  const tell = timelineTeller();
  return follow(from, async (after) => {
    // Asked before reading: what came before the end is then surely in what is read.
    const row = await changes.get(id);
    const isOver = row?.standing === 'over' || (row?.phase === 'draft' && row.hash !== '');
    const read = await journal.read(streamOf(id), { after, limit: entriesAtOnce });
    const news = read.flatMap((entry) => {
      const value = tell(entry);
      return value === null ? [] : [{ position: entry.seq, value }];
    });
    return { news, after: read.at(-1)?.seq ?? after, ended: isOver && read.length < entriesAtOnce };
  });
}
