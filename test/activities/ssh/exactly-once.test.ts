import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';

import { fleetKind, startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { CuttingProxy } from './cutting-proxy';
import { Bench, eventually, fastClock, hostAt, killJobs, perform } from './support';

// D3: the fence on the host. Each command appends a line; the file is the count of what really happened.
describe('a job over SSH happens exactly once (D1, D3)', () => {
  let fleet: Fleet;
  let bench: Bench;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: 3, kind: await fleetKind() });
    bench = new Bench(fleet);
  });
  afterAll(async () => {
    await bench.close();
    await fleet.stop();
  });

  const append = (file: string, more = ''): { readonly script: string } => ({
    script: `echo "$SIM_HOST" >>"$HOME/${file}"; ${more} echo said`,
  });
  const lines = async (index: number, file: string): Promise<number> =>
    (await readFile(join(hostAt(fleet, index).home, file), 'utf8').catch(() => '')).split('\n').length - 1;

  test('when the connection is cut after any number of bytes', async () => {
    let round = 0;
    const property = fc.asyncProperty(fc.nat({ max: 16_000 }), fc.nat({ max: 16_000 }), async (firstCut, secondCut) => {
      round += 1;
      const file = `cut${round}`;
      const proxy = new CuttingProxy(hostAt(fleet, 0));
      const host = await proxy.start((connection) => [2_000 + firstCut, 2_000 + secondCut][connection] ?? null);
      try {
        const result = await perform(bench.worker(), 'run', {
          input: append(file, 'sleep 0.05;'),
          context: bench.context(host, { path: file }),
        });

        expect([result.status, result.result['stdout'], await lines(0, file)]).toEqual(['succeeded', 'said', 1]);
      } finally {
        await proxy.stop();
      }
    });
    await fc.assert(property, { numRuns: 20 });
  });

  test('when the worker goes away in the middle and another one comes', async () => {
    const first = bench.worker();
    const abort = new AbortController();
    const host = hostAt(fleet, 1);
    const watched = perform(first, 'run', {
      input: append('moved', 'sleep 1.5;'),
      context: bench.context(host, { path: 'moved', signal: abort.signal }),
    });
    const detached = expect(watched).rejects.toThrow('worker stops');
    await eventually(async () => (await lines(1, 'moved')) === 1);

    // D2: aborting detaches, it kills nothing.
    abort.abort(new Error('worker stops'));
    await detached;
    const context = bench.context(host, { path: 'moved' });
    const result = await perform(bench.worker(), 'run', { input: append('moved', 'sleep 1.5;'), context });

    expect([result.status, bench.stored(context, 'stdout').toString(), await lines(1, 'moved')]).toEqual([
      'succeeded',
      'said\n',
      1,
    ]);
  });

  test('when two attempts of the same key are alive at once, and both learn the result (D11)', async () => {
    const host = hostAt(fleet, 2);
    for (let round = 1; round <= 5; round += 1) {
      const path = `both${round}`;
      const attempts = [bench.worker(), bench.worker(), bench.worker()].map((worker) =>
        perform(worker, 'run', { input: append(path, 'sleep 0.1;'), context: bench.context(host, { path }) }),
      );

      const results = await Promise.all(attempts);

      expect(results.map(({ status, result }) => [status, result['stdout']])).toEqual(
        Array.from({ length: 3 }, () => ['succeeded', 'said']),
      );
      expect(new Set(results.map(({ startedAt, endedAt }) => `${startedAt}-${endedAt}`)).size).toBe(1);
      expect(await lines(2, path)).toBe(1);
    }
  });

  test('a finished job is only read again: same exit code, same times, same output', async () => {
    const call = (): Promise<unknown> =>
      perform(bench.worker(), 'exec', {
        input: { command: ['sh', '-c', 'echo x; exit 7'] },
        context: bench.context(hostAt(fleet, 0), { path: 'again' }),
      });

    expect(await call()).toEqual(await call());
  });

  test('another generation, phase or path is another job', async () => {
    const worker = bench.worker();
    const contexts = [
      { path: 'a' },
      { path: 'a', generation: 2 },
      { path: 'a', phase: 'undo' as const },
      { path: 'b' },
    ];

    for (const options of contexts)
      await perform(worker, 'run', { input: append('ids'), context: bench.context(hostAt(fleet, 0), options) });

    expect(await lines(0, 'ids')).toBe(4);
  });

  test('the fence keeps a lower token of a lock out', async () => {
    const worker = bench.worker();
    const run = (
      path: string,
      token: number,
    ): Promise<{ readonly status: string; readonly error?: { readonly code: string } }> =>
      perform(worker, 'run', {
        input: append('fenced'),
        context: bench.context(hostAt(fleet, 0), { path, fences: { 'host/db1': token } }),
      });

    const codes = [await run('f1', 5), await run('f2', 4), await run('f3', 5), await run('f4', 6)].map(
      ({ status, error }) => error?.code ?? status,
    );

    expect(codes).toEqual(['succeeded', 'SSH_FENCED', 'succeeded', 'succeeded']);
    expect(await lines(0, 'fenced')).toBe(3);
  });
});

describe('a job that cannot be told (D3)', () => {
  let fleet: Fleet;
  let bench: Bench;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: 6, kind: await fleetKind() });
    bench = new Bench(fleet);
  });
  afterAll(async () => {
    await bench.close();
    await fleet.stop();
  });

  const script = { script: 'echo once >>"$HOME/done"' };
  const jobs = (index: number): string => join(hostAt(fleet, index).home, '.mainstay', 'jobs');

  test('is unknown when it was dispatched and the job root is another one now', async () => {
    const context = bench.context(hostAt(fleet, 0), { path: 'p' });
    await perform(bench.worker(), 'run', { input: script, context });
    await rm(jobs(0), { recursive: true });

    const result = await perform(bench.worker(), 'run', {
      input: script,
      context: bench.context(hostAt(fleet, 0), { path: 'p' }),
    });

    expect([result.status, result.error?.code]).toEqual(['unknown', 'JOB_VANISHED']);
    expect(await readFile(join(hostAt(fleet, 0).home, 'done'), 'utf8')).toBe('once\n');
  });

  test('starts when it was dispatched, never arrived, and the host is the same', async () => {
    const worker = bench.worker();
    await perform(worker, 'exec', {
      input: { command: ['true'] },
      context: bench.context(hostAt(fleet, 1), { path: 'first' }),
    });
    const ids = [...bench.dispatches.values()].at(-1);
    const context = bench.context(hostAt(fleet, 1), { path: 'second' });

    const result = await perform(worker, 'run', { input: script, context: { ...context, earlier: ids ?? null } });

    expect(result.status).toBe('succeeded');
  });

  test('was lost by a reboot when the boot id changed and there is no result; a read starts again', async () => {
    const host = hostAt(fleet, 2);
    await writeFile(join(host.home, 'boot_id'), 'boot-1\n');
    const before = bench.worker({ bootIdPath: '~/boot_id' });
    const abort = new AbortController();
    const context = bench.context(host, { path: 'r', signal: abort.signal });
    const watched = perform(before, 'run', { input: { script: 'echo $$ >"$HOME/pid"; sleep 60' }, context });
    const detached = expect(watched).rejects.toThrow('away');
    await eventually(async () => (await readFile(join(host.home, 'pid'), 'utf8')) !== '');
    abort.abort(new Error('away'));
    await detached;

    await killJobs(jobs(2));
    await writeFile(join(host.home, 'boot_id'), 'boot-2\n');
    const after = bench.worker({ bootIdPath: '~/boot_id' });
    const lost = await perform(after, 'run', { input: script, context: bench.context(host, { path: 'r' }) });
    const repeated = await perform(after, 'run', {
      input: script,
      context: bench.context(host, { path: 'r', repeatable: true }),
    });

    expect([lost.status, lost.error?.code, repeated.status]).toEqual(['unknown', 'JOB_LOST_BY_REBOOT', 'succeeded']);
  });

  test('vanished when its supervisor was killed on the host', async () => {
    const host = hostAt(fleet, 3);
    const context = bench.context(host, { path: 'v' });
    const watched = perform(bench.worker(), 'run', { input: { script: 'echo $$ >"$HOME/pid"; sleep 60' }, context });
    await eventually(async () => (await readFile(join(host.home, 'pid'), 'utf8')) !== '');

    await killJobs(jobs(3));
    const result = await watched;

    expect([result.status, result.error?.code]).toEqual(['unknown', 'JOB_VANISHED']);
  });

  test('stays unknown while the host cannot be reached, since it had been dispatched', async () => {
    const host = hostAt(fleet, 4);
    await fleet.stopHost(host.name);
    const options = { connectWithinMs: 300 };

    const fresh = await perform(bench.worker(options), 'run', {
      input: script,
      context: bench.context(host, { path: 'fresh' }),
    });
    const context = { ...bench.context(host, { path: 'old', timeoutMs: 1 }), earlier: { rootId: 'r', bootId: 'b' } };
    const known = perform(bench.worker({ ...options, now: fastClock() }), 'run', { input: script, context });

    expect([fresh.status, fresh.error?.code]).toEqual(['failed', 'SSH_UNREACHABLE']);
    expect([(await known).status, (await known).error?.code]).toEqual(['unknown', 'JOB_UNCONFIRMED']);
  });

  test('is never started in a job root that is a link, or in memory without leave', async () => {
    const host = hostAt(fleet, 5);
    const run = async (jobDir: string): Promise<unknown> => {
      const result = await perform(bench.worker(), 'run', {
        input: script,
        context: bench.context(host, { path: jobDir, host: { jobDir } }),
      });
      return [result.status, result.error?.code];
    };
    await perform(bench.worker(), 'exec', {
      input: { command: ['ln', '-s', '/tmp', 'link'], cwd: host.home },
      context: bench.context(host, { path: 'ln' }),
    });

    expect(await run(join(host.home, 'link'))).toEqual(['failed', 'SSH_JOB_DIR_UNUSABLE']);
    expect(await run('/proc/mainstay')).toEqual(['failed', 'SSH_JOB_DIR_UNUSABLE']);
    expect(await run('/dev/shm/mainstay-test-jobs')).toEqual(['failed', 'SSH_JOB_DIR_UNUSABLE']);
    await rm('/dev/shm/mainstay-test-jobs', { recursive: true, force: true });
  });
});
