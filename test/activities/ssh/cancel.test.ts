import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ConnectorImplementation, OperationContext } from '../../../activities/connector';
import { fleetKind, startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { Bench, eventually, hostAt, killJobs, perform } from './support';

// D2: killing is an operation of its own, confirmed by the host.
describe('cancel over SSH (D2)', () => {
  let fleet: Fleet;
  let bench: Bench;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: 1, kind: await fleetKind() });
    bench = new Bench(fleet);
  });
  afterAll(async () => {
    await bench.close();
    await fleet.stop();
  });

  const home = (): string => hostAt(fleet, 0).home;
  const context = (path: string): OperationContext => bench.context(hostAt(fleet, 0), { path });
  const cancel = async (worker: ConnectorImplementation, path: string, graceMs = 1_000): Promise<string | undefined> =>
    worker.operations['run']?.cancel?.({}, { ...context(path), graceMs });
  test('kills the command with its children, and who watches learns it', async () => {
    const watched = perform(bench.worker(), 'run', {
      input: { script: 'sleep 300 & echo $! >"$HOME/tree"; wait' },
      context: context('tree'),
    });
    await eventually(async () => (await readFile(join(home(), 'tree'), 'utf8')).includes('\n'));

    expect(await cancel(bench.worker(), 'tree')).toBe('cancelled');
    expect(await watched).toMatchObject({
      status: 'failed',
      error: { code: 'JOB_CANCELLED' },
      result: { signal: 'SIGTERM' },
    });
    const child = (await readFile(join(home(), 'tree'), 'utf8')).trim();
    expect(await readFile(`/proc/${child}/stat`, 'utf8').catch(() => 'gone Z ')).toMatch(/gone|\) Z /);
  });

  test('KILL follows when TERM is ignored', async () => {
    const watched = perform(bench.worker(), 'run', {
      input: { script: `trap '' TERM; echo up >"$HOME/deaf"; while :; do sleep 0.2 || true; done` },
      context: context('deaf'),
    });
    await eventually(async () => (await readFile(join(home(), 'deaf'), 'utf8')).includes('\n'));

    expect(await cancel(bench.worker(), 'deaf')).toBe('cancelled');
    expect((await watched).result['signal']).toBe('SIGKILL');
  });

  test.each([
    ['succeeded', 'true'],
    ['failed', 'exit 4'],
  ])('a job that had %s keeps its result', async (verdict, script) => {
    await perform(bench.worker(), 'run', { input: { script }, context: context(verdict) });

    expect(await cancel(bench.worker(), verdict)).toBe(verdict);
  });

  test('a job that never started cannot start later', async () => {
    expect(await cancel(bench.worker(), 'late')).toBe('pending');

    const late = await perform(bench.worker(), 'run', {
      input: { script: 'echo ran >"$HOME/late"' },
      context: context('late'),
    });

    expect(late).toMatchObject({ status: 'failed', error: { code: 'JOB_CANCELLED' } });
    await expect(readFile(join(home(), 'late'))).rejects.toThrow('ENOENT');
  });

  test('asking twice answers the same', async () => {
    const watched = perform(bench.worker(), 'run', {
      input: { script: 'echo up >"$HOME/twice"; sleep 300' },
      context: context('twice'),
    });
    await eventually(async () => (await readFile(join(home(), 'twice'), 'utf8')).includes('\n'));

    expect([await cancel(bench.worker(), 'twice'), await cancel(bench.worker(), 'twice')]).toEqual([
      'cancelled',
      'cancelled',
    ]);
    await watched;
  });

  test('a job that vanished is unknown', async () => {
    const watched = perform(bench.worker(), 'run', {
      input: { script: 'echo up >"$HOME/gone"; sleep 300' },
      context: context('gone'),
    });
    await eventually(async () => (await readFile(join(home(), 'gone'), 'utf8')).includes('\n'));
    await killJobs(join(home(), '.mainstay', 'jobs'));
    await watched;

    expect(await cancel(bench.worker(), 'gone')).toBe('unknown');
  });
});
