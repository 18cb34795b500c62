import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { readConfig } from '../../platform/config';
import type { Places } from '../../platform/config';
import { freePort } from '../../platform/free-port';
import { startProgram } from '../support/child-process';
import { cachedTemporal, parseServerVersion, resolveTemporalBinary } from '../../platform/temporal-binary';
import { machine } from '../../platform/temporal-download';
import { temporalVersions } from '../../platform/temporal-version';
import type { TemporalVersions } from '../../platform/temporal-version';

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
    const { server, sha256 } = await archiveServer();

    const found = await resolve(
      { temporalDownload: `http://127.0.0.1:${String(portOf(server))}/v{version}-{platform}-{arch}.tar.gz` },
      { ...temporalVersions, archives: { [`${machine().platform}_${machine().arch}`]: sha256 } },
    );
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

describe('resolveTemporalBinary() for a data directory of another server version (D15)', () => {
  const earlier: TemporalVersions = { program: '1.7.0', server: '1.30.1', archives: {} };

  test('takes that version from the cache, though PATH has the one of this build', async () => {
    await program('bin/temporal', `echo '${supported}'`);
    await program('cache/mainstay/temporal/1.7.0/temporal', `echo 'temporal version 1.7.0 (Server 1.30.1, UI 2.45.0)'`);

    expect(await resolve({}, earlier)).toEqual({
      source: 'cache',
      serverVersion: '1.30.1',
      path: cachedTemporal(places(), earlier),
    });
  });

  test('never builds it, since the module is of another version, and names the way to upgrade', async () => {
    await fakeGo('');

    const failure: unknown = await resolve({}, earlier).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'TEMPORAL_NOT_FOUND' });
    expect(String(Reflect.get(Object(failure), 'message'))).toMatch(/no server 1\.30\.1 was found .*download: /);
    expect(String(Reflect.get(Object(failure), 'hint'))).toContain('run "mainstay upgrade"');
  });
});

test('resolveTemporalBinary() in two processes at once builds once, and both get it', async () => {
  await fakeGo(`echo built >> '${join(folder, 'builds')}'; sleep 0.5`);

  const children = [1, 2].map(() =>
    startProgram(resolveSource, [JSON.stringify({ loader, platform, folder, places: places() })]),
  );
  const sources = await Promise.all(children.map((child) => child.line));
  await Promise.all(children.map((child) => child.ended));

  expect(sources.toSorted()).toEqual(['build', 'cache']);
  expect(await readFile(join(folder, 'builds'), 'utf8')).toBe('built\n');
  expect(await readdir(dirname(cachedTemporal(places())))).toEqual(['temporal']);
});

const loader = join(__dirname, '..', 'support', 'typescript-child.js');
const platform = join(__dirname, '..', '..', 'platform');
const resolveSource = `
  const { loader, platform, folder, places } = JSON.parse(process.argv[1]);
  require(loader);
  const { resolveTemporalBinary } = require(platform + '/temporal-binary');
  resolveTemporalBinary({ places, progress: () => undefined, moduleDirectory: folder + '/module' })
    .then((found) => console.log(found.source), (error) => console.log(error.message));
`;

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

function places(): Places {
  const config = readConfig({ XDG_CACHE_HOME: join(folder, 'cache') });
  // Of the real PATH only what scripts need: no `go`, no `temporal`.
  return { ...config.places, path: [join(folder, 'bin')], temporalDownload: `http://127.0.0.1:${String(closedPort)}/` };
}

function resolve(
  change: Partial<Places> = {},
  versions: TemporalVersions = temporalVersions,
): ReturnType<typeof resolveTemporalBinary> {
  return resolveTemporalBinary({
    places: { ...places(), ...change },
    versions,
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

async function archiveServer(): Promise<{ readonly server: Server; readonly sha256: string }> {
  await program('archive/temporal', `echo '${supported}'`);
  execFileSync('tar', ['-czf', join(folder, 'archive.tgz'), '-C', join(folder, 'archive'), 'temporal']);
  const archive = await readFile(join(folder, 'archive.tgz'));
  const server = createServer((request, response) => {
    response.statusCode = request.url?.startsWith('/v1.8.2-') === true ? 200 : 404;
    response.end(archive);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, sha256: createHash('sha256').update(archive).digest('hex') };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
