import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { readConfig } from '../../platform/config';
import { prepareDataDirectory } from '../../platform/data-directory';
import type { DataPaths } from '../../platform/data-directory';
import { takeOwnership } from '../../platform/owner';
import { recordServerVersion } from '../../platform/server-version';
import { openStore } from '../../platform/store/open';
import { cachedTemporal } from '../../platform/temporal-binary';
import { upgradeDataDirectory } from '../../platform/upgrade';
import type { Upgrade } from '../../platform/upgrade';
import { testCli } from '../support/client/cli';
import { runCreated, runEnded, runStarted } from './store/entries';

let folder: string;
let paths: DataPaths;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-upgrade-'));
  paths = await prepareDataDirectory(join(folder, 'data'));
  await serverIs('1.31.2');
  await recordServerVersion(paths, { program: '1.7.0', server: '1.30.1', archives: {} });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('upgrade moves the directory to the server of this build, and leaves the earlier file where it is (D15)', async () => {
  await writeFile(join(paths.directory, 'temporal-1.30.1.db'), 'what the earlier server knew');
  await journal('r1', 'ended');

  const done = await upgrade();

  expect(done).toEqual({
    data: paths.directory,
    from: '1.30.1',
    to: '1.31.2',
    upgraded: true,
    leftBehind: join(paths.directory, 'temporal-1.30.1.db'),
  });
  expect(JSON.parse(await readFile(paths.versions, 'utf8'))).toEqual({
    temporalServer: '1.31.2',
    temporalProgram: '1.8.2',
  });
  expect(await readFile(join(paths.directory, 'temporal-1.30.1.db'), 'utf8')).toBe('what the earlier server knew');
  expect(await upgrade()).toMatchObject({ upgraded: false, from: '1.31.2', leftBehind: null });
});

describe('upgrade changes nothing when', () => {
  async function refusal(settings: Record<string, string> = {}): Promise<unknown> {
    const before = await readFile(paths.versions, 'utf8');
    const failure: unknown = await upgrade(settings).then(
      () => null,
      (error: unknown) => error,
    );
    expect(await readFile(paths.versions, 'utf8')).toBe(before);
    return failure;
  }

  test('runs are open, and it names them (D15)', async () => {
    await journal('r1', 'open');
    await journal('r2', 'ended');
    await journal('r3', 'open');

    expect(await refusal()).toMatchObject({
      code: 'RUNS_OPEN',
      message: `Cannot upgrade "${paths.directory}": 2 runs and changes are open: 1 (upgrade, running), 3 (upgrade, running)`,
      hint: expect.stringContaining('mainstay cancel RUN'),
    });
  });

  test('mainstay up holds the directory', async () => {
    const lock = await takeOwnership(paths);

    const failure = await refusal();
    lock.release();

    expect(failure).toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' });
  });

  test('the server of this build cannot be had', async () => {
    await rm(cachedTemporal(config().places));

    expect(await refusal({ MAINSTAY_TEMPORAL_DOWNLOAD: 'http://127.0.0.1:1/' })).toMatchObject({
      code: 'TEMPORAL_NOT_FOUND',
    });
  });

  test('a file of that version is there already', async () => {
    await writeFile(join(paths.directory, 'temporal-1.31.2.db'), 'runs of long ago');

    expect(await refusal()).toMatchObject({ code: 'SERVER_FILE_EXISTS' });
  });

  test('the directory is ahead of this build', async () => {
    await recordServerVersion(paths, { program: '1.10.0', server: '1.40.0', archives: {} });

    expect(await refusal()).toMatchObject({ code: 'SERVER_VERSION_NEWER' });
  });

  test('the store cannot be read', async () => {
    await writeFile(paths.store, 'this is no database, however long the text may be');

    expect(await refusal()).toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  test('the server is not its own', async () => {
    expect(await refusal({ TEMPORAL_ADDRESS: '127.0.0.1:7233' })).toMatchObject({ code: 'SERVER_IS_YOURS' });
  });
});

test('upgrade of a directory where nothing ran says so, and makes nothing there', async () => {
  const empty = join(folder, 'nowhere');

  await expect(
    upgradeDataDirectory({ config: config(), dataDirectory: empty, progress: () => undefined }),
  ).rejects.toMatchObject({ code: 'NOTHING_TO_UPGRADE' });

  expect(await readdir(folder)).not.toContain('nowhere');
});

test('mainstay upgrade --json refuses with the code on standard output, and exits with 1', async () => {
  const cli = await testCli(null);

  const ran = await cli.run('upgrade', '--data', join(folder, 'nowhere'), '--json');
  await cli.close();

  expect(ran.exitCode).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: 'NOTHING_TO_UPGRADE' } });
});

function config(settings: Record<string, string> = {}): ReturnType<typeof readConfig> {
  return readConfig({ XDG_CACHE_HOME: join(folder, 'cache'), PATH: '', ...settings });
}

function upgrade(settings: Record<string, string> = {}): Promise<Upgrade> {
  return upgradeDataDirectory({
    config: config(settings),
    dataDirectory: paths.directory,
    progress: () => undefined,
  });
}

async function serverIs(version: string): Promise<void> {
  const file = cachedTemporal(config().places);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho 'temporal version 1.8.2 (Server ${version}, UI 2.50.1)'\n`);
  await chmod(file, 0o755);
}

async function journal(runId: string, end: 'open' | 'ended'): Promise<void> {
  const store = await openStore({ kind: 'libsql', file: paths.store });
  const number = await store.nextRunNumber();
  await store.journal.append(`run/${runId}`, [runCreated({ number }), runStarted(false, 1_100)]);
  if (end === 'ended') await store.journal.append(`run/${runId}`, [runEnded()]);
  await store.close();
}
