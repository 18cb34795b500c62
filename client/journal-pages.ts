import type { Store, StoredEntry } from '../platform/store/store';

const pageSize = 1_000;

/** The whole of a stream, page by page, for what need not be held. */
export async function* streamEntries(store: Store, stream: string): AsyncGenerator<StoredEntry> {
  for (let after: number | undefined = undefined; ;) {
    const page: readonly StoredEntry[] = await store.journal.read(stream, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    yield* page;
    after = page.at(-1)?.seq;
    if (page.length < pageSize) return;
  }
}

/** The whole of a stream at once. */
export async function readWholeStream(store: Store, stream: string): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const entry of streamEntries(store, stream)) entries.push(entry);
  return entries;
}
