import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { childEnvironment } from '../../platform/config';
import { processIdentity } from '../../platform/process-identity';
import type { ProcessIdentity } from '../../platform/process-identity';
import { restartDelayMs, SupervisedChild } from '../../platform/supervision';
import type { ChildSpec, ChildStatus } from '../../platform/supervision';
import { startProgram } from '../support/child-process';
import { waitUntilGone } from '../support/gone';

/** Ready at once; ends when its standard input does, as our own children. */
const wellBehaved = `
  console.log('starting');
  console.log(JSON.stringify({ ready: true, url: 'u' }));
  process.stdin.on('end', () => process.exit(0)).resume();
`;

let folder: string;
let states: ChildStatus[];
let child: SupervisedChild | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-supervision-'));
  states = [];
  child = null;
});

afterEach(async () => {
  await child?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a supervised child', () => {
  test('is ready when it says so, and its other output is in the log', async () => {
    child = supervise(wellBehaved);

    const info = await child.start();

    expect(info).toEqual({ ready: true, url: 'u' });
    expect(child.status).toMatchObject({ state: 'ready', restarts: 0 });
    expect(await readFile(child.spec.logFile, 'utf8')).toBe('starting\n');
  });

  test('is started again when it was killed', async () => {
    const backAgain = whenState((status) => status.state === 'ready' && status.restarts === 1);
    child = supervise(wellBehaved, backAgain.see);
    await child.start();
    const first = await identityOf(child);

    process.kill(first.pid, 'SIGKILL');
    await backAgain.promise;

    expect((await identityOf(child)).pid).not.toBe(first.pid);
    expect(states.map((status) => status.state)).toEqual(['starting', 'ready', 'waiting', 'starting', 'ready']);
  });

  test('is given up when it never becomes ready, with the end of its log', async () => {
    child = supervise(`console.error('no such database'); process.exit(3)`);

    await expect(child.start()).rejects.toMatchObject({
      code: 'CHILD_NOT_READY',
      message: 'Cannot start worker: it ended with code 3, 3 times in a row, before it was ready',
      hint: expect.stringContaining('no such database'),
    });
  });

  test('that cannot be started at all is given up too', async () => {
    child = new SupervisedChild({ ...spec(''), launch: () => Promise.reject(new Error('no port')) }, () => undefined);

    await expect(child.start()).rejects.toMatchObject({
      message: expect.stringContaining('could not be started (no port)'),
    });
  });

  test('that is silent is ended when its time is over', async () => {
    child = new SupervisedChild({ ...spec('setInterval(() => 1, 1000)'), readyTimeoutMs: 50 }, () => undefined);

    await expect(child.start()).rejects.toMatchObject({ message: expect.stringContaining('was ended by SIGKILL') });
  });

  test('stops cleanly: its pipe closes, and nothing of it is left', async () => {
    child = supervise(wellBehaved);
    await child.start();
    const identity = await identityOf(child);

    await child.stop();

    expect(child.status).toMatchObject({ state: 'stopped', pid: null });
    expect(await processIdentity(identity.pid)).toBeNull();
  });

  test('that ignores every request is killed after its grace time', async () => {
    const deaf = `process.on('SIGTERM', () => 1); console.log('{"ready":true}'); setInterval(() => 1, 1000);`;
    child = new SupervisedChild({ ...spec(deaf), stopGraceMs: 50 }, () => undefined);
    await child.start();
    const identity = await identityOf(child);

    await child.stop();

    expect(await processIdentity(identity.pid)).toBeNull();
  });

  test('leads its own process group, so that Ctrl-C does not reach it before us', async () => {
    child = supervise(wellBehaved);
    await child.start();

    const { pid } = await identityOf(child);

    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    expect(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])).toBe(pid);
  });
});

test.each([
  [0, 100],
  [1, 100],
  [2, 200],
  [5, 1600],
  [50, 10_000],
])('after %i deaths in a row the next start waits %i ms', (deaths, expected) => {
  expect(restartDelayMs(deaths)).toBe(expected);
});

describe('processIdentity()', () => {
  test('tells a process from another one with the same number', async () => {
    const program = startProgram('setInterval(() => 1, 1000); console.log(1)');
    await program.line;
    const identity = await processIdentity(program.pid);
    program.process.kill('SIGKILL');
    await program.ended;

    expect(identity?.startTime).toMatch(/./);
    await waitUntilGone(identity ?? { pid: program.pid, startTime: '' });
    expect(await processIdentity(program.pid)).toBeNull();
  });
});

function supervise(source: string, see: (status: ChildStatus) => void = () => undefined): SupervisedChild {
  return new SupervisedChild(spec(source), (_name, status) => {
    states.push(status);
    see(status);
  });
}

function spec(source: string): ChildSpec {
  return {
    name: 'worker',
    logFile: join(folder, 'worker.log'),
    stopGraceMs: 5000,
    readyTimeoutMs: 10_000,
    launch: () => Promise.resolve({ command: process.execPath, args: ['-e', source], env: childEnvironment({}) }),
  };
}

async function identityOf(supervised: SupervisedChild): Promise<ProcessIdentity> {
  const identity = await processIdentity(supervised.status.pid ?? 0);
  if (identity === null) throw new Error('the child does not run');
  return identity;
}

function whenState(matches: (status: ChildStatus) => boolean): {
  readonly promise: Promise<void>;
  readonly see: (status: ChildStatus) => void;
} {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, see: (status) => (matches(status) ? resolve() : undefined) };
}
