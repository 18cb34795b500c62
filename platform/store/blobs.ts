import { createHash } from 'node:crypto';
import type { Database } from './database';
import { bytesOf } from './schema';
import type { Blobs } from './store';

/** Bytes for one statement, so that ten thousand host shards do not become one message to the database. */
const bytesPerStatement = 4 * 1024 * 1024;
const blobsPerStatement = 100;

export function createBlobs(database: Database): Blobs {
  return {
    put: async (bytes) => {
      await putAll(database, [bytes]);
      return digestOf(bytes);
    },
    putMany: async (items) => {
      await putAll(database, items);
      return items.map(digestOf);
    },
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

async function putAll(database: Database, items: readonly Uint8Array[]): Promise<void> {
  const byDigest = new Map(items.map((bytes) => [digestOf(bytes), bytes]));
  if (byDigest.size === 0) return;
  // In order of digest: two writers of the same blobs must not lock them in opposite orders.
  const rows = [...byDigest].map(([digest, bytes]) => ({ digest, bytes: Buffer.from(bytes) }));
  rows.sort((left, right) => (left.digest < right.digest ? -1 : 1));
  await database.transaction(async ({ query }) => {
    for (const values of portions(rows)) {
      await query
        .insertInto('blobs')
        .values(values)
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .execute();
    }
  });
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
