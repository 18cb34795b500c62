import { currentRequestId } from '../request-context';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import type { AnyJournalEntry } from '../../workflows/domain/journal';
import { entryHash, genesisHash, newSalt, payloadDigest } from './chain';
import { inChunks } from './chunks';
import type { Session } from './database';
import { feedEntries } from './feed';
import { applyFolds, runOfStream, systemStream } from './folds/apply';
import { loadBackupOperation } from './folds/backup-tables';
import { loadChange } from './folds/change-tables';
import { foldEntry } from './folds/entry';
import { putNotices } from './folds/notices';
import { foldRun, loadRun } from './folds/run';
import { storable, toJson } from './json';
import type { JournalTable } from './schema';
import type { AppendResult, JournalHead } from './store';
import { StoreError } from './store-error';

/** `append` as a part of a larger transaction; it ends up holding the stream's head until that ends. */
export async function appendWithin(
  session: Session,
  stream: string,
  entries: readonly AnyJournalEntry[],
): Promise<AppendResult> {
  const head = await lockHead(session, stream);
  const fresh = await newFacts(session, stream, entries.map(prepare));
  const { timely, late } = await separateLate(session, stream, fresh);
  const skipped = entries.length - fresh.length;
  const next = await write(session, { stream, head, entries: timely });
  if (late.length === 0) return { appended: timely.length, skipped, head: next };
  // Always the run's head first, then the system's: no two appends can wait for each other.
  const elsewhere = await appendWithin(session, systemStream, late);
  return { appended: timely.length + elsewhere.appended, skipped: skipped + elsewhere.skipped, head: next };
}

interface Prepared {
  readonly entry: AnyJournalEntry;
  readonly key: string;
  readonly payload: string;
}

function prepare(entry: AnyJournalEntry): Prepared {
  return { entry, key: storable(entry.key), payload: canonicalJson(toJson(entry.payload)) };
}

/** Every writer of a stream waits here for the one before it. */
export async function lockHead(session: Session, stream: string): Promise<JournalHead> {
  const known = await selectHead(session, stream);
  if (known !== undefined) return known;
  const empty = { count: 0, hash: genesisHash };
  await session.query
    .insertInto('journal_heads')
    .values({ stream, ...empty })
    .onConflict((conflict) => conflict.column('stream').doNothing())
    .execute();
  return (await selectHead(session, stream)) ?? empty;
}

function selectHead(session: Session, stream: string): Promise<JournalHead | undefined> {
  const head = session.query.selectFrom('journal_heads').select(['count', 'hash']).where('stream', '=', stream);
  return (session.dialect === 'postgres' ? head.forUpdate() : head).executeTakeFirst();
}

/** What is not in the journal yet. The same fact twice is one fact; two facts under one key are a conflict. */
async function newFacts(session: Session, stream: string, prepared: readonly Prepared[]): Promise<readonly Prepared[]> {
  const known = new Map<string, { readonly kind: string; readonly payload: string | null }>();
  for (const keys of inChunks([...new Set(prepared.map(({ key }) => key))])) {
    const rows = await session.query
      .selectFrom('journal')
      .select(['key', 'kind', 'payload'])
      .where('stream', '=', stream)
      .where('key', 'in', keys)
      .execute();
    for (const row of rows) known.set(row.key, row);
  }
  const fresh: Prepared[] = [];
  for (const item of prepared) {
    const earlier = known.get(item.key);
    if (earlier === undefined) {
      known.set(item.key, { kind: item.entry.kind, payload: item.payload });
      fresh.push(item);
    } else if (earlier.kind !== item.entry.kind || !isSamePayload(earlier.payload, item.payload)) {
      throw new StoreError(
        'JOURNAL_CONFLICT',
        `Cannot append "${item.key}" to "${stream}": another payload stands under this key`,
      );
    }
  }
  return fresh;
}

/** Nobody can tell what a redacted entry said: a repeat of its key is taken for the same fact. */
function isSamePayload(stored: string | null, payload: string): boolean {
  return stored === null || stored === payload;
}

/** Refusals of answers, and comments, that come after a run, a change or an operation has ended are facts about the installation: the run's journal is closed (D4). */
async function separateLate(
  session: Session,
  stream: string,
  fresh: readonly Prepared[],
): Promise<{ readonly timely: readonly Prepared[]; readonly late: readonly AnyJournalEntry[] }> {
  const runId = runOfStream(stream);
  if (runId === null || !fresh.some(({ entry }) => isRemark(entry))) return { timely: fresh, late: [] };
  let run = await loadRun(session, runId);
  let isOver = await hasEnded(session, runId);
  const timely: Prepared[] = [];
  const late: AnyJournalEntry[] = [];
  for (const item of fresh) {
    if (isRemark(item.entry) && (run?.state === 'closed' || isOver)) {
      late.push({ ...item.entry, key: `${stream}/${item.key}` });
      continue;
    }
    timely.push(item);
    isOver ||= item.entry.kind === 'change.ended' || item.entry.kind === 'backup.ended';
    const folded = foldEntry({ ...item.entry, key: item.key, payload: item.payload, seq: 0 });
    if (folded !== null) run = foldRun(run, folded);
  }
  return { timely, late };
}

function isRemark({ kind }: AnyJournalEntry): boolean {
  return kind === 'task.refused' || kind === 'task.commented';
}

async function hasEnded(session: Session, processId: string): Promise<boolean> {
  const change = await loadChange(session, processId);
  const operation = await loadBackupOperation(session, processId);
  return (change?.ended ?? operation?.ended ?? null) !== null;
}

async function write(
  session: Session,
  batch: { readonly stream: string; readonly head: JournalHead; readonly entries: readonly Prepared[] },
): Promise<JournalHead> {
  const { stream, entries } = batch;
  if (entries.length === 0) return batch.head;
  let head = batch.head;
  const rows: JournalTable[] = [];
  for (const item of entries) {
    const row = chained(stream, head, item);
    head = { count: row.seq, hash: row.hash };
    rows.push(row);
  }
  for (const chunk of inChunks(rows)) {
    await session.query.insertInto('journal').values(chunk).execute();
    await feedEntries(session, chunk);
  }
  await session.query.updateTable('journal_heads').set(head).where('stream', '=', stream).execute();
  await putNotices(session, stream, rows);
  await applyFolds(session, stream, rows);
  return head;
}

function chained(stream: string, head: JournalHead, { entry, key, payload }: Prepared): JournalTable {
  const salt = newSalt();
  const content = {
    stream,
    seq: head.count + 1,
    key,
    kind: entry.kind,
    at: entry.at,
    actor: storable(entry.actor),
    via: storable(entry.via),
    prev: head.hash,
  };
  const request = currentRequestId();
  const digest = payloadDigest(salt, payload);
  const hash = entryHash({ ...content, ...(request === null ? {} : { request }), payloadDigest: digest });
  return { ...content, request, payload_digest: digest, hash, salt, payload };
}
