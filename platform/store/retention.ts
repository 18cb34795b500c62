import { sql } from 'kysely';
import type { Database, Session } from './database';
import type { ChangeDocument } from './folds/changes';
import type { RunDocument } from './folds/run';
import { readDocument } from './schema';
import type { Expired, Retention } from './store';

/**
 * Deleting what is kept for a time only.
 *
 * - R1 Little by little: a pass over years of output never holds the store for long.
 * - R2 The mark says up to which end of a run everything is gone. It only rises, and only after the deletion.
 * - R3 The state of an open run, or change, is named by nothing in the store: nothing younger than the oldest of them is touched.
 * - R4 What was told is in the journal, and the outbox needs it no more. One by which somebody may still vote stays: its message leads to it.
 */
export function createRetention(database: Database): Retention {
  return {
    expire: (before, signal) => expire(database, before, signal),
    expiredBefore: () => readMark(database),
  };
}

const mark = 'expired before';
const runsAtOnce = 100;
const chunksAtOnce = 500;
const statesAtOnce = 500;
const noticesAtOnce = 500;
/** Numbers are given in order, times of creation nearly so. */
const orderSlackMs = 60 * 60 * 1000;

async function expire(database: Database, before: number, signal: AbortSignal): Promise<Expired> {
  const total = { runs: 0, outputChunks: 0, states: 0, notices: 0 };
  let from: Place = { endedAt: await readMark(database), id: '' };
  while (!signal.aborted) {
    const ended = await endedRuns(database, from, before);
    for (const { id } of ended) {
      total.outputChunks += await deleteOutput(database, { id, before }, signal);
      if (signal.aborted) return total;
      total.runs += 1;
    }
    const last = ended.at(-1);
    await raiseMark(database, last?.endedAt ?? before);
    if (last !== undefined) {
      from = last;
      continue;
    }
    total.states = await deleteStates(database, before, signal);
    total.notices = await deleteNotices(database, before, signal);
    break;
  }
  return total;
}

interface Place {
  readonly endedAt: number;
  readonly id: string;
}

async function endedRuns({ query }: Database, from: Place, before: number): Promise<readonly Place[]> {
  const rows = await query
    .selectFrom('runs')
    .select(['id', 'ended_at'])
    .where('ended_at', '<', before)
    .where((where) =>
      where.or([
        where('ended_at', '>', from.endedAt),
        where.and([where('ended_at', '=', from.endedAt), where('id', '>', from.id)]),
      ]),
    )
    .orderBy('ended_at')
    .orderBy('id')
    .limit(runsAtOnce)
    .execute();
  return rows.map(({ id, ended_at: endedAt }) => ({ id, endedAt: endedAt ?? 0 }));
}

/** Of a run that is still at its old end: one that was resumed since it was found has new output. */
function deleteOutput(
  database: Database,
  { id, before }: { readonly id: string; readonly before: number },
  signal: AbortSignal,
): Promise<number> {
  return inParts(signal, chunksAtOnce, () =>
    database.transaction(async ({ query }) => {
      const ended = query.selectFrom('runs').select('id').where('id', '=', id).where('ended_at', '<', before);
      const part = query.selectFrom('outputs').select('position').where('run_id', '=', ended).limit(chunksAtOnce);
      const { numDeletedRows } = await query.deleteFrom('outputs').where('position', 'in', part).executeTakeFirst();
      return Number(numDeletedRows);
    }),
  );
}

async function deleteStates(database: Database, before: number, signal: AbortSignal): Promise<number> {
  const opened = [await oldestOpenRun(database), await oldestOpenChange(database)].filter((at) => at !== null);
  const limit = Math.min(before, ...opened.map((at) => at - orderSlackMs));
  return inParts(signal, statesAtOnce, () =>
    database.transaction(async ({ query }) => {
      const part = query.selectFrom('blobs').select('digest').where('temporary_since', '<', limit).limit(statesAtOnce);
      const { numDeletedRows } = await query
        .deleteFrom('blobs')
        .where('digest', 'in', part)
        // Asked again of the row itself: it may have been renewed, or named by the end of a run, since it was picked.
        .where('temporary_since', '<', limit)
        .executeTakeFirst();
      return Number(numDeletedRows);
    }),
  );
}

async function deleteNotices(database: Database, before: number, signal: AbortSignal): Promise<number> {
  return inParts(signal, noticesAtOnce, () =>
    database.transaction(async ({ query }) => {
      const part = query
        .selectFrom('notices')
        .select('id')
        .where('created_at', '<', before)
        .where('expires_at', '<', before)
        .where('state', 'not in', ['open', 'pending'])
        .orderBy('created_at')
        .orderBy('id')
        .limit(noticesAtOnce);
      const { numDeletedRows } = await query.deleteFrom('notices').where('id', 'in', part).executeTakeFirst();
      return Number(numDeletedRows);
    }),
  );
}

/** A part that is not full is the last one (R1). */
async function inParts(signal: AbortSignal, full: number, deletePart: () => Promise<number>): Promise<number> {
  let deleted = 0;
  while (!signal.aborted) {
    const count = await deletePart();
    deleted += count;
    if (count < full) break;
  }
  return deleted;
}

async function oldestOpenRun({ query }: Database): Promise<number | null> {
  const row = await query
    .selectFrom('runs')
    .select('document')
    .where('state', '!=', 'closed')
    .where('number', 'is not', null)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : (readDocument<RunDocument>(row.document).created?.at ?? null);
}

async function oldestOpenChange({ query }: Database): Promise<number | null> {
  const row = await query
    .selectFrom('changes')
    .select('document')
    .where('standing', '!=', 'over')
    .where('number', 'is not', null)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : (readDocument<ChangeDocument>(row.document).opened?.at ?? null);
}

async function readMark({ query }: Session): Promise<number> {
  const row = await query.selectFrom('counters').select('value').where('name', '=', mark).executeTakeFirst();
  return row?.value ?? 0;
}

async function raiseMark(database: Database, value: number): Promise<void> {
  await database.transaction(({ query }) =>
    query
      .insertInto('counters')
      .values({ name: mark, value })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({ value })
          .where(sql<number>`counters.value`, '<', value),
      )
      .execute(),
  );
}
