import { exportJournal } from '../platform/store/export';
import type { SigningKey } from '../platform/store/signing-key';
import type { Store } from '../platform/store/store';
import { streamOf } from '../workflows/domain/streams';
import { readWholeStream } from './journal-pages';

/** The whole journal of a run as text that can be verified with nothing else at hand. */
export async function exportRun(
  store: Store,
  runId: string,
  signing: { readonly key: SigningKey; readonly now: number },
): Promise<string> {
  const stream = streamOf(runId);
  const entries = await readWholeStream(store, stream);
  const { id: installation } = await store.installation();
  return exportJournal({ stream, installation, exportedAt: signing.now, entries }, signing.key);
}
