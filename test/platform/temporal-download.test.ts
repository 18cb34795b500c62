import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../platform/config';
import { archiveUrl, downloadTemporal, machine } from '../../platform/temporal-download';
import { temporalVersions } from '../../platform/temporal-version';

const { platform, arch } = machine();
const archiveName = `temporal_cli_1.8.2_${platform}_${arch}.tar.gz`;

let folder: string;
let archive: Buffer;
let server: Server | null;

beforeAll(async () => {
  const source = await mkdtemp(join(tmpdir(), 'mainstay-archive-'));
  await writeFile(join(source, 'temporal'), `#!/bin/sh\n# ${'of some length '.repeat(500)}\n`);
  await writeFile(join(source, 'LICENSE'), 'MIT');
  await chmod(join(source, 'temporal'), 0o755);
  execFileSync('tar', ['-czf', join(source, 'a.tgz'), '-C', source, 'LICENSE', 'temporal']);
  archive = await readFile(join(source, 'a.tgz'));
  await rm(source, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-download-'));
  server = null;
});

afterEach(async () => {
  server?.close();
  server?.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('downloadTemporal() unpacks the archive whose digest is pinned, asks for nothing else, and leaves only the program', async () => {
  const asked: string[] = [];
  const base = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.end(archive);
  });

  await download(base, { [`${platform}_${arch}`]: sha256(archive) });

  expect(await readdir(folder)).toEqual(['temporal']);
  expect(asked).toEqual([`/v1.8.2/${archiveName}`]);
});

test('downloadTemporal() asks the checksums.txt of a release whose digests are not pinned', async () => {
  const list = `${'0'.repeat(64)}  temporal_cli_1.8.2_windows_amd64.zip\n${sha256(archive)}  ${archiveName}\n`;
  const base = await serve((request, response) => {
    response.end(request.url === '/v1.8.2/checksums.txt' ? list : archive);
  });

  await download(base, {});

  expect(await readdir(folder)).toEqual(['temporal']);
});

describe('downloadTemporal() unpacks nothing when', () => {
  const pinned = (): Record<string, string> => ({ [`${platform}_${arch}`]: sha256(archive) });

  test.each<readonly [string, () => Uint8Array]>([
    ['one byte of it is another', () => archive.map((byte, index) => (index === 50 ? byte ^ 1 : byte))],
    ['its end is missing', () => archive.subarray(0, -100)],
    ['it is another program in a valid archive', () => Buffer.concat([archive, Buffer.alloc(1)])],
    ['a page stands in its place', () => Buffer.from('<html>sign in</html>')],
  ])('%s', async (_name, bytes) => {
    const base = await serve((_request, response) => response.end(bytes()));

    await expect(download(base, pinned())).rejects.toThrow(
      `the archive is not the released one: its SHA-256 is ${sha256(bytes())}, expected is ${sha256(archive)}`,
    );

    expect(await readdir(folder)).not.toContain('temporal');
  });

  test('the connection breaks off in the middle', async () => {
    const base = await serve((_request, response) => {
      response.setHeader('content-length', archive.length);
      response.write(archive.subarray(0, 100), () => response.destroy());
    });

    await expect(download(base, pinned())).rejects.toThrow(/aborted/);

    expect(await readdir(folder)).not.toContain('temporal');
  });

  test('it is not there', async () => {
    const base = await serve((_request, response) => response.writeHead(404).end());

    await expect(download(base, pinned())).rejects.toThrow(`${base}/v1.8.2/${archiveName} answered 404`);
  });

  test.each([
    ['nothing comes', 0],
    ['it stands still', 100],
  ])('%s', async (_name, bytes) => {
    const base = await serve((_request, response) => {
      if (bytes > 0) response.write(archive.subarray(0, bytes));
    });

    await expect(download(base, pinned(), 150)).rejects.toThrow('no answer in time');

    expect(await readdir(folder)).not.toContain('temporal');
  });

  test.each([
    ['checksums.txt is missing', null, 'checksums.txt answered 404'],
    ['checksums.txt names others only', `${'0'.repeat(64)}  other.tar.gz\n`, `names no SHA-256 of ${archiveName}`],
    ['checksums.txt holds no digest', `no digest  ${archiveName}\n`, `names no SHA-256 of ${archiveName}`],
    ['checksums.txt names another digest', `${'0'.repeat(64)}  ${archiveName}\n`, 'is not the released one'],
  ])('%s', async (_name, list, message) => {
    const base = await serve((request, response) => {
      if (request.url !== '/v1.8.2/checksums.txt') response.end(archive);
      else if (list === null) response.writeHead(404).end();
      else response.end(list);
    });

    await expect(download(base, {})).rejects.toThrow(message);

    expect(await readdir(folder)).not.toContain('temporal');
  });
});

test('a slow download goes on as long as bytes come', async () => {
  const base = await serve((_request, response) => {
    const pieces = Array.from({ length: 20 }, (_, index) =>
      archive.subarray(index * 10, index === 19 ? undefined : index * 10 + 10),
    );
    const timer = setInterval(() => {
      const piece = pieces.shift();
      if (piece !== undefined) return response.write(piece);
      clearInterval(timer);
      return response.end();
    }, 40);
  });

  // Longer in all than the patience between two pieces.
  await download(base, { [`${platform}_${arch}`]: sha256(archive) }, 600);

  expect(await readdir(folder)).toEqual(['temporal']);
});

test.each(['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'])('a digest is pinned for %s', (name) => {
  expect(temporalVersions.archives[name]).toMatch(/^[0-9a-f]{64}$/);
});

test('archiveUrl() names version, platform and the architecture as Go does', () => {
  expect(archiveUrl('https://x/v{version}/t_{version}_{platform}_{arch}.tgz', '1.8.2', machine('linux', 'x64'))).toBe(
    'https://x/v1.8.2/t_1.8.2_linux_amd64.tgz',
  );
});

async function serve(listener: RequestListener): Promise<string> {
  const own = createServer(listener);
  server = own;
  await new Promise<void>((listening) => own.listen(0, '127.0.0.1', listening));
  const address = own.address();
  return `http://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}`;
}

async function download(base: string, archives: Readonly<Record<string, string>>, patienceMs = 5000): Promise<void> {
  await mkdir(folder, { recursive: true });
  const template = `${base}/v{version}/temporal_cli_{version}_{platform}_{arch}.tar.gz`;
  return downloadTemporal({
    folder,
    versions: { program: '1.8.2', server: '1.31.2', archives },
    places: { ...readConfig({ PATH: '/usr/bin:/bin' }).places, temporalDownload: template },
    progress: () => undefined,
    patience: { connectMs: patienceMs, stallMs: patienceMs },
  });
}
