import { segment } from '../workflows/domain/effect-path';
import type { OutputChunk, Store, StoredEntry } from '../platform/store/store';
import type { JournalEntryView, JournalPage, OutputChunkView, OutputPage } from './api/schema';
import { streamOf } from './run-identity';

export interface PageRequest {
  readonly after: number;
  readonly limit: number;
  /** How long to wait for something new, while the run is open. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

export interface OutputRequest extends PageRequest {
  readonly step?: string;
  readonly host?: string;
}

export async function readJournalPage(store: Store, runId: string, request: PageRequest): Promise<JournalPage> {
  const stream = streamOf(runId);
  const entries = await poll(request, async () => {
    if (request.limit === 0) return [];
    const found = await store.journal.read(stream, { after: request.after, limit: request.limit });
    return found.length > 0 ? found : null;
  });
  const head = await store.journal.head(stream);
  const read = entries ?? [];
  return { entries: read.map(entryView), after: read.at(-1)?.seq ?? request.after, head };
}

export async function readOutputPage(store: Store, runId: string, request: OutputRequest): Promise<OutputPage> {
  let after = request.after;
  let complete = false;
  const chunks = await poll(request, async () => {
    // Asked before reading: output that came before the end is then surely in what is read.
    const closed = await isClosed(store, runId);
    const found = await store.outputs.tail(runId, after, request.limit);
    after = found.at(-1)?.position ?? after;
    complete = closed && found.length === 0;
    const wanted = found.filter((chunk) => isWanted(chunk, request));
    return wanted.length > 0 || found.length > 0 || complete ? wanted : null;
  });
  return { chunks: (chunks ?? []).map(chunkView), after, complete };
}

const pollEveryMs = 100;

/** Asks again until there is an answer, the time is over, or nobody listens. */
async function poll<T>(request: PageRequest, ask: () => Promise<T | null>): Promise<T | null> {
  const until = Date.now() + request.waitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null || request.signal.aborted || Date.now() >= until) return answer;
    await new Promise((resolve) => setTimeout(resolve, pollEveryMs));
  }
}

async function isClosed(store: Store, runId: string): Promise<boolean> {
  const run = await store.views.run(runId);
  return run?.state === 'closed';
}

function entryView(entry: StoredEntry): JournalEntryView {
  const { seq, key, kind, at, actor, via, payload } = entry;
  return { seq, key, kind, at, actor, via, payload: payload === null ? null : JSON.parse(payload) };
}

/** Paths spell hosts and steps as segments (`upgrade/host:web1/install`). */
function isWanted(chunk: OutputChunk, request: OutputRequest): boolean {
  const segments = chunk.path.split('/');
  const { step, host } = request;
  const onHost =
    host === undefined || segments.includes(segment('host', host)) || segments.includes(segment('delegate', host));
  return onHost && (step === undefined || segments.includes(step));
}

function chunkView(chunk: OutputChunk): OutputChunkView {
  const { position, path, phase, generation, stream, offset, bytes } = chunk;
  return { position, path, phase, generation, stream, offset, base64: Buffer.from(bytes).toString('base64') };
}
