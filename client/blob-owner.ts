import type { DefinitionRow, Store } from '../platform/store/store';
import { streamOf } from '../workflows/domain/streams';
import { memberOf, payloadOf, textIn } from './evidence/payload';
import { readStoredPlan } from './stored-plan';

/** Is it the text of this definition, or a file that was published with it? In any version. */
export function isOfDefinition(versions: readonly DefinitionRow[], digest: string): boolean {
  return versions.some((version) => version.digest === digest || Object.values(version.files).includes(digest));
}

/** Entries by which the engine names bytes. What callers and hosts have put into others makes nothing theirs. */
const namingKinds = ['run.created', 'run.ended'] as const;

/** Is it the plan of this process, one of its host shards, its runbook, or a state that it has stored? */
export async function isOfProcess(
  store: Store,
  process: { readonly id: string; readonly planDigest: string },
  digest: string,
): Promise<boolean> {
  if (process.planDigest === digest) return true;
  const plan = await readStoredPlan(store, process.planDigest);
  if (plan !== null && Object.hasOwn(plan.blobs, digest)) return true;
  const entries = await store.journal.read(streamOf(process.id), { kinds: namingKinds });
  return entries.some((entry) => {
    const payload = payloadOf(entry);
    const definition = textIn(memberOf(payload, 'definition'), 'digest');
    return [definition, textIn(payload, 'planDigest'), textIn(payload, 'stateDigest')].includes(digest);
  });
}
