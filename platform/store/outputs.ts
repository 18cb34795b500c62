import { sql } from 'kysely';
import type { Database, Session } from './database';
import { bytesOf } from './schema';
import type { StoredBytes } from './schema';
import type { OutputAddress, OutputChunk, Outputs, OutputStream } from './store';

interface PendingWrite {
  readonly address: OutputAddress;
  readonly stream: OutputStream;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Output of jobs, in chunks that are only ever added.
 *
 * - O1 Bytes are placed by offset. What stands at an offset stays; a longer chunk at the same offset adds what is beyond.
 * - O2 A position that a reader has passed never gets a chunk before it (D16).
 * - O3 Writes that come while a transaction is under way share the next one: a hundred hosts do not pay for a hundred.
 */
export function createOutputs(database: Database): Outputs {
  const writer = new OutputWriter(database);
  return {
    // oxlint-disable-next-line max-params -- the contract of the store
    write: (address, stream, offset, bytes) => writer.write({ address, stream, offset, bytes }),
    // oxlint-disable-next-line max-params -- the contract of the store
    read: (address, stream, from, limitBytes) => read(database, { address, stream, from, limitBytes }),
    size: (address, stream) => size(database, address, stream),
    tail: (runId, after, limit) => tail(database, runId, { after, limit }),
  };
}

class OutputWriter {
  #pending: PendingWrite[] = [];
  #next: Promise<void> | null = null;
  #current: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  write(chunk: PendingWrite): Promise<void> {
    if (chunk.bytes.length === 0) return Promise.resolve();
    this.#pending.push(chunk);
    this.#next ??= this.#afterCurrent();
    return this.#next;
  }

  async #afterCurrent(): Promise<void> {
    // The writers of the batch before have been told of its failure; this one is tried all the same.
    await this.#current.catch(() => {});
    const batch = this.#pending;
    this.#pending = [];
    this.#next = null;
    this.#current = this.database.transaction((session) => insertAll(session, batch));
    await this.#current;
  }
}

/** In one order for all writers, so that two transactions never wait for each other's chunks. */
async function insertAll(session: Session, batch: readonly PendingWrite[]): Promise<void> {
  const ordered = batch.toSorted((left, right) => {
    const [one, other] = [placeOf(left), placeOf(right)];
    if (one !== other) return one < other ? -1 : 1;
    return left.offset - right.offset;
  });
  for (const write of ordered) await insert(session, write);
}

function placeOf({ address, stream }: PendingWrite): string {
  return [address.runId, address.path, address.phase, address.generation, stream].join('\n');
}

/** O1: another attempt may have cut the stream elsewhere; its first bytes are known then, its last may not be. */
async function insert(session: Session, { address, stream, offset, bytes }: PendingWrite): Promise<void> {
  let start = offset;
  let rest = Buffer.from(bytes);
  while (rest.length > 0) {
    const row = { ...addressColumns(address), stream, start, size: rest.length, bytes: rest };
    const inserted = await session.query
      .insertInto('outputs')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['run_id', 'path', 'phase', 'generation', 'stream', 'start']).doNothing(),
      )
      .returning('position')
      .executeTakeFirst();
    if (inserted !== undefined) return;
    const { size } = await session.query
      .selectFrom('outputs')
      .select('size')
      .where((where) => where.and({ ...addressColumns(address), stream, start }))
      .executeTakeFirstOrThrow();
    start += size;
    rest = rest.subarray(size);
  }
}

interface Range {
  readonly address: OutputAddress;
  readonly stream: OutputStream;
  readonly from: number;
  readonly limitBytes: number;
}

/** Ends early at bytes that have not arrived yet. */
async function read(database: Database, { address, stream, from, limitBytes }: Range): Promise<Uint8Array> {
  const end = from + limitBytes;
  const chunks = await database.query
    .selectFrom('outputs')
    .select(['start', 'bytes'])
    .where((where) => where.and({ ...addressColumns(address), stream }))
    .where('start', '<', end)
    .where(sql<number>`start + size`, '>', from)
    .orderBy('start')
    .execute();
  const parts: Uint8Array[] = [];
  let reached = from;
  for (const chunk of chunks) {
    if (chunk.start > reached) break;
    const part = bytesOf(chunk.bytes).subarray(reached - chunk.start, end - chunk.start);
    parts.push(part);
    reached += part.length;
  }
  return Buffer.concat(parts);
}

/** Chunks may overlap, where two attempts cut the stream differently. */
async function size({ query }: Database, address: OutputAddress, stream: OutputStream): Promise<number> {
  const chunks = await query
    .selectFrom('outputs')
    .select(['start', 'size'])
    .where((where) => where.and({ ...addressColumns(address), stream }))
    .orderBy('start')
    .execute();
  let reached = 0;
  for (const chunk of chunks) {
    if (chunk.start > reached) break;
    reached = Math.max(reached, chunk.start + chunk.size);
  }
  return reached;
}

function addressColumns({ runId, path, phase, generation }: OutputAddress) {
  return { run_id: runId, path, phase, generation };
}

async function tail(
  database: Database,
  runId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly OutputChunk[]> {
  const chunks = database.query
    .selectFrom('outputs')
    .select(['position', 'run_id', 'path', 'phase', 'generation', 'stream', 'start', 'bytes'])
    .where('run_id', '=', runId)
    .where('stream', '!=', 'secret')
    .limit(limit);
  if (database.dialect === 'libsql') {
    return (await chunks.where('position', '>', after).orderBy('position').execute()).map(outputChunk);
  }
  // Positions are drawn before the commit, so a late commit may bring a lower one than a reader has passed. Transactions below
  // the snapshot's xmin are all over: in the order of (transaction, position) nothing can come in before them any more (D16).
  const settled = chunks.where(sql<boolean>`xid < pg_snapshot_xmin(pg_current_snapshot())`);
  const beyond =
    after < 1
      ? settled
      : settled.where(sql<boolean>`(xid, position) > (select xid, position from outputs where position = ${after})`);
  const rows = await beyond
    .orderBy(sql`xid`)
    .orderBy('position')
    .execute();
  return rows.map(outputChunk);
}

interface ChunkRow {
  readonly position: number;
  readonly run_id: string;
  readonly path: string;
  readonly phase: string;
  readonly generation: number;
  readonly stream: string;
  readonly start: number;
  readonly bytes: StoredBytes;
}

function outputChunk(row: ChunkRow): OutputChunk {
  const { position, run_id: runId, path, phase, generation, start: offset } = row;
  const stream = row.stream === 'stderr' ? 'stderr' : 'stdout';
  return { position, runId, path, phase, generation, stream, offset, bytes: bytesOf(row.bytes) };
}
