import { createHash } from 'node:crypto';

import type { SigningKey } from '../../platform/store/signing-key';
import type { Store } from '../../platform/store/store';
import { streamOf } from '../../workflows/domain/streams';
import { readWholeStream } from '../journal-pages';
import { namesOf } from '../journaled';
import type { Journaled } from '../journaled';
import { definitionsOf } from './definition-versions';
import { evidenceFormat } from './format';
import type { ChildHead, KeptOutput, PlanPart } from './format';
import { parsed, textIn } from './payload';
import { summaryOf } from './summary';
import type { OutputDigest } from './summary';
import { writeEvidence } from './write';

export interface Signing {
  readonly key: SigningKey;
  readonly now: number;
  /** Of Mainstay. */
  readonly version: string;
}

/** Everything that the store has on one process, as a file that can be verified with nothing else at hand. */
export async function exportEvidence(store: Store, { id, name }: Journaled, signing: Signing): Promise<string> {
  const stream = streamOf(id);
  const entries = await readWholeStream(store, stream);
  const summary = summaryOf(entries);
  const { id: installation } = await store.installation();
  const plans = await plansOf(store, new Set(summary.plans.map(({ planDigest }) => planDigest)));
  const evidence = {
    header: {
      part: 'header',
      format: evidenceFormat,
      name,
      stream,
      installation,
      mainstay: signing.version,
      exportedAt: signing.now,
    },
    entries,
    plans,
    attested: {
      part: 'attested',
      children: await childrenOf(store, id, summary.children),
      outputs: await keptOutputs(store, id, summary.outputs),
      definitions: await definitionsOf(store, plans, summary),
    },
    checkpoint: await store.checkpoints.proofOf(stream),
  } as const;
  return writeEvidence(evidence, signing.key);
}

/** A plan that the store has lost is left out, and the verifier says so. */
async function plansOf(store: Store, digests: ReadonlySet<string>): Promise<readonly PlanPart[]> {
  const plans: PlanPart[] = [];
  for (const digest of digests) {
    const bytes = await store.blobs.get(digest);
    if (bytes === null) continue;
    const plan = parsed(Buffer.from(bytes).toString('utf8'));
    plans.push({ part: 'plan', digest, planHash: textIn(plan, 'planHash'), plan });
  }
  return plans;
}

const mostChildren = 1_000;

/** Those that the journal names, and those that name this process as theirs. */
async function childrenOf(store: Store, id: string, named: readonly string[]): Promise<readonly ChildHead[]> {
  const own = await store.views.runs({ parent: id, limit: mostChildren });
  const ids = [...new Set([...named, ...own.map((run) => run.id)])].toSorted();
  const names = await namesOf(store, ids);
  const heads: ChildHead[] = [];
  for (const child of ids) {
    const { count, hash } = await store.journal.head(streamOf(child));
    heads.push({ id: child, name: names[child] ?? child, count, head: hash });
  }
  return heads;
}

async function keptOutputs(
  store: Store,
  runId: string,
  outputs: readonly OutputDigest[],
): Promise<readonly KeptOutput[]> {
  const found: KeptOutput[] = [];
  for (const output of outputs) {
    const { path, phase, generation, stream } = output;
    found.push({ path, phase, generation, stream, kept: await keptAs(store, runId, output) });
  }
  return found;
}

const bytesAtOnce = 4 * 1024 * 1024;

async function keptAs(store: Store, runId: string, output: OutputDigest): Promise<KeptOutput['kept']> {
  const { path, phase, generation, stream, sizeBytes, sha256 } = output;
  const hash = createHash('sha256');
  let read = 0;
  while (read < sizeBytes) {
    const bytes = await store.outputs.read({ runId, path, phase, generation }, stream, read, bytesAtOnce);
    if (bytes.length === 0) break;
    hash.update(bytes);
    read += bytes.length;
  }
  if (read === 0 && sizeBytes > 0) return 'expired';
  return read === sizeBytes && hash.digest('hex') === sha256 ? 'whole' : 'different';
}
