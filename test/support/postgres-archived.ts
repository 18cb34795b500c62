import { execFile } from 'node:child_process';
import { appendFile, chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { findProgram, startComponent } from './component';
import { clusterOwner, findPostgres } from './postgres';

const execute = promisify(execFile);

/** A cluster of its own that archives its log with pgBackRest into an encrypted repository of its own; reached by a socket only. */
export interface ArchivedPostgres {
  /** Everything is below it; the owner of the cluster can write there. */
  readonly directory: string;
  readonly data: string;
  readonly socket: string;
  readonly port: number;
  readonly repository: string;
  readonly lockPath: string;
  readonly passwordFile: string;
  /** Account that owns the cluster. */
  readonly owner: string;
  /** What a statement answers: one line for each row, columns divided by `|`. */
  query(statement: string, database?: string): Promise<string>;
  /** Runs a program as the owner of the cluster. */
  own(program: string, ...args: readonly string[]): Promise<string>;
  /** Ends the segment that is written, and waits until it is in the repository; answers its name. */
  archive(): Promise<string>;
  /** Also where the server has ended by itself. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's first cluster has this port too; a socket in a directory of its own is another server. */
const port = 5432;

export async function startArchivedPostgres(stanza: string): Promise<ArchivedPostgres> {
  findProgram('pgbackrest', 'pgbackrest');
  const binaries = findPostgres();
  if (binaries === null) throw new Error('Cannot find PostgreSQL: install the Debian package "postgresql"');
  const owner = clusterOwner();
  const directory = await mkdtemp(join(tmpdir(), 'mainstay-pgb-'));
  if (owner !== null) await chown(directory, owner.uid, owner.gid);
  // The account that restores a set enters the places below.
  await chmod(directory, 0o711);
  const below = (name: string): string => join(directory, name);
  const [data, socket, repository, lockPath] = [below('data'), below('socket'), below('repository'), below('lock')];
  const options = { ...owner, cwd: directory, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
  const own = async (program: string, ...args: readonly string[]): Promise<string> =>
    (await execute(program, [...args], options)).stdout.trim();
  for (const path of [socket, repository, lockPath]) {
    await mkdir(path, { mode: 0o750 });
    if (owner !== null) await chown(path, owner.uid, owner.gid);
  }
  const passwordFile = below('password');
  await writeFile(passwordFile, 'a pass phrase of the tests\n', { mode: 0o600 });
  const config = below('pgbackrest.conf');
  await writeFile(config, configuration({ stanza, repository, data, lockPath }), { mode: 0o640 });
  if (owner !== null) await chown(config, owner.uid, owner.gid);
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '-k', '--no-sync', '--no-instructions'];
  await own(join(binaries, 'initdb'), ...initdb);
  await appendFile(join(data, 'postgresql.conf'), settings({ socket, config, stanza }));

  const query = (statement: string, database = 'postgres'): Promise<string> =>
    own('psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', socket, '-U', 'postgres', '-d', database, '-c', statement);
  const answers = (): Promise<boolean> =>
    query('select 1').then(
      () => true,
      () => false,
    );
  const start = () =>
    startComponent({
      program: join(binaries, 'postgres'),
      args: ['-D', data],
      logFile: below('log'),
      ready: answers,
      ...(owner === null ? {} : { owner }),
    });
  let server = await start();

  return {
    directory,
    data,
    socket,
    port,
    repository,
    lockPath,
    passwordFile,
    owner: owner === null ? userInfo().username : 'postgres',
    query,
    own,
    async archive() {
      const segment = await query('select pg_walfile_name(pg_switch_wal())');
      const archived = `select coalesce(last_archived_wal >= '${segment}', false) from pg_stat_archiver`;
      while ((await query(archived)) !== 't') await new Promise((resolve) => setTimeout(resolve, 50));
      return segment;
    },
    async restart() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Repository {
  readonly stanza: string;
  readonly repository: string;
  readonly data: string;
  readonly lockPath: string;
}

function configuration({ stanza, repository, data, lockPath }: Repository): string {
  return [
    '[global]',
    `repo1-path=${repository}`,
    'repo1-cipher-type=aes-256-cbc',
    'repo1-cipher-pass=a pass phrase of the tests',
    `lock-path=${lockPath}`,
    'log-level-file=off',
    `[${stanza}]`,
    `pg1-path=${data}`,
    '',
  ].join('\n');
}

function settings({
  socket,
  config,
  stanza,
}: {
  readonly socket: string;
  readonly config: string;
  readonly stanza: string;
}): string {
  return [
    "listen_addresses = ''",
    `port = ${port}`,
    `unix_socket_directories = '${socket}'`,
    'archive_mode = on',
    `archive_command = 'pgbackrest --config=${config} --stanza=${stanza} archive-push %p'`,
    'fsync = off',
    'autovacuum = off',
    'max_connections = 30',
    'shared_buffers = 16MB',
    '',
  ].join('\n');
}
