import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareDataDirectory } from '../../platform/data-directory';
import type { DataPaths } from '../../platform/data-directory';
import { takeFileLock, waitForFileLock } from '../../platform/file-lock';
import { takeOwnership } from '../../platform/owner';
import { startProgram } from '../support/child-process';

/** Holds the lock until it is killed. */
const holder = `
  const Database = require('libsql');
  const database = new Database(process.argv[1]);
  database.exec('BEGIN EXCLUSIVE');
  console.log('held');
  setInterval(() => database.inTransaction, 1000);
`;

let directory: string;
let paths: DataPaths;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mainstay-owner-'));
  paths = await prepareDataDirectory(directory);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('takeOwnership()', () => {
  test('refuses a second owner and says who the first is (D15)', async () => {
    const lock = await takeOwnership(paths);

    await expect(takeOwnership(paths)).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_IN_USE',
      message: expect.stringMatching(new RegExp(`held by process ${String(process.pid)} since `)),
    });
    lock.release();
  });

  test('refuses while another process holds the directory, and takes it once that one was killed (D15)', async () => {
    const other = startProgram(holder, [paths.owner]);
    await other.line;

    await expect(takeOwnership(paths)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' });
    other.process.kill('SIGKILL');
    await other.ended;

    (await takeOwnership(paths)).release();
  });

  test('refuses with a broken record of the owner just the same', async () => {
    const lock = takeFileLock(paths.owner);
    await writeFile(paths.ownerRecord, 'not json');

    await expect(takeOwnership(paths)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' });
    lock?.release();
  });
});

test('waitForFileLock() gets the lock when it is released, and says once that it waits', async () => {
  const first = takeFileLock(paths.owner);
  let waits = 0;

  const second = waitForFileLock(paths.owner, () => {
    waits += 1;
    first?.release();
  });

  (await second).release();
  expect(waits).toBe(1);
});
