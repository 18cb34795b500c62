import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { z } from 'zod';

import { childEnvironment } from '../../platform/config';
import { dataPaths } from '../../platform/data-directory';
import { readEndpoint } from '../../platform/endpoint';
import { builtProgram } from '../../platform/package-root';
import { processIdentity } from '../../platform/process-identity';
import { runProgram } from '../../platform/program';
import { waitUntilGone } from '../support/gone';

const ReadyInfo = z.object({ ready: z.literal(true), url: z.string(), data: z.string(), temporal: z.string() });
const bootMs = 60_000;

let folder: string;
let data: string;
let up: ChildProcess | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-up-'));
  data = join(folder, 'data');
  up = null;
});

afterEach(async () => {
  if (up !== null) await stopBy(up, 'SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

test(
  'mainstay up starts everything, status tells it, a second up is refused, and Ctrl-C ends it cleanly',
  async () => {
    const info = await startUp();
    const status = await mainstay('status', '--data', data, '--json');
    const second = await mainstay('up', '--data', data);
    const children = Object.values((await readEndpoint(dataPaths(data)))?.children ?? {});
    const exitCode = up === null ? -1 : await stopBy(up, 'SIGINT');
    const after = await mainstay('status', '--data', data, '--json');

    expect(info.data).toBe(data);
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true, url: info.url, openRuns: 0, openTasks: 0 });
    expect([status.exitCode, second.exitCode, exitCode, after.exitCode]).toEqual([0, 1, 0, 1]);
    expect(second.stderr).toContain('DATA_DIRECTORY_IN_USE');
    expect(children).toHaveLength(3);
    for (const child of children) expect(await processIdentity(child.pid ?? 0)).toBeNull();
    expect(await readdir(data)).not.toContain('endpoint.json');
    expect((await stat(dataPaths(data).token)).mode & 0o777).toBe(0o600);
  },
  bootMs,
);

test(
  'kill -9 of mainstay up leaves nothing behind, and the next one starts on the same directory and port (D15)',
  async () => {
    const port = new URL((await startUp()).url).port;
    const children = Object.values((await readEndpoint(dataPaths(data)))?.children ?? {});
    const identities = await Promise.all(children.map((child) => processIdentity(child.pid ?? 0)));

    if (up !== null) await stopBy(up, 'SIGKILL');
    const again = await startUp('--port', port);

    expect(new URL(again.url).port).toBe(port);
    for (const identity of identities) await waitUntilGone(identity ?? { pid: 0, startTime: '' });
  },
  bootMs,
);

async function startUp(...more: string[]): Promise<z.infer<typeof ReadyInfo>> {
  const args = ['up', '--data', data, '--json', ...(more.length === 0 ? ['--port', '0'] : more)];
  const child = spawn(process.execPath, [builtProgram('client/cli/main.js'), ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  up = child;
  let notes = '';
  child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString('utf8')));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`up ended with ${String(code)}: ${notes}`)));
  });
  return ReadyInfo.parse(JSON.parse(line));
}

function mainstay(...args: string[]): ReturnType<typeof runProgram> {
  const options = { timeoutMs: bootMs, env: environment() };
  return runProgram(process.execPath, [builtProgram('client/cli/main.js'), ...args], options);
}

function environment(): Record<string, string> {
  return childEnvironment({
    XDG_CONFIG_HOME: join(folder, 'config'),
    TEMPORAL_ADDRESS: null,
    MAINSTAY_DATA: null,
    DATABASE_URL: null,
  });
}

async function stopBy(child: ChildProcess, signal: NodeJS.Signals): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? -1;
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  child.kill(signal);
  return ended;
}
