import { segment } from '../workflows/domain/effect-path';
import type { OutputChunk, Store, StoredEntry } from '../platform/store/store';
import type { JournalEntryView, JournalPage, OutputChunkView, OutputPage } from './api/schema';
import type { FeedEvent, FeedItem, FeedSource, FeedStart } from './live-feed';
import type { Live } from './live';
import { streamOf } from '../workflows/domain/streams';

export interface PageRequest {
  readonly after: number;
  readonly limit: number;
}

export interface OutputFilter {
  readonly step?: string;
  readonly host?: string;
}

export async function readJournalPage(store: Store, runId: string, request: PageRequest): Promise<JournalPage> {
  const stream = streamOf(runId);
  const read = request.limit === 0 ? [] : await store.journal.read(stream, request);
  const head = await store.journal.head(stream);
  return { entries: read.map(entryView), after: read.at(-1)?.seq ?? request.after, head };
}

export async function readOutputPage(
  store: Store,
  runId: string,
  request: PageRequest & OutputFilter,
): Promise<OutputPage> {
  // Asked before reading: output that came before the end is then surely in what is read.
  const run = await store.views.run(runId);
  const closed = run?.state === 'closed';
  const found = await store.outputs.tail(runId, request.after, request.limit);
  return {
    chunks: found.filter((chunk) => isWanted(chunk, request)).map(chunkView),
    after: found.at(-1)?.position ?? request.after,
    complete: closed && found.length === 0,
    expired: found.length === 0 && (await isExpired(store, run?.endedAt ?? null)),
  };
}

const entriesAtOnce = 500;
/** Of up to 64 KiB each. */
const chunksAtOnce = 500;

export interface LiveStore {
  readonly store: Store;
  readonly live: Live;
}

/** Entries as they are appended. It ends at the end of the run; one that is resumed later has a feed of its own. */
export function followJournal(
  { store, live }: LiveStore,
  runId: string,
  from: FeedStart,
): AsyncGenerator<FeedEvent<JournalEntryView>> {
  return live.journals.listen({ name: runId, source: journalSource(store, runId) }, from, entryView);
}

function journalSource(store: Store, runId: string): FeedSource<StoredEntry> {
  return {
    open() {
      let lastTurn: string | null = null;
      return async (after) => {
        // Asked before reading, as for the output.
        const run = await store.views.run(runId);
        // With the one that the listener has already: after a lost line it may be the end.
        const read = await store.journal.read(streamOf(runId), { after: after - 1, limit: entriesAtOnce });
        lastTurn = read.findLast(({ kind }) => turns.has(kind))?.kind ?? lastTurn;
        const fresh = read.filter(({ seq }) => seq > after);
        // A run that was resumed has an end in the middle, too: the last word is the one that nothing follows.
        const isOver = lastTurn === null ? run?.state === 'closed' : lastTurn === 'run.ended';
        return { news: fresh.map(newsOfEntry), ended: isOver && read.length < entriesAtOnce };
      };
    },
    now: async () => (await store.journal.head(streamOf(runId))).count,
    sizeOf: sizeOfEntry,
  };
}

export function newsOfEntry(value: StoredEntry): FeedItem<StoredEntry> {
  return { position: value.seq, value };
}

export function sizeOfEntry({ payload }: StoredEntry): number {
  return 300 + (payload?.length ?? 0);
}

/** Which of these is the last says whether a run has ended or goes on; what comes late of it says nothing. */
const turns: ReadonlySet<string> = new Set(['run.started', 'run.control', 'run.ended']);

/** Output as it arrives, until the run has ended and everything was told. Positions never come late (D16). */
export function followOutput(
  { store, live }: LiveStore,
  runId: string,
  from: FeedStart & OutputFilter,
): AsyncGenerator<FeedEvent<OutputChunkView>> {
  return live.outputs.listen({ name: runId, source: outputSource(store, runId) }, from, (chunk) =>
    isWanted(chunk, from) ? chunkView(chunk) : null,
  );
}

function outputSource(store: Store, runId: string): FeedSource<OutputChunk> {
  return {
    open: () => async (after) => {
      // Asked before reading: output that came before the end is then surely in what is read.
      const run = await store.views.run(runId);
      const found = await store.outputs.tail(runId, after, chunksAtOnce);
      const news = found.map((value) => ({ position: value.position, value }));
      return { news, ended: run?.state === 'closed' && found.length === 0 };
    },
    now: () => Promise.resolve(0),
    sizeOf: ({ bytes }) => 200 + bytes.length,
  };
}

async function isExpired(store: Store, endedAt: number | null): Promise<boolean> {
  return endedAt !== null && endedAt < (await store.retention.expiredBefore());
}

export function entryView(entry: StoredEntry): JournalEntryView {
  const { seq, key, kind, at, actor, via, request, payload } = entry;
  const known = { seq, key, kind, at, actor, via, ...(request === undefined ? {} : { request }) };
  return { ...known, payload: payload === null ? null : JSON.parse(payload) };
}

/** Paths spell hosts and steps as segments (`upgrade/host:web1/install`). */
function isWanted(chunk: OutputChunk, { step, host }: OutputFilter): boolean {
  const segments = chunk.path.split('/');
  const onHost =
    host === undefined || segments.includes(segment('host', host)) || segments.includes(segment('delegate', host));
  return onHost && (step === undefined || segments.includes(step));
}

function chunkView(chunk: OutputChunk): OutputChunkView {
  const { position, path, phase, generation, stream, offset, bytes } = chunk;
  return { position, path, phase, generation, stream, offset, base64: Buffer.from(bytes).toString('base64') };
}
