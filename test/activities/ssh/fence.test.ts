import { spawn } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { OperationResult } from '../../../activities/connector';
import type { JsonObject } from '../../../workflows/domain/json';
import { fleetKind, startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { CuttingProxy } from './cutting-proxy';
import { Bench, eventually, fastClock, hostAt, killJobs, perform } from './support';
import type { ContextOptions } from './support';

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await startFleet({ hosts: 10, kind: await fleetKind() });
  bench = new Bench(fleet);
});
afterAll(async () => {
  await bench.close();
  await fleet.stop();
});

const home = (index: number): string => hostAt(fleet, index).home;

function run(index: number, input: JsonObject, options: ContextOptions & { readonly shell?: string } = {}) {
  const { shell = '/bin/sh', ...more } = options;
  const context = bench.context(hostAt(fleet, index), more);
  return perform(bench.worker({ launcherShell: shell }), 'run', { input, context });
}

async function written(index: number, file: string): Promise<string> {
  return readFile(join(home(index), file), 'utf8').catch(() => '');
}

// D3: whoever holds the lock says that the job goes on. A daemon that inherited it would say so for ever.
test('a daemon that the command started does not hold the lock of a job whose supervisor is gone (D3)', async () => {
  const script = `setsid sh -c 'echo up >"$HOME/up"; exec sleep 177' & sleep 60`;
  const watched = run(0, { script }, { path: 'daemon', timeoutMs: 60_000 });
  await eventually(async () => (await written(0, 'up')) === 'up\n');

  await killStarted(join(home(0), '.mainstay', 'jobs'));
  const found = await watched;

  expect([found.status, found.error?.code]).toEqual(['unknown', 'JOB_VANISHED']);
}, 30_000);

// D3: `kill -TERM -- -1234` is an error in dash and busybox, so that only the leader would be asked to end.
test.each(['/bin/dash', 'busybox sh', 'bash --posix'])(
  'a time limit asks every process of the job to end before it kills, under %s (D3)',
  async (shell) => {
    const path = `asked-${shell.replaceAll(/\W+/g, '-')}`;
    const polite = `trap 'echo asked >>"$HOME/${path}"; exit 0' TERM; while :; do sleep 0.1; done`;
    const script = `( ${polite} ) & wait`;

    const { error } = await run(1, { script }, { path, shell, timeoutMs: 1_000 });

    expect([error?.code, await written(1, path)]).toEqual(['TIMEOUT', 'asked\n']);
  },
  30_000,
);

test('a command that does not react to its time limit is killed after the grace, and the host says so (D3)', async () => {
  const script = `trap '' TERM; while :; do sleep 0.2 || true; done`;

  const { status, error, result } = await run(2, { script }, { path: 'deaf', timeoutMs: 1_000 });

  expect([status, error?.code, result['signal']]).toEqual(['failed', 'TIMEOUT', 'SIGKILL']);
}, 40_000);

// D3: on a full disk a job could else end without anybody ever learning how.
test('the space of the result is taken before the command runs (D3)', async () => {
  const script = 'cd "$(dirname "$MAINSTAY_OUTPUT")"; stat -c "%i %s" *; exit 3';

  const { result } = await run(3, { script }, { path: 'space' });

  const root = join(home(3), '.mainstay', 'jobs');
  const [job = ''] = (await readdir(root)).filter((name) => name.includes('space'));
  await eventually(async () => (await stat(join(root, job, 'rc'))).isFile());
  const { ino } = await stat(join(root, job, 'rc'));
  const { stdout } = result;
  const before = new Map((typeof stdout === 'string' ? stdout : '').split('\n').map(numbers));
  expect(result['exitCode']).toBe(3);
  expect(before.get(ino)).toBeGreaterThanOrEqual(100);
});

/** Two numbers of a line. */
function numbers(line: string): readonly [number, number] {
  const [first, second] = line.split(' ').map(Number);
  return [first ?? 0, second ?? 0];
}

describe('the job root (D3)', () => {
  const script = { script: 'echo ran >>"$HOME/ran"' };

  async function runIn(jobDir: string, more: ContextOptions['host'] = {}): Promise<OperationResult> {
    return run(4, script, { path: jobDir, host: { jobDir, ...more } });
  }

  test('is refused when it is a link, even to a directory of the user', async () => {
    await run(4, { script: 'mkdir -m 700 "$HOME/own" && ln -s own "$HOME/to-own"' }, { path: 'link' });

    const { status, error } = await runIn(join(home(4), 'to-own'));

    expect([status, error?.code, await written(4, 'ran')]).toEqual(['failed', 'SSH_JOB_DIR_UNUSABLE', '']);
  });

  test('becomes private to its user, whatever it was', async () => {
    await run(4, { script: 'mkdir -m 777 "$HOME/open"' }, { path: 'open' });

    const { status } = await runIn(join(home(4), 'open'));

    expect(status).toBe('succeeded');
    expect((await stat(join(home(4), 'open'))).mode & 0o777).toBe(0o700);
  });

  // D3: what stood in memory may have been forgotten by a restart, so a missing job proves nothing there.
  test('in memory makes a job that was sent and is missing unknown; one that was never sent starts', async () => {
    const jobDir = `/dev/shm/mainstay-fence-${process.pid}`;
    const host = { jobDir, jobDirVolatile: true };
    const first = await run(4, script, { path: 'memory-1', host });
    const ids = [...bench.dispatches.values()].at(-1) ?? null;
    const context = bench.context(hostAt(fleet, 4), { path: 'memory-2', host });

    const missing = await perform(bench.worker(), 'run', { input: script, context: { ...context, earlier: ids } });
    await run(4, { script: `rm -rf ${jobDir}` }, { path: 'rm' });

    expect([first.status, missing.status, missing.error?.code]).toEqual(['succeeded', 'unknown', 'JOB_VANISHED']);
  });
});

// D3: minimal systems have no flock. Then whoever made the directory is the one who starts.
test('where flock is missing, mkdir alone keeps a second launch out (D3)', async () => {
  const shell = await withoutFlock(5);
  const script = 'echo once >>"$HOME/once"; sleep 0.5; echo said';
  const call = (): Promise<OperationResult> => run(5, { script }, { path: 'once', shell });

  const both = await Promise.all([call(), call()]);
  const later = await call();

  expect([...both, later].map(({ status, result }) => [status, result['stdout']])).toEqual(
    Array.from({ length: 3 }, () => ['succeeded', 'said']),
  );
  expect(await written(5, 'once')).toBe('once\n');
});

// D3: the number of a process is given again; only with its start time it names one.
describe('a stranger that has the number of a process of the job now (D3)', () => {
  /** A job that was killed with its supervisor, in whose files the number of its process is another one now. */
  async function lostJob(index: number, shell = '/bin/sh'): Promise<{ readonly pid: number; end(): void }> {
    const root = join(home(index), '.mainstay', 'jobs');
    const script = 'echo $$ >"$HOME/pid"; sleep 60';
    const lost = run(index, { script }, { path: 'lost', shell, timeoutMs: 60_000 });
    await eventually(async () => (await written(index, 'pid')).endsWith('\n'));
    const old = (await written(index, 'pid')).trim();
    // Start times are counted in hundredths of a second: a stranger that is born in the same one would be taken for the job.
    await eventually(async () => (await ticksNow()) > (await ticksAtBirth(old)) + 1);
    const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const { pid = 0 } = stranger;
    await killStarted(root);
    for (const job of await readdir(root)) {
      const file = join(root, job, 'start');
      const text = await readFile(file, 'utf8').catch(() => '');
      if (text !== '') await writeFile(file, text.replaceAll(new RegExp(`^${old} `, 'gm'), `${pid} `));
    }
    await lost;
    return { pid, end: () => stranger.kill('SIGKILL') };
  }

  test('is not killed by a cancel, and what became of the job is unknown', async () => {
    const stranger = await lostJob(6);

    const verdict = await bench
      .worker()
      .operations['run']?.cancel?.({}, { ...bench.context(hostAt(fleet, 6), { path: 'lost' }), graceMs: 1_000 });
    const state = await readFile(`/proc/${stranger.pid}/stat`, 'utf8');

    stranger.end();
    expect(verdict).toBe('unknown');
    expect(state).toMatch(/\) [SR] /);
  });

  test('does not pass for the job where flock is missing', async () => {
    const shell = await withoutFlock(7);
    const stranger = await lostJob(7, shell);

    const { status, error } = await run(7, { script: 'true' }, { path: 'lost', shell });

    stranger.end();
    expect([status, error?.code]).toEqual(['unknown', 'JOB_VANISHED']);
  });
});

describe('a launch (D3)', () => {
  const script = { script: 'echo ran >>"$HOME/ran"' };

  // D3: else a worker that dies right after would leave a job that nobody knows to look for.
  test('is not sent before the dispatch is in the journal', async () => {
    const context = bench.context(hostAt(fleet, 8), { path: 'ahead' });
    const away = { ...context, dispatched: () => Promise.reject(new Error('the store is away')) };

    await expect(perform(bench.worker(), 'run', { input: script, context: away })).rejects.toThrow('the store is away');
    await run(8, { script: 'true' }, { path: 'sentinel' });

    expect(await written(8, 'ran')).toBe('');
    expect((await readdir(join(home(8), '.mainstay', 'jobs'))).filter((name) => name.includes('ahead'))).toEqual([]);
  });

  // D3: a host that was restored from a backup has lost its fences; what a connection knew of it before proves nothing.
  test('is not repeated in a job root that was replaced since this connection asked for it', async () => {
    const worker = bench.worker();
    const root = join(home(8), '.mainstay', 'jobs');
    const call = (): Promise<OperationResult> =>
      perform(worker, 'run', { input: script, context: bench.context(hostAt(fleet, 8), { path: 'restored' }) });
    await call();
    await settled(root);
    for (const name of await readdir(root)) await rm(join(root, name), { recursive: true });
    await writeFile(join(root, 'root-id'), `${'f'.repeat(32)}\n`);

    const { status, error } = await call();

    expect([status, error?.code, await written(8, 'ran')]).toEqual(['unknown', 'JOB_VANISHED', 'ran\n']);
  });

  // D3: the root is the same, but the host was started anew meanwhile: a missing job may have run and been forgotten.
  test('that is missing after a restart of the host is not sent again', async () => {
    await run(8, { script: 'true' }, { path: 'any' });
    const ids = [...bench.dispatches.values()].at(-1) ?? { rootId: '', bootId: '' };
    const context = bench.context(hostAt(fleet, 8), { path: 'restarted' });
    const earlier = { ...ids, bootId: 'an-earlier-boot' };

    const { status, error } = await perform(bench.worker(), 'run', {
      input: { script: 'echo again >>"$HOME/again"' },
      context: { ...context, earlier },
    });

    expect([status, error?.code, await written(8, 'again')]).toEqual(['unknown', 'JOB_VANISHED', '']);
  });

  test('whose answer was lost is unknown, not unreachable, when the host does not come back', async () => {
    const proxy = new CuttingProxy(hostAt(fleet, 9));
    const host = await proxy.start(() => null);
    const worker = bench.worker({ connectWithinMs: 3_000, followAfterMs: 60_000, now: fastClock() });
    const sent = perform(worker, 'run', {
      input: { script: 'echo up >"$HOME/up"; sleep 30' },
      context: bench.context(host, { path: 'cut', timeoutMs: 5_000 }),
    });
    await eventually(async () => (await written(9, 'up')) === 'up\n');

    await proxy.stop();

    expect([(await sent).status, (await sent).error?.code]).toEqual(['unknown', 'JOB_UNCONFIRMED']);
  });
});

async function ticksNow(): Promise<number> {
  const [seconds = ''] = (await readFile('/proc/uptime', 'utf8')).split(' ');
  return Number(seconds) * 100;
}

async function ticksAtBirth(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19]);
}

/** Kills the one job of a host, once its launcher has written down which process it is. */
async function killStarted(root: string): Promise<void> {
  await eventually(async () => {
    const [job = ''] = (await readdir(root)).filter((name) => name !== 'root-id');
    return /^\d+ \d+$/m.test(await readFile(join(root, job, 'start'), 'utf8'));
  });
  await killJobs(root);
}

/** A result is answered before its file has its name: nothing of the jobs goes on any more. */
async function settled(root: string): Promise<void> {
  await eventually(async () => {
    const jobs = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const files = await Promise.all(jobs.map(({ name }) => readdir(join(root, name))));
    return files.every((names) => names.includes('rc'));
  });
}

/** A shell in which `command -v flock` finds nothing. */
async function withoutFlock(index: number): Promise<string> {
  const shell = join(home(index), 'shell-without-flock');
  const finding = 'command() { [ "$2" != flock ] && type "$2"; }';
  await writeFile(shell, `#!/bin/sh\n{ echo '${finding}'; exec cat; } | exec /bin/sh\n`, { mode: 0o755 });
  return shell;
}
