import { sql } from 'kysely';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import { appendWithin, lockHead } from './append';
import { checkpointText, leafOf } from './checkpoint';
import type { Checkpoint, CheckpointLeaf, CoveredState, UnsignedCheckpoint } from './checkpoint';
import { inChunks } from './chunks';
import type { Database, Session } from './database';
import { toJson } from './json';
import { emptyRoot } from './merkle';
import { consistencyPath, growTree, inclusionPath, rootOf } from './merkle-tree';
import type { NodeAt } from './merkle-tree';
import { readDocument } from './schema';
import { signText } from './signing-key';
import type { SigningKey } from './signing-key';

/**
 * Checkpoints over all journals.
 *
 * - C1 The tree only grows. Whoever makes it grow holds the head of the stream `checkpoints`, so there is one tree.
 * - C2 A leaf is how a journal stood when it was looked at. The stream `checkpoints` has none: it would change with every checkpoint.
 * - C3 Leaves come in portions, each in a transaction of its own: work goes on in between. What a crash leaves is covered by the next.
 */
export interface Checkpoints {
  /** Null: no journal has grown since the newest one. */
  make(key: SigningKey, at: number): Promise<Checkpoint | null>;
  newest(): Promise<Checkpoint | null>;
  /** Oldest first, after a number. */
  list(after: number, limit: number): Promise<readonly StampedCheckpoint[]>;
  stamp(number: number, stamp: string): Promise<void>;
  /** The states of a journal that are in the tree of that size, oldest first; with `newest`, so many of the last ones. */
  statesOf(stream: string, size: number, newest?: number): Promise<readonly CoveredState[]>;
  /** What every journal should be, in byte order of the streams, after one. */
  states(after: string, limit: number): Promise<readonly StreamState[]>;
  /** The root that the stored leaves of a tree of that size really have: none of the stored hashes is believed. */
  recomputedRoot(size: number): Promise<string>;
}

export interface StampedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly stamp: string | null;
}

export interface StreamState {
  readonly stream: string;
  /** As the journal's own table says; null: it knows no such stream. */
  readonly head: { readonly count: number; readonly hash: string } | null;
  /** The newest leaf; null: no checkpoint covers it yet. */
  readonly leaf: CheckpointLeaf | null;
}

const checkpointsStream = 'checkpoints';

export function createCheckpoints(database: Database): Checkpoints {
  return {
    make: (key, at) => make(database, key, at),
    newest: () => newest(database),
    list: (after, limit) => list(database, after, limit),
    stamp: (number, stamp) => database.transaction((session) => keepStamp(session, number, stamp)),
    statesOf: (stream, size, last) => statesOf(database, { stream, size, last: last ?? null }),
    states: (after, limit) => states(database, after, limit),
    recomputedRoot: (size) => recomputedRoot(database, size),
  };
}

const leavesAtOnce = 1_000;

async function make(database: Database, key: SigningKey, at: number): Promise<Checkpoint | null> {
  let grown = leavesAtOnce;
  while (grown === leavesAtOnce) grown = await database.transaction(growOnce);
  return database.transaction((session) => sign(session, key, at));
}

/** Answers how many leaves were added. */
async function growOnce(session: Session): Promise<number> {
  await lockHead(session, checkpointsStream);
  const { query } = session;
  const grown = await query
    .selectFrom('journal_heads')
    .select(['stream', 'count', 'hash'])
    .where('stream', '!=', checkpointsStream)
    .where(
      'count',
      '>',
      sql<number>`coalesce((select max(l.count) from checkpoint_leaves l where l.stream = journal_heads.stream), 0)`,
    )
    .orderBy('stream')
    .limit(leavesAtOnce)
    .execute();
  const size = await sizeOf(session);
  const leaves = grown.map(({ stream, count, hash }) => ({ stream, count, head: hash }));
  const nodes = await growTree(nodesOf(session), size, leaves.map(leafOf));
  const rows = leaves.map((leaf, index) => ({ position: size + index, ...leaf }));
  for (const chunk of inChunks(rows)) await query.insertInto('checkpoint_leaves').values(chunk).execute();
  for (const chunk of inChunks(nodes)) await query.insertInto('checkpoint_nodes').values(chunk).execute();
  return leaves.length;
}

async function sign(session: Session, key: SigningKey, at: number): Promise<Checkpoint | null> {
  await lockHead(session, checkpointsStream);
  const before = await newest(session);
  const size = await sizeOf(session);
  const previous = { size: before?.size ?? 0, root: before?.root ?? emptyRoot };
  if (size === previous.size) return null;
  const { id: installation } = await session.query.selectFrom('installation').select('id').executeTakeFirstOrThrow();
  const nodeAt = nodesOf(session);
  const unsigned: UnsignedCheckpoint = {
    format: 'mainstay/checkpoint/1',
    installation,
    number: (before?.number ?? 0) + 1,
    at,
    size,
    root: await rootOf(nodeAt, size),
    previous,
    consistency: await consistencyPath(nodeAt, previous.size, size),
  };
  const signature = signText(checkpointText(unsigned), key);
  const checkpoint = { ...unsigned, publicKey: key.publicKey, signature };
  const { number, root } = checkpoint;
  const document = canonicalJson(toJson(checkpoint));
  await session.query.insertInto('checkpoints').values({ number, document, stamp: null }).execute();
  const payload = { number, size, root };
  const who = { at, actor: 'engine', via: 'engine' };
  await appendWithin(session, checkpointsStream, [
    { key: `checkpoint/${number}`, kind: 'checkpoint.made', ...who, payload },
  ]);
  return checkpoint;
}

async function sizeOf({ query }: Session): Promise<number> {
  const last = await query
    .selectFrom('checkpoint_leaves')
    .select('position')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last === undefined ? 0 : last.position + 1;
}

function nodesOf({ query }: Session): NodeAt {
  return async (level, position) => {
    const row = await query
      .selectFrom('checkpoint_nodes')
      .select('hash')
      .where('level', '=', level)
      .where('position', '=', position)
      .executeTakeFirstOrThrow();
    return row.hash;
  };
}

async function newest({ query }: Session): Promise<Checkpoint | null> {
  const row = await query.selectFrom('checkpoints').select('document').orderBy('number', 'desc').executeTakeFirst();
  return row === undefined ? null : readDocument<Checkpoint>(row.document);
}

async function list({ query }: Session, after: number, limit: number): Promise<readonly StampedCheckpoint[]> {
  const rows = await query
    .selectFrom('checkpoints')
    .select(['document', 'stamp'])
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit)
    .execute();
  return rows.map(({ document, stamp }) => ({ checkpoint: readDocument<Checkpoint>(document), stamp }));
}

async function keepStamp({ query }: Session, number: number, stamp: string): Promise<void> {
  await query.updateTable('checkpoints').set({ stamp }).where('number', '=', number).execute();
}

interface StatesAsked {
  readonly stream: string;
  readonly size: number;
  readonly last: number | null;
}

async function statesOf(session: Session, { stream, size, last }: StatesAsked): Promise<readonly CoveredState[]> {
  const asked = session.query
    .selectFrom('checkpoint_leaves')
    .select(['position', 'stream', 'count', 'head'])
    .where('stream', '=', stream)
    .where('position', '<', size)
    .orderBy('count', 'desc');
  const rows = await (last === null ? asked : asked.limit(last)).execute();
  const nodeAt = remembered(nodesOf(session));
  const found: CoveredState[] = [];
  for (const { position: index, ...leaf } of rows.toReversed())
    found.push({ leaf, index, path: await inclusionPath(nodeAt, index, size) });
  return found;
}

/** The paths of many leaves of one tree have much in common. */
function remembered(nodeAt: NodeAt): NodeAt {
  const known = new Map<string, string>();
  return async (level, position) => {
    const name = `${level}/${position}`;
    const hash = known.get(name) ?? (await nodeAt(level, position));
    known.set(name, hash);
    return hash;
  };
}

async function states({ query }: Session, after: string, limit: number): Promise<readonly StreamState[]> {
  const heads = query.selectFrom('journal_heads').select('stream').where('stream', '>', after);
  // Also what has a leaf and no head any more: a journal that was deleted as a whole.
  const known = await heads
    .union(query.selectFrom('checkpoint_leaves').select('stream').where('stream', '>', after))
    .orderBy('stream')
    .limit(limit)
    .execute();
  const found: StreamState[] = [];
  for (const { stream } of known) {
    const head = await query
      .selectFrom('journal_heads')
      .select(['count', 'hash'])
      .where('stream', '=', stream)
      .executeTakeFirst();
    const leaf = await query
      .selectFrom('checkpoint_leaves')
      .select(['stream', 'count', 'head'])
      .where('stream', '=', stream)
      .orderBy('count', 'desc')
      .limit(1)
      .executeTakeFirst();
    found.push({ stream, head: head ?? null, leaf: leaf ?? null });
  }
  return found;
}

async function recomputedRoot({ query }: Session, size: number): Promise<string> {
  const nodes = new Map<string, string>();
  const nodeAt: NodeAt = (level, position) => Promise.resolve(nodes.get(`${level}/${position}`) ?? '');
  for (let start = 0; start < size; start += leavesAtOnce) {
    const rows = await query
      .selectFrom('checkpoint_leaves')
      .select(['stream', 'count', 'head'])
      .where('position', '>=', start)
      .where('position', '<', Math.min(size, start + leavesAtOnce))
      .orderBy('position')
      .execute();
    const grown = await growTree(nodeAt, start, rows.map(leafOf));
    for (const { level, position, hash } of grown) nodes.set(`${level}/${position}`, hash);
    // What is a part of a larger subtree is not asked for any more.
    for (const { level, position } of grown) {
      if (nodes.has(`${level + 1}/${Math.floor(position / 2)}`)) forgetPair(nodes, level, position);
    }
  }
  return rootOf(nodeAt, size);
}

function forgetPair(nodes: Map<string, string>, level: number, position: number): void {
  const left = position - (position % 2);
  nodes.delete(`${level}/${left}`);
  nodes.delete(`${level}/${left + 1}`);
}
