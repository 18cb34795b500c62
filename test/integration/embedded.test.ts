import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { readConfig } from '../../platform/config';
import { dataPaths, prepareDataDirectory } from '../../platform/data-directory';
import { startEmbedded } from '../../platform/embedded';
import type { Embedded } from '../../platform/embedded';
import { readEndpoint } from '../../platform/endpoint';
import { freePort } from '../../platform/free-port';
import { processIdentity } from '../../platform/process-identity';
import type { ProcessIdentity } from '../../platform/process-identity';
import { readServer } from '../../platform/server';
import { recordServerVersion } from '../../platform/server-version';
import { readStatus } from '../../platform/status';
import { connectTemporal } from '../../platform/temporal';
import { cachedTemporal, findTemporalBinary } from '../../platform/temporal-binary';
import { packageRoot } from '../../platform/package-root';
import { writeStandIns } from '../support/embedded-children';
import { startProgram } from '../support/child-process';
import { waitUntilGone } from '../support/gone';
import { testServerAddress } from '../support/temporal';

let folder: string;
let data: string;
let running: Embedded | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-embedded-'));
  data = join(folder, 'data');
  running = null;
});

afterEach(async () => {
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('startEmbedded() is ready when everything answers, and says where', async () => {
  running = await start();

  const endpoint = await readEndpoint(dataPaths(data));
  const status = await readStatus(config(), data);

  expect(endpoint).toMatchObject({
    url: running.url,
    pid: process.pid,
    temporal: { embedded: true, namespace: 'mainstay' },
  });
  expect(status.parts.map((part) => [part.name, part.up])).toEqual([
    ['server', true],
    ['worker', true],
    ['api', true],
  ]);
  expect(await readFile(join(folder, 'config', 'mainstay', 'current'), 'utf8')).toBe(`${data}\n`);
});

test('a second start on the same data directory is refused, and disturbs nothing (D15)', async () => {
  running = await start();

  await expect(start()).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' });

  expect((await readStatus(config(), data)).running).toBe(true);
});

test('a clean stop ends every process and frees the directory; what the server knew is there at the next start', async () => {
  running = await start();
  await startWorkflow(running.temporalAddress);
  const processes = await processesOf(data);

  await running.stop();
  running = null;
  for (const identity of processes) expect(await processIdentity(identity.pid)).toBeNull();
  const stopped = await readStatus(config(), data);
  running = await start();

  expect(processes).toHaveLength(3);
  expect(stopped).toMatchObject({ running: false, url: null });
  expect(await workflowStatus(running.temporalAddress)).toBe('RUNNING');
});

test('kill -9 of the server brings it back at the same address with what it knew (D15)', async () => {
  running = await start();
  const { temporalAddress } = running;
  await startWorkflow(temporalAddress);
  const server = await readServer(dataPaths(data));
  if (server === null) throw new Error('no server runs');

  process.kill(server.pid, 'SIGKILL');
  await waitUntilGone(server);

  await untilTrue(async () => (await readStatus(config(), data)).running);
  const again = await readServer(dataPaths(data));
  expect(again).toMatchObject({ address: temporalAddress });
  expect(again?.pid).not.toBe(server.pid);
  expect(await workflowStatus(temporalAddress)).toBe('RUNNING');
});

test('startEmbedded() uses the server version that the directory records, and its file (D15)', async () => {
  const versions = { program: '1.7.0', server: '1.30.1', archives: {} };
  const cache = join(folder, 'cache');
  await pretendVersion(cachedTemporal(config({ XDG_CACHE_HOME: cache }).places, versions), versions.server);
  await recordServerVersion(await prepareDataDirectory(data), versions);

  running = await start({ XDG_CACHE_HOME: cache });

  expect(await readServer(dataPaths(data))).toMatchObject({ serverVersion: '1.30.1' });
  expect((await readdir(data)).filter((name) => /^temporal-.*\.db$/.test(name))).toEqual(['temporal-1.30.1.db']);
});

/** Only one version is here: it says that it is another. */
async function pretendVersion(path: string, version: string): Promise<void> {
  const real = await findTemporalBinary(readConfig().places);
  await mkdir(dirname(path), { recursive: true });
  const script = `#!/bin/sh\n[ "$1" = --version ] && exec echo 'temporal version 0 (Server ${version}, UI 0)'\nexec '${real?.path ?? ''}' "$@"\n`;
  await writeFile(path, script, { mode: 0o755 });
}

test('startEmbedded() with TEMPORAL_ADDRESS uses that server, makes its namespace, and starts none', async () => {
  const own = {
    TEMPORAL_ADDRESS: testServerAddress(),
    TEMPORAL_NAMESPACE: `own-${randomBytes(4).toString('hex')}`,
    MAINSTAY_PAYLOAD_ENCRYPTION: 'off',
  };

  running = await start(own);

  const endpoint = await readEndpoint(dataPaths(data));
  expect(endpoint?.temporal).toEqual({
    address: own.TEMPORAL_ADDRESS,
    namespace: own.TEMPORAL_NAMESPACE,
    embedded: false,
  });
  expect(Object.keys(endpoint?.children ?? {}).toSorted()).toEqual(['api', 'worker']);
  expect((await readStatus(config(own), data)).running).toBe(true);
  expect(await readServer(dataPaths(data))).toBeNull();
});

test('startEmbedded() with a TEMPORAL_ADDRESS where nobody answers says so', async () => {
  const nowhere = { TEMPORAL_ADDRESS: `127.0.0.1:${String(await freePort())}`, MAINSTAY_PAYLOAD_ENCRYPTION: 'off' };

  await expect(start(nowhere, 300)).rejects.toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
});

test.each([{ TEMPORAL_ADDRESS: '127.0.0.1:7233' }, { DATABASE_URL: 'postgres://u@127.0.0.1/d' }])(
  'startEmbedded() with %j and no key for payloads does not start',
  async (own) => {
    await expect(start(own)).rejects.toMatchObject({ code: 'PAYLOAD_KEYS_MISSING' });
  },
);

test('kill -9 of the supervisor leaves no process behind, and the next start finds everything (D15)', async () => {
  const programs = await writeStandIns(folder);
  const supervisor = startProgram(supervisorSource, [
    JSON.stringify({ loader, platform: join(packageRoot(), 'platform'), environment: environment(), data, programs }),
  ]);
  const line = await supervisor.line;
  const processes = await processesOf(data);

  supervisor.process.kill('SIGKILL');
  await supervisor.ended;

  expect(line).toBe('ready');
  expect(processes).toHaveLength(3);
  for (const identity of processes) await waitUntilGone(identity);
  running = await start();
  expect((await readStatus(config(), data)).running).toBe(true);
});

/** Our own TypeScript, in a process that can be killed. */
const loader = join(__dirname, '..', 'support', 'typescript-child.js');

const supervisorSource = `
  const { loader, platform, environment, data, programs } = JSON.parse(process.argv[1]);
  require(loader);
  const { readConfig } = require(platform + '/config');
  const { startEmbedded } = require(platform + '/embedded');
  startEmbedded({ config: readConfig(environment), dataDirectory: data, port: 0, progress: () => undefined, programs })
    .then(() => console.log('ready'), (error) => console.log(error.message));
`;

function environment(): Record<string, string> {
  const { places } = readConfig();
  // The cache of this machine holds the server; configuration and data are the test's own.
  return {
    PATH: places.path.join(':'),
    XDG_CACHE_HOME: join(places.cache, '..'),
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
}

function config(more: Record<string, string> = {}): ReturnType<typeof readConfig> {
  return readConfig({ ...environment(), ...more });
}

async function start(more: Record<string, string> = {}, temporalTimeoutMs?: number): Promise<Embedded> {
  return startEmbedded({
    config: config(more),
    dataDirectory: data,
    port: 0,
    progress: () => undefined,
    programs: await writeStandIns(folder),
    ...(temporalTimeoutMs === undefined ? {} : { temporalTimeoutMs }),
  });
}

async function processesOf(directory: string): Promise<readonly ProcessIdentity[]> {
  const endpoint = await readEndpoint(dataPaths(directory));
  const pids = Object.values(endpoint?.children ?? {}).map((child) => child.pid ?? 0);
  const found = await Promise.all(pids.map(processIdentity));
  return found.filter((identity) => identity !== null);
}

async function startWorkflow(address: string): Promise<void> {
  const connection = await connectTemporal({ address, namespace: 'mainstay', apiKey: null, tls: null });
  await connection.workflowService.startWorkflowExecution({
    namespace: 'mainstay',
    workflowId: 'run/kept',
    workflowType: { name: 'any' },
    taskQueue: { name: 'nobody' },
    requestId: 'once',
  });
  await connection.close();
}

async function workflowStatus(address: string): Promise<string> {
  const connection = await connectTemporal({ address, namespace: 'mainstay', apiKey: null, tls: null });
  const described = await connection.workflowService.describeWorkflowExecution({
    namespace: 'mainstay',
    execution: { workflowId: 'run/kept' },
  });
  await connection.close();
  return described.workflowExecutionInfo?.status === 1 ? 'RUNNING' : 'OTHER';
}

async function untilTrue(condition: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > until) throw new Error('Cannot see the condition come true: 15 s have passed');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
