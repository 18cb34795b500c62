import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Database, Session } from './database';
import type { JournalTable } from './schema';

/**
 * One order over all streams of the journal.
 *
 * - E1 A position that a reader has passed never gets an entry before it (D16). Positions name places; on PostgreSQL their order is
 *   that of (transaction, position), so a later entry may have a lower one.
 * - E2 The feed is kept for a time, and deleted from its beginning only. Its last entry stays: it is where "now" is.
 * - E3 Whoever asks after a place that is gone is told so, and never served with a gap.
 */
export interface Feed {
  /** After a place; 0 is the beginning. `gone`: that place is not kept any more. */
  read(after: number, limit: number): Promise<readonly FeedEntry[] | 'gone'>;
  /** The place of the newest entry that may be told. */
  now(): Promise<number>;
  /** Deletes what is older from the beginning on. Answers how many. */
  expire(before: number): Promise<number>;
}

export interface FeedEntry {
  readonly position: number;
  readonly stream: string;
  readonly seq: number;
  readonly key: string;
  readonly kind: string;
  readonly at: number;
  readonly actor: string;
  readonly via: string;
  /** Canonical JSON text; null once redacted, and for results of hosts, which are many and large. */
  readonly payload: string | null;
}

export function createFeed(database: Database): Feed {
  return {
    read: (after, limit) => read(database, after, limit),
    now: () => now(database),
    expire: (before) => expire(database, before),
  };
}

/** In the transaction of the append. */
export async function feedEntries({ query }: Session, rows: readonly JournalTable[]): Promise<void> {
  const fed = rows.map(({ stream, seq, at }) => ({ stream, seq, at }));
  await query.insertInto('feed').values(fed).execute();
}

async function read(database: Database, after: number, limit: number): Promise<readonly FeedEntry[] | 'gone'> {
  const entries = database.query
    .selectFrom('feed')
    .innerJoin('journal', (join) =>
      join.onRef('journal.stream', '=', 'feed.stream').onRef('journal.seq', '=', 'feed.seq'),
    )
    .select(['feed.position', 'feed.stream', 'feed.seq', 'feed.at'])
    .select(['journal.key', 'journal.kind', 'journal.actor', 'journal.via'])
    .select(sql<string | null>`case when journal.kind = 'host.ended' then null else journal.payload end`.as('payload'))
    .where(settled(database))
    .limit(limit);
  const beyond = after === 0 ? entries : entries.where(isBeyond(database, after));
  const ordered = database.dialect === 'postgres' ? beyond.orderBy(sql`feed.xid`) : beyond;
  const found = await ordered.orderBy('feed.position').execute();
  // Looked for after reading: a place that is still there had nothing deleted behind it meanwhile (E2).
  return (await isKept(database, after)) ? found : 'gone';
}

/** Positions are drawn before the commit; transactions below the snapshot's xmin are all over (E1). */
function settled({ dialect }: Session): RawBuilder<boolean> {
  return dialect === 'postgres' ? sql<boolean>`feed.xid < pg_snapshot_xmin(pg_current_snapshot())` : sql<boolean>`true`;
}

function isBeyond({ dialect }: Session, after: number): RawBuilder<boolean> {
  return dialect === 'postgres'
    ? sql<boolean>`(feed.xid, feed.position) > (select xid, position from feed where position = ${after})`
    : sql<boolean>`feed.position > ${after}`;
}

const mark = 'feed expired';

async function isKept({ query }: Session, position: number): Promise<boolean> {
  if (position !== 0) {
    const row = await query.selectFrom('feed').select('position').where('position', '=', position).executeTakeFirst();
    return row !== undefined;
  }
  const expired = await query.selectFrom('counters').select('value').where('name', '=', mark).executeTakeFirst();
  return expired === undefined;
}

async function now(database: Database): Promise<number> {
  const entries = database.query.selectFrom('feed').select('position').where(settled(database)).limit(1);
  const newest = database.dialect === 'postgres' ? entries.orderBy(sql`feed.xid`, 'desc') : entries;
  const row = await newest.orderBy('position', 'desc').executeTakeFirst();
  return row?.position ?? 0;
}

const entriesAtOnce = 1_000;

async function expire(database: Database, before: number): Promise<number> {
  let deleted = 0;
  for (;;) {
    const count = await database.transaction((session) => expirePart(session, before));
    deleted += count;
    if (count < entriesAtOnce) return deleted;
  }
}

/** Little by little, and up to the first entry that is young enough: times of entries are not quite in the order of arrival. */
async function expirePart(session: Session, before: number): Promise<number> {
  const { query, dialect } = session;
  const entries = query
    .selectFrom('feed')
    .select(['position', 'at'])
    // The newest that stays must be one that listeners may be told of: it is where they begin.
    .where(settled(session))
    .limit(entriesAtOnce + 1);
  const oldest = await (dialect === 'postgres' ? entries.orderBy(sql`xid`) : entries).orderBy('position').execute();
  // The one beyond the portion, or the newest of all, stays.
  const portion = oldest.slice(0, -1);
  const young = portion.findIndex(({ at }) => at >= before);
  const old = (young === -1 ? portion : portion.slice(0, young)).map(({ position }) => position);
  if (old.length === 0) return 0;
  await query.deleteFrom('feed').where('position', 'in', old).execute();
  await query
    .insertInto('counters')
    .values({ name: mark, value: 1 })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  return old.length;
}

/**
 * A database that was restored elsewhere brings numbers of transactions that are still to come there: until then none of its rows
 * would be told, and all that is new would come before them. They become older than any of this cluster.
 */
export async function adoptRestored({ dialect, query }: Session): Promise<void> {
  if (dialect !== 'postgres') return;
  const adopt = sql`set xid = '3' where xid >= pg_snapshot_xmax(pg_current_snapshot())`;
  const { numAffectedRows } = await sql`update feed ${adopt}`.execute(query);
  if ((numAffectedRows ?? 0n) > 0n) await sql`update outputs ${adopt}`.execute(query);
}
