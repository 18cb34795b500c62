import type { Store } from '../platform/store/store';
import { streamOf } from '../workflows/domain/streams';
import { tellFact } from './backup-timeline';
import type { ToldFact } from './backup-timeline';
import { follow } from './live-feed';
import type { FeedEvent, FeedStart } from './live-feed';

const entriesAtOnce = 500;

/** What happens to an operation, as it happens, until it has ended; of one that waits for its turn, too. */
export function followOperation(
  { backups, journal }: Pick<Store, 'backups' | 'journal'>,
  id: string,
  from: FeedStart,
): AsyncGenerator<FeedEvent<ToldFact>> {
  return follow(from, async (after) => {
    // Asked before reading: what came before the end is then surely in what is read.
    const row = await backups.operation(id);
    const isOver = row !== null && row.endedAt !== null;
    const read = await journal.read(streamOf(id), { after, limit: entriesAtOnce });
    const news = read.flatMap((entry) => {
      const value = tellFact(entry);
      return value === null ? [] : [{ position: entry.seq, value }];
    });
    return { news, after: read.at(-1)?.seq ?? after, ended: isOver && read.length < entriesAtOnce };
  });
}
