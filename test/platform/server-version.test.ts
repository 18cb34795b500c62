import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareDataDirectory } from '../../platform/data-directory';
import type { DataPaths } from '../../platform/data-directory';
import { claimServerVersion, readServerVersion, recordServerVersion } from '../../platform/server-version';
import { temporalVersions } from '../../platform/temporal-version';

let directory: string;
let paths: DataPaths;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mainstay-version-'));
  paths = await prepareDataDirectory(directory);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test('claimServerVersion() gives a new directory the version of this build, for good (D15)', async () => {
  expect(await readServerVersion(paths)).toBeNull();

  expect(await claimServerVersion(paths)).toEqual(temporalVersions);

  expect(await readServerVersion(paths)).toEqual(temporalVersions);
});

test('claimServerVersion() leaves a directory with the version that it has (D15)', async () => {
  await recordServerVersion(paths, { program: '1.7.0', server: '1.30.1', archives: {} });

  expect(await claimServerVersion(paths)).toEqual({ program: '1.7.0', server: '1.30.1', archives: {} });
});

test('readServerVersion() knows the record of a directory that does not name the program', async () => {
  await writeFile(paths.versions, `{"temporalServer":"${temporalVersions.server}"}`);

  expect(await readServerVersion(paths)).toEqual(temporalVersions);
});

test.each(['', '{', '[]', '{"temporalServer":7}'])(
  'readServerVersion() says what to do about a record %j',
  async (text) => {
    await writeFile(paths.versions, text);

    await expect(readServerVersion(paths)).rejects.toMatchObject({
      code: 'SERVER_VERSION_UNREADABLE',
      hint: expect.stringContaining('temporal-<version>.db'),
    });
  },
);
