import { createHash } from 'node:crypto';

import type { SigningKey } from '../../platform/store/signing-key';
import type { Store, StoredEntry } from '../../platform/store/store';
import { streamOf } from '../../workflows/domain/streams';
import { streamEntries } from '../journal-pages';
import { namesOf } from '../journaled';
import type { Journaled } from '../journaled';
import { evidenceFormat } from './format';
import type { AttestedPart, CalendarVersion, ChildHead, EvidencePart, LostOutput, PlanPart } from './format';
import { outputsOf, Summary } from './summary';
import type { EvidenceSummary, OutputDigest } from './summary';
import { parsed, textIn } from './payload';
import { EvidenceWriter } from './write';

export interface Signing {
  readonly key: SigningKey;
  readonly now: number;
  /** Of Mainstay. */
  readonly version: string;
}

/** Everything that the store has on one process, as a file that can be verified with nothing else at hand; piece by piece. */
export async function* exportEvidence(store: Store, process: Journaled, signing: Signing): AsyncGenerator<string> {
  const { id: installation } = await store.installation();
  const header = {
    part: 'header',
    format: evidenceFormat,
    name: process.name,
    stream: streamOf(process.id),
    installation,
    mainstay: signing.version,
    exportedAt: signing.now,
  } as const;
  const writer = new EvidenceWriter(header, signing.key);
  let text = writer.line(header);
  for await (const part of partsOf(store, process.id)) {
    text += writer.line(part);
    if (text.length < textAtOnce) continue;
    yield text;
    text = '';
  }
  yield text + writer.trailer();
}

/** Journals have a hundred thousand short lines: each by itself would be a packet on the network. */
const textAtOnce = 256 * 1024;

async function* partsOf(store: Store, id: string): AsyncGenerator<EvidencePart> {
  // The checkpoint first: what the journal gains from here on comes after all that it covers.
  const newest = await store.checkpoints.newest();
  const summary = new Summary();
  const lostOutputs: LostOutput[] = [];
  for await (const entry of streamEntries(store, streamOf(id))) {
    yield { part: 'entry', ...entry };
    summary.add(entry);
    lostOutputs.push(...(await lostOf(store, id, entry)));
  }
  const made = summary.made();
  yield* plansOf(store, new Set(made.plans.map(({ planDigest }) => planDigest)));
  const children = await childrenOf(store, id, made.children);
  yield attestedPart(children, lostOutputs, await calendarsOf(store, made));
  if (newest === null) return;
  const [stamped] = await store.checkpoints.list(newest.number - 1, 1);
  yield { part: 'checkpoint', checkpoint: newest, stamp: stamped?.stamp ?? null };
  yield* coveredOf(store, { id, children }, newest.size);
}

function attestedPart(
  children: readonly ChildHead[],
  lostOutputs: readonly LostOutput[],
  calendars: readonly CalendarVersion[],
): AttestedPart {
  return { part: 'attested', children, lostOutputs, calendars };
}

/** A plan that the store has lost is left out, and the verifier says so. */
async function* plansOf(store: Store, digests: ReadonlySet<string>): AsyncGenerator<PlanPart> {
  for (const digest of digests) {
    const bytes = await store.blobs.get(digest);
    if (bytes === null) continue;
    const plan = parsed(Buffer.from(bytes).toString('utf8'));
    yield { part: 'plan', digest, planHash: textIn(plan, 'planHash'), plan };
  }
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

async function calendarsOf(store: Store, { calendars }: EvidenceSummary): Promise<readonly CalendarVersion[]> {
  const found: CalendarVersion[] = [];
  for (const { calendar, version } of calendars) {
    const digest = (await store.definitions.get('Calendar', calendar, version))?.digest ?? '';
    found.push({ calendar, version, digest });
  }
  return found;
}

interface Family {
  readonly id: string;
  readonly children: readonly ChildHead[];
}

async function* coveredOf(store: Store, { id, children }: Family, size: number): AsyncGenerator<EvidencePart> {
  for (const state of await store.checkpoints.statesOf(streamOf(id), size)) yield { part: 'covered', ...state };
  for (const child of children) {
    const [state] = await store.checkpoints.statesOf(streamOf(child.id), size, 1);
    if (state !== undefined) yield { part: 'covered', ...state };
  }
}

async function lostOf(store: Store, runId: string, entry: StoredEntry): Promise<readonly LostOutput[]> {
  const lost: LostOutput[] = [];
  for (const output of outputsOf(entry)) {
    const { path, phase, generation, stream } = output;
    const found = await keptAs(store, runId, output);
    if (found !== 'whole') lost.push({ path, phase, generation, stream, found });
  }
  return lost;
}

const bytesAtOnce = 4 * 1024 * 1024;

async function keptAs(store: Store, runId: string, output: OutputDigest): Promise<LostOutput['found'] | 'whole'> {
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
