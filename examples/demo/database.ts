import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

import { startArchivedPostgres } from '../../test/support/postgres-archived';
import type { ArchivedPostgres } from '../../test/support/postgres-archived';

const heartbeatEveryMs = 200;

/** A real PostgreSQL that archives its log, with a client that never stops writing. */
export interface ShopDatabase {
  readonly cluster: ArchivedPostgres;
  /** What somebody counts: rows and the sum of their amounts. */
  count(socket?: string): Promise<Counted>;
  /** Everything that was written so far has been archived; answers the last segment. */
  readonly archived: () => Promise<string>;
  /** The accident; answers when it happened, by the clock of the database. */
  destroyRows(): Promise<void>;
  readonly nowMs: () => Promise<number>;
  close(): Promise<void>;
}

export interface Counted {
  readonly rows: number;
  readonly cents: number;
}

export async function openDatabase(stanza: string): Promise<ShopDatabase> {
  const cluster = await startArchivedPostgres(stanza);
  await cluster.query('create database shop');
  await cluster.query(
    `create table mainstay_heartbeat (at timestamptz not null);
     create table orders (id bigint generated always as identity primary key, cents int not null, at timestamptz not null default now());
     insert into orders (cents) select 100 + g % 900 from generate_series(1, 20000) g`,
    'shop',
  );
  const writer = await startWriter(cluster);
  const count = (socket = cluster.socket): Promise<Counted> => counted(cluster, socket);
  return {
    cluster,
    count,
    archived: () => cluster.archive(),
    async destroyRows() {
      await cluster.query('delete from orders where id % 3 = 0', 'shop');
    },
    nowMs: async () => Number(await cluster.query('select (extract(epoch from clock_timestamp()) * 1000)::bigint')),
    async close() {
      await writer.stop();
      await cluster.stop();
    },
  };
}

/** An order and a heartbeat each time, in one transaction. */
async function startWriter(cluster: ArchivedPostgres): Promise<{ stop(): Promise<void> }> {
  const client = new Client({ host: cluster.socket, port: cluster.port, user: 'postgres', database: 'shop' });
  await client.connect();
  let going = true;
  const writing = (async () => {
    while (going) {
      await client.query(
        'begin; insert into orders (cents) values (250); insert into mainstay_heartbeat values (now()); commit',
      );
      await sleep(heartbeatEveryMs);
    }
  })();
  return {
    async stop() {
      going = false;
      await writing;
      await client.end();
    },
  };
}

async function counted(cluster: ArchivedPostgres, socket: string): Promise<Counted> {
  const ask = ['-XqAt', '-h', socket, '-p', String(cluster.port), '-U', 'postgres', '-d', 'shop', '-c'];
  const line = await cluster.own('psql', ...ask, "select count(*) || ' ' || sum(cents) from orders where id <= 20000");
  const [rows = '', cents = ''] = line.split(' ');
  return { rows: Number(rows), cents: Number(cents) };
}
