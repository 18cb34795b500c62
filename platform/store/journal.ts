import { sql } from 'kysely';
import { appendWithin, lockHead } from './append';
import { keepBlobs } from './blobs';
import { genesisHash } from './chain';
import { inChunks } from './chunks';
import type { Database, Session } from './database';
import { applyFolds, clearAllFolds, clearFolds } from './folds/apply';
import { storable } from './json';
import type { JournalTable } from './schema';
import type { AppendResult, Journal, JournalHead, RedactedBy, StoredEntry } from './store';
import type { AnyJournalEntry } from '../../workflows/domain/journal';

/** Entries that a rebuild holds in memory at once. */
const pageSize = 500;

export function createJournal(database: Database): Journal {
  return {
    append: (stream, entries, blobs = []) => append(database, stream, { entries, blobs }),
    read: async (stream, options) => (await readRows(database, stream, options ?? {})).map(storedEntry),
    find: (stream, keys) => find(database, stream, keys),
    head: (stream) => readHead(database, stream),
    rebuildFolds: () => database.transaction(rebuildFolds),
    redact: (stream, seq, by) => database.transaction((session) => redact(session, { stream, seq }, by)),
  };
}

interface Appended {
  readonly entries: readonly AnyJournalEntry[];
  readonly blobs: readonly Uint8Array[];
}

async function append(database: Database, stream: string, { entries, blobs }: Appended): Promise<AppendResult> {
  if (entries.length === 0) return { appended: 0, skipped: 0, head: await readHead(database, stream) };
  return database.transaction(async (session) => {
    const result = await appendWithin(session, stream, entries);
    await keepBlobs(session, blobs);
    return result;
  });
}

interface Page {
  readonly after?: number;
  readonly limit?: number;
  readonly kinds?: readonly string[];
}

function readRows(session: Session, stream: string, { after = 0, limit, kinds }: Page): Promise<JournalTable[]> {
  const all = session.query
    .selectFrom('journal')
    .selectAll()
    .where('stream', '=', stream)
    .where('seq', '>', after)
    .orderBy('seq');
  const rows = kinds === undefined ? all : all.where('kind', 'in', kinds);
  return (limit === undefined ? rows : rows.limit(limit)).execute();
}

async function find(session: Session, stream: string, keys: readonly string[]): Promise<readonly StoredEntry[]> {
  const found: StoredEntry[] = [];
  for (const chunk of inChunks(keys)) {
    const rows = await session.query
      .selectFrom('journal')
      .selectAll()
      .where('stream', '=', stream)
      .where('key', 'in', chunk.map(storable))
      .execute();
    found.push(...rows.map(storedEntry));
  }
  return found.toSorted((left, right) => left.seq - right.seq);
}

export function storedEntry(row: JournalTable): StoredEntry {
  const { payload_digest: digest, request, ...entry } = row;
  return { ...entry, ...(request === null ? {} : { request }), payloadDigest: digest };
}

async function readHead(session: Session, stream: string): Promise<JournalHead> {
  const row = await session.query
    .selectFrom('journal_heads')
    .select(['count', 'hash'])
    .where('stream', '=', stream)
    .executeTakeFirst();
  return row ?? { count: 0, hash: genesisHash };
}

async function rebuildFolds(session: Session): Promise<{ readonly entries: number }> {
  // Nobody may append meanwhile; on libsql the transaction alone sees to it.
  if (session.dialect === 'postgres') await sql`lock table journal_heads in exclusive mode`.execute(session.query);
  await clearAllFolds(session);
  const streams = await session.query.selectFrom('journal_heads').select('stream').orderBy('stream').execute();
  let entries = 0;
  for (const { stream } of streams) entries += await foldStream(session, stream);
  return { entries };
}

async function foldStream(session: Session, stream: string): Promise<number> {
  let after = 0;
  for (;;) {
    const rows = await readRows(session, stream, { after, limit: pageSize });
    await applyFolds(session, stream, rows);
    after += rows.length;
    if (rows.length < pageSize) return after;
  }
}

/** What was redacted must not live on in a table either: the stream is folded anew without it. */
async function redact(
  session: Session,
  { stream, seq }: { readonly stream: string; readonly seq: number },
  { reason, ...by }: RedactedBy,
): Promise<'redacted' | 'unchanged' | 'missing'> {
  await lockHead(session, stream);
  const { query } = session;
  const place = query.selectFrom('journal').where('stream', '=', stream).where('seq', '=', seq);
  const entry = await place.select(['kind', 'payload']).executeTakeFirst();
  if (entry === undefined) return 'missing';
  if (entry.payload === null) return 'unchanged';
  const payload = { seq, kind: entry.kind, reason };
  await appendWithin(session, stream, [{ key: `redacted/${seq}`, kind: 'journal.redacted', ...by, payload }]);
  await query
    .updateTable('journal')
    .set({ salt: null, payload: null })
    .where('stream', '=', stream)
    .where('seq', '=', seq)
    .execute();
  await clearFolds(session, stream);
  await foldStream(session, stream);
  return 'redacted';
}
