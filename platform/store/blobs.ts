import { createHash } from 'node:crypto';
import type { Database, Session } from './database';
import { bytesOf } from './schema';
import type { Blobs } from './store';

/** Bytes for one statement, so that ten thousand host shards do not become one message to the database. */
const bytesPerStatement = 4 * 1024 * 1024;
const blobsPerStatement = 100;

export function createBlobs(database: Database): Blobs {
  return {
    putTemporary: (bytes) => database.transaction((session) => putTemporary(session, bytes)),
    get: async (digest) => {
      const row = await database.query
        .selectFrom('blobs')
        .select('bytes')
        .where('digest', '=', digest)
        .executeTakeFirst();
      return row === undefined ? null : bytesOf(row.bytes);
    },
  };
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** For good, also what was there for a time only. */
export async function keepBlobs({ query }: Session, items: readonly Uint8Array[]): Promise<void> {
  const byDigest = new Map(items.map((bytes) => [digestOf(bytes), bytes]));
  // In order of digest: two writers of the same blobs must not lock them in opposite orders.
  const rows = [...byDigest].map(([digest, bytes]) => ({ digest, bytes: Buffer.from(bytes) }));
  rows.sort((left, right) => (left.digest < right.digest ? -1 : 1));
  for (const values of portions(rows)) {
    await query
      .insertInto('blobs')
      .values(values)
      .onConflict((conflict) =>
        conflict.column('digest').doUpdateSet({ temporary_since: null }).where('blobs.temporary_since', 'is not', null),
      )
      .execute();
  }
}

/** For good, what was put for a time: something names it now. */
export async function keepBlob({ query }: Session, digest: string | null): Promise<void> {
  if (digest === null) return;
  await query
    .updateTable('blobs')
    .set({ temporary_since: null })
    .where('digest', '=', digest)
    .where('temporary_since', 'is not', null)
    .execute();
}

/** The same bytes again start their time anew; what is kept for good stays so. */
async function putTemporary({ query }: Session, bytes: Uint8Array): Promise<string> {
  const since = { temporary_since: Date.now() };
  const digest = digestOf(bytes);
  await query
    .insertInto('blobs')
    .values({ digest, bytes: Buffer.from(bytes), ...since })
    .onConflict((conflict) =>
      conflict.column('digest').doUpdateSet(since).where('blobs.temporary_since', 'is not', null),
    )
    .execute();
  return digest;
}

function* portions<T extends { readonly bytes: Uint8Array }>(rows: readonly T[]): Generator<readonly T[]> {
  let portion: T[] = [];
  let sizeBytes = 0;
  for (const row of rows) {
    portion.push(row);
    sizeBytes += row.bytes.length;
    if (portion.length < blobsPerStatement && sizeBytes < bytesPerStatement) continue;
    yield portion;
    portion = [];
    sizeBytes = 0;
  }
  if (portion.length > 0) yield portion;
}
