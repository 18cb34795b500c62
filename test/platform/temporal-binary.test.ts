import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { readConfig } from '../../platform/config';
import type { Places } from '../../platform/config';
import { freePort } from '../../platform/free-port';
import { cachedTemporal, parseServerVersion, resolveTemporalBinary } from '../../platform/temporal-binary';
import { archiveUrl } from '../../platform/temporal-download';

const supported = 'temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)';
const selfBuilt = 'temporal version 0.0.0-DEV (Server 1.31.2, UI 2.50.1)';
const tooOld = 'temporal version 1.5.1 (Server 1.29.1, UI 2.40.0)';

let folder: string;
let closedPort: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-binary-'));
  closedPort = await freePort();
  await mkdir(join(folder, 'module'), { recursive: true });
  await writeFile(join(folder, 'module', 'go.sum'), '');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('resolveTemporalBinary() takes the first of', () => {
  test('a supported program on PATH', async () => {
    await program('bin/temporal', `echo '${supported}'`);
    await cacheHolds(selfBuilt);

    expect(await resolve()).toMatchObject({ source: 'PATH', path: join(folder, 'bin', 'temporal') });
  });

  test('the cached one, when PATH has another version', async () => {
    await program('bin/temporal', `echo '${tooOld}'`);
    await cacheHolds(selfBuilt);

    expect(await resolve()).toMatchObject({ source: 'cache', serverVersion: '1.31.2' });
  });

  test('the official download', async () => {
    const server = await archiveServer();

    const found = await resolve({
      temporalDownload: `http://127.0.0.1:${String(portOf(server))}/v{version}-{platform}-{arch}.tar.gz`,
    });
    server.close();
    server.closeAllConnections();

    expect(found.source).toBe('download');
    expect(found.path).toBe(cachedTemporal(places()));
  });

  test('a build with Go, when nothing can be downloaded', async () => {
    await fakeGo('');

    expect((await resolve()).source).toBe('build');
    expect(await readdir(dirname(cachedTemporal(places())))).toEqual(['temporal']);
  });

  test('a new fetch, when the cached file is broken', async () => {
    await cacheHolds('segmentation fault');
    await fakeGo('');

    expect((await resolve()).source).toBe('build');
  });
});

test('resolveTemporalBinary() without any source tells the three ways and what was tried', async () => {
  await program('bin/temporal', `echo '${tooOld}'`);

  const failure: unknown = await resolve().catch((error: unknown) => error);

  expect(failure).toMatchObject({ code: 'TEMPORAL_NOT_FOUND' });
  expect(String(Reflect.get(Object(failure), 'message'))).toMatch(
    /brings server 1\.29\.1.*download:.*build: no program "go"/,
  );
  expect(String(Reflect.get(Object(failure), 'hint'))).toMatch(/1\. Set TEMPORAL_ADDRESS[^]*2\. Put[^]*3\. Install Go/);
});

test('resolveTemporalBinary() refuses a build of another version and leaves nothing behind', async () => {
  await fakeGo('', tooOld);

  await expect(resolve()).rejects.toMatchObject({ code: 'TEMPORAL_NOT_FOUND' });

  expect(await readdir(dirname(cachedTemporal(places())))).toEqual([]);
});

test('resolveTemporalBinary() in several places at once builds once', async () => {
  await fakeGo(`echo built >> '${join(folder, 'builds')}'; sleep 0.3`);

  const found = await Promise.all([resolve(), resolve(), resolve()]);

  expect(await readFile(join(folder, 'builds'), 'utf8')).toBe('built\n');
  expect(found.map((each) => each.source).toSorted()).toEqual(['build', 'cache', 'cache']);
});

test.each([
  [supported, '1.31.2'],
  [selfBuilt, '1.31.2'],
  ['temporal version 1.8.2', null],
  ['', null],
])('parseServerVersion(%j) is %j', (output, expected) => {
  expect(parseServerVersion(output)).toBe(expected);
});

test('archiveUrl() names version, platform and the architecture as Go does', () => {
  expect(archiveUrl('https://x/v{version}/t_{version}_{platform}_{arch}.tgz', 'linux', 'x64')).toBe(
    'https://x/v1.8.2/t_1.8.2_linux_amd64.tgz',
  );
});

function places(): Places {
  const config = readConfig({ XDG_CACHE_HOME: join(folder, 'cache') });
  // Of the real PATH only what scripts need: no `go`, no `temporal`.
  return { ...config.places, path: [join(folder, 'bin')], temporalDownload: `http://127.0.0.1:${String(closedPort)}/` };
}

function resolve(change: Partial<Places> = {}): ReturnType<typeof resolveTemporalBinary> {
  return resolveTemporalBinary({
    places: { ...places(), ...change },
    progress: () => undefined,
    moduleDirectory: join(folder, 'module'),
  });
}

async function program(path: string, script: string): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

async function cacheHolds(version: string): Promise<void> {
  const file = cachedTemporal(places());
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho '${version}'\n`);
  await chmod(file, 0o755);
}

/** A compiler that makes a program which prints a version. It gets our PATH: only shell builtins and /bin. */
async function fakeGo(before: string, version = selfBuilt): Promise<void> {
  const write = `while [ "$1" != -o ]; do shift; done; printf '#!/bin/sh\\necho "%s"\\n' '${version}' > "$2"; chmod 755 "$2"`;
  await program('bin/go', `PATH=/usr/bin:/bin\n${before}\n${write}`);
}

async function archiveServer(): Promise<Server> {
  await program('archive/temporal', `echo '${supported}'`);
  execFileSync('tar', ['-czf', join(folder, 'archive.tgz'), '-C', join(folder, 'archive'), 'temporal']);
  const archive = await readFile(join(folder, 'archive.tgz'));
  const server = createServer((request, response) => {
    response.statusCode = request.url?.startsWith('/v1.8.2-') === true ? 200 : 404;
    response.end(archive);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
