import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createPrivateKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../platform/config';
import {
  findDataDirectory,
  prepareDataDirectory,
  readInstallationKey,
  readSigningKey,
  readToken,
  writePointer,
} from '../../platform/data-directory';
import { readEndpoint, removeEndpoint, writeEndpoint } from '../../platform/endpoint';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-data-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('prepareDataDirectory()', () => {
  test('makes directory and secrets for their owner only', async () => {
    const paths = await prepareDataDirectory(join(folder, 'new', 'data'));

    const modes = await Promise.all(
      [paths.directory, paths.logs, paths.token, paths.key, paths.signingKey].map(modeOf),
    );
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600, 0o600]);
    expect(await readInstallationKey(paths)).toHaveLength(32);
    expect(createPrivateKey(await readSigningKey(paths)).asymmetricKeyType).toBe('ed25519');
    expect((await readToken(paths)).length).toBeGreaterThanOrEqual(43);
  });

  test('makes each secret once, also when several processes start at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => prepareDataDirectory(folder)));

    const tokens = await Promise.all(all.map(readToken));
    const [paths] = all;
    if (paths === undefined) throw new Error('no paths');
    expect(new Set(tokens).size).toBe(1);
    expect((await readdir(folder)).toSorted()).toEqual(['key', 'logs', 'signing-key.pem', 'token']);
    expect(await readToken(await prepareDataDirectory(folder))).toBe(await readToken(paths));
  });

  test('takes the rights of others away from a secret that had become readable', async () => {
    const paths = await prepareDataDirectory(folder);
    await chmod(paths.token, 0o644);

    await prepareDataDirectory(folder);

    expect(await modeOf(paths.token)).toBe(0o600);
  });
});

test('findDataDirectory() takes --data, then MAINSTAY_DATA, then the directory used last, then the own one', async () => {
  const nothing = readConfig({ XDG_CONFIG_HOME: join(folder, 'config'), XDG_DATA_HOME: join(folder, 'share') });
  const given = readConfig({ XDG_CONFIG_HOME: join(folder, 'config'), MAINSTAY_DATA: '/from-environment' });

  const before = await findDataDirectory(nothing);
  await writePointer(nothing.places, '/used-last');

  expect(before).toBe(join(folder, 'share', 'mainstay'));
  expect(await findDataDirectory(nothing)).toBe('/used-last');
  expect(await findDataDirectory(given)).toBe('/from-environment');
  expect(await findDataDirectory(given, '/option')).toBe('/option');
});

describe('endpoint.json', () => {
  const endpoint = {
    url: 'http://127.0.0.1:7380',
    startedAt: '2026-01-01T00:00:00.000Z',
    temporal: { address: '127.0.0.1:7233', namespace: 'mainstay', embedded: true },
    children: { worker: { pid: 1, state: 'ready', restarts: 0 } },
  };

  test('is read while its process lives', async () => {
    const paths = await prepareDataDirectory(folder);

    await writeEndpoint(paths, endpoint);

    expect(await readEndpoint(paths)).toMatchObject({ ...endpoint, pid: process.pid });
    await removeEndpoint(paths);
    expect(await readEndpoint(paths)).toBeNull();
  });

  test('of a process number that was given again counts as nothing', async () => {
    const paths = await prepareDataDirectory(folder);
    await writeEndpoint(paths, endpoint);
    const text = await readFile(paths.endpoint, 'utf8');

    await writeFile(paths.endpoint, text.replace(/"startTime": "[^"]*"/, '"startTime": "1"'));

    expect(await readEndpoint(paths)).toBeNull();
  });

  test('with half a text counts as nothing', async () => {
    const paths = await prepareDataDirectory(folder);

    await writeFile(paths.endpoint, '{"url": "http');

    expect(await readEndpoint(paths)).toBeNull();
  });
});

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}
