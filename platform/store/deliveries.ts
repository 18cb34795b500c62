import { inChunks } from './chunks';
import type { Database, Session } from './database';
import type { DeliveriesTable } from './schema';

/**
 * What others are told, and how far that has come.
 *
 * - D1 One row for each subscription and entry, however often the feed is read; with it the mark up to which it has been read.
 * - D2 `waiting`: its workflow is to be started; `sending`: it has been; `delivered` and `dead` are the ends.
 * - D3 A dead one that is tried again is another round, with a workflow of its own, and the same id to whoever is told.
 */
export interface Deliveries {
  /** Up to where the feed has been read; null: it never was. */
  mark(): Promise<number | null>;
  add(deliveries: readonly NewDelivery[], mark: number): Promise<void>;
  /** In the order of their making. */
  waiting(limit: number): Promise<readonly DeliveryRow[]>;
  started(id: string, round: number): Promise<void>;
  get(id: string): Promise<DeliveryRow | null>;
  /** What the receiver answered, or why it could not be told. */
  attempted(id: string, attempt: DeliveryAttempt): Promise<void>;
  /** Answers the next round; null: it is not dead, nor left behind by a workflow that is over. */
  again(id: string, at: number): Promise<DeliveryRow | null>;
  list(filter: DeliveryFilter): Promise<readonly DeliveryRow[]>;
  /** How many there are of each state. */
  count(): Promise<ReadonlyMap<DeliveryState, number>>;
  /** Deletes what came to its end before. */
  expire(before: number): Promise<void>;
}

export interface NewDelivery {
  readonly id: string;
  readonly subscription: string;
  /** As the receiver is told: the same for an entry, whoever is told of it. */
  readonly eventId: string;
  readonly kind: string;
  /** JSON, as it is sent. */
  readonly body: string;
  readonly createdAt: number;
}

export type DeliveryState = 'waiting' | 'sending' | 'delivered' | 'dead';

export interface DeliveryRow extends NewDelivery {
  readonly state: DeliveryState;
  readonly round: number;
  readonly attempts: number;
  readonly answer: string | null;
  readonly settledAt: number | null;
}

export interface DeliveryAttempt {
  readonly round: number;
  readonly state: 'sending' | 'delivered' | 'dead';
  readonly answer: string;
  readonly at: number;
}

export interface DeliveryFilter {
  readonly subscription?: string;
  readonly state?: DeliveryState;
  /** Newest first, on after this one. */
  readonly before?: { readonly createdAt: number; readonly id: string };
  readonly limit: number;
}

export function createDeliveries(database: Database): Deliveries {
  return {
    mark: () => readMark(database),
    add: (deliveries, mark) => database.transaction((session) => add(session, deliveries, mark)),
    waiting: async (limit) => {
      const rows = await rowsOf(database, { state: 'waiting', limit }, 'asc');
      return rows.map(rowOf);
    },
    started: async (id, round) =>
      database.transaction(async ({ query }) => {
        const row = query.updateTable('deliveries').set({ state: 'sending' });
        await row.where('id', '=', id).where('round', '=', round).where('state', '=', 'waiting').execute();
      }),
    get: (id) => get(database, id),
    attempted: (id, attempt) => database.transaction((session) => attempted(session, id, attempt)),
    again: (id, at) => database.transaction((session) => again(session, id, at)),
    list: async (filter) => (await rowsOf(database, filter, 'desc')).map(rowOf),
    count: () => count(database),
    expire: async (before) =>
      void (await database.transaction(({ query }) =>
        query.deleteFrom('deliveries').where('settled_at', '<', before).execute(),
      )),
  };
}

const markName = 'feed told to subscriptions';

async function readMark({ query }: Session): Promise<number | null> {
  const row = await query.selectFrom('counters').select('value').where('name', '=', markName).executeTakeFirst();
  return row?.value ?? null;
}

async function count({ query }: Session): Promise<ReadonlyMap<DeliveryState, number>> {
  const rows = await query
    .selectFrom('deliveries')
    .select(({ fn }) => ['state', fn.countAll<number | string>().as('count')])
    .groupBy('state')
    .execute();
  return new Map(rows.map((row) => [row.state, Number(row.count)] as const));
}

async function add({ query }: Session, deliveries: readonly NewDelivery[], mark: number): Promise<void> {
  const fresh = { state: 'waiting', round: 1, attempts: 0, answer: null, settled_at: null } as const;
  const rows = deliveries.map(({ eventId, createdAt, ...rest }) => ({
    ...rest,
    ...fresh,
    event_id: eventId,
    created_at: createdAt,
  }));
  for (const chunk of inChunks(rows))
    await query
      .insertInto('deliveries')
      .values(chunk)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  await query
    .insertInto('counters')
    .values({ name: markName, value: mark })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: mark }))
    .execute();
}

async function get({ query }: Session, id: string): Promise<DeliveryRow | null> {
  const row = await query.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : rowOf(row);
}

/** News of an earlier round, or after the end, say nothing any more. */
async function attempted({ query }: Session, id: string, attempt: DeliveryAttempt): Promise<void> {
  const { round, state, answer, at } = attempt;
  await query
    .updateTable('deliveries')
    .set(({ eb }) => ({
      state,
      answer,
      attempts: eb('attempts', '+', 1),
      settled_at: state === 'sending' ? null : at,
    }))
    .where('id', '=', id)
    .where('round', '=', round)
    .where('state', 'in', ['waiting', 'sending'])
    .execute();
}

/** No workflow of a delivery lives so long: what is still `sending` then has been left behind by one that failed. */
const leftBehindMs = 5 * 24 * 60 * 60 * 1_000;

async function again(session: Session, id: string, at: number): Promise<DeliveryRow | null> {
  const { numUpdatedRows } = await session.query
    .updateTable('deliveries')
    .set(({ eb }) => ({ state: 'waiting', round: eb('round', '+', 1), settled_at: null }))
    .where('id', '=', id)
    .where((where) =>
      where.or([
        where('state', '=', 'dead'),
        where.and([where('state', '=', 'sending'), where('created_at', '<', at - leftBehindMs)]),
      ]),
    )
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0 ? get(session, id) : null;
}

function rowsOf({ query }: Session, filter: DeliveryFilter, order: 'asc' | 'desc'): Promise<DeliveriesTable[]> {
  const { subscription, state, before, limit } = filter;
  let rows = query.selectFrom('deliveries').selectAll();
  if (subscription !== undefined) rows = rows.where('subscription', '=', subscription);
  if (state !== undefined) rows = rows.where('state', '=', state);
  if (before !== undefined)
    rows = rows.where((where) =>
      where.or([
        where('created_at', '<', before.createdAt),
        where.and([where('created_at', '=', before.createdAt), where('id', '<', before.id)]),
      ]),
    );
  return rows.orderBy('created_at', order).orderBy('id', order).limit(limit).execute();
}

function rowOf(row: DeliveriesTable): DeliveryRow {
  const { event_id: eventId, created_at: createdAt, settled_at: settledAt, ...rest } = row;
  return { ...rest, eventId, createdAt, settledAt };
}
