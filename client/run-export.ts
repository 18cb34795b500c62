import { exportJournal } from '../platform/store/export';
import type { SigningKey } from '../platform/store/signing-key';
import type { Store, StoredEntry } from '../platform/store/store';
import { streamOf } from '../workflows/domain/streams';

const pageSize = 1_000;

/** The whole journal of a run as text that can be verified with nothing else at hand. */
export async function exportRun(
  store: Store,
  runId: string,
  signing: { readonly key: SigningKey; readonly now: number },
): Promise<string> {
  const stream = streamOf(runId);
  const entries: StoredEntry[] = [];
  for (;;) {
    const after = entries.at(-1)?.seq;
    const page = await store.journal.read(stream, { limit: pageSize, ...(after === undefined ? {} : { after }) });
    entries.push(...page);
    if (page.length < pageSize) break;
  }
  const { id: installation } = await store.installation();
  return exportJournal({ stream, installation, exportedAt: signing.now, entries }, signing.key);
}
