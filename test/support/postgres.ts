import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/** A private PostgreSQL server. `createDatabase` answers the URL of a new, empty database. */
export interface PostgresServer {
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const installedVersions = '/usr/lib/postgresql';
const startTimeoutMs = 15_000;

/** Where `initdb` and `postgres` are; null where they are missing, which only CI takes for a failure. */
export function findPostgres(): string | null {
  const versions = existsSync(installedVersions) ? readdirSync(installedVersions) : [];
  const newestFirst = versions.toSorted((left, right) => Number(right) - Number(left));
  const folder = newestFirst
    .map((version) => join(installedVersions, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (folder === undefined && process.env['CI'] === 'true') {
    throw new Error('Cannot find PostgreSQL: install the Debian package "postgresql"');
  }
  return folder ?? null;
}

export async function startPostgres(binaries: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-pg-'));
  const owner = clusterOwner();
  if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const options = { ...owner, cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
  const setUp = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions'];
  execFileSync(join(binaries, 'initdb'), setUp, { ...options, stdio: 'ignore' });
  const port = await freePort();
  const settings = {
    fsync: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 60,
  };
  const argv = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  // The shell ends the server when this process is gone, however it went: its end of the pipe closes.
  const guard = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server';
  const child = spawn('/bin/sh', ['-c', guard, 'sh', join(binaries, 'postgres'), ...argv], {
    ...options,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const url = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  await untilReady(url('postgres'), child);
  return {
    createDatabase: () => createDatabase(url),
    stop: async () => {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let databases = 0;

async function createDatabase(url: (database: string) => string): Promise<string> {
  databases += 1;
  const name = `store_${databases}`;
  await query(url('postgres'), `create database ${name} strategy = wal_log`);
  return url(name);
}

/** PostgreSQL refuses to run as root. */
export function clusterOwner(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port: no address');
  return address.port;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      return await query(url, 'select 1');
    } catch (cause) {
      if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error('Cannot start PostgreSQL', { cause });
    }
    await delay(20);
  }
}

async function query(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}
