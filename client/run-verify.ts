import { ChainCheck } from '../platform/store/verify';
import type { Store } from '../platform/store/store';
import { streamOf } from '../workflows/domain/streams';
import type { Verified } from './api/run-schema';
import { streamEntries } from './journal-pages';

/** Whoever reads more than these has a journal to throw away. */
const problemsTold = 100;

/** Every entry of a process against its hash and the one before it, and the last against the head that the store keeps. */
export async function verifyProcess(store: Store, processId: string): Promise<Verified> {
  const stream = streamOf(processId);
  // The head first: what is appended meanwhile comes after it.
  const head = await store.journal.head(stream);
  const chain = new ChainCheck();
  for await (const entry of streamEntries(store, stream)) if (entry.seq <= head.count) chain.add(entry);
  const verdict = chain.verdict(head);
  const found = { count: chain.count, head: head.hash };
  return verdict.ok
    ? { ok: true, ...found, problems: [] }
    : { ok: false, ...found, problems: verdict.problems.slice(0, problemsTold) };
}
