import type { Store, StoredEntry } from '../platform/store/store';

const pageSize = 1_000;

/** The whole of a stream, page by page. */
export async function readWholeStream(store: Store, stream: string): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for (;;) {
    const after = entries.at(-1)?.seq;
    const page = await store.journal.read(stream, { limit: pageSize, ...(after === undefined ? {} : { after }) });
    entries.push(...page);
    if (page.length < pageSize) return entries;
  }
}
