import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Json, JsonObject } from '../../../workflows/domain/json';
import { fleetKind, startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { makeKey } from '../../support/fleet/keys';
import { CuttingProxy } from './cutting-proxy';
import { Bench, eventually, hostAt, perform } from './support';
import type { ContextOptions } from './support';

describe('connecting over SSH', () => {
  let fleet: Fleet;
  let bench: Bench;
  let paths = 0;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: 3, kind: await fleetKind() });
    bench = new Bench(fleet);
  });
  afterAll(async () => {
    await bench.close();
    await fleet.stop();
  });

  const outcome = async (options: ContextOptions, index = 0): Promise<string> => {
    const context = bench.context(hostAt(fleet, index), { path: `c${(paths += 1)}`, ...options });
    const { status, error } = await perform(bench.worker({ connectWithinMs: 1_000 }), 'exec', {
      input: { command: ['true'] },
      context,
    });
    return error?.code ?? status;
  };
  const withoutKey = (settings: JsonObject): ContextOptions => ({ keyless: true, settings });

  test.each([
    ['another host key', () => ({ host: { hostKey: makeKey().public } }), 'SSH_HOST_KEY_MISMATCH'],
    ['a host key that is none', () => ({ host: { hostKey: 'nonsense' } }), 'SSH_HOST_KEY_UNKNOWN'],
    ['no known host key', () => withoutKey({ knownHosts: '/nonexistent' }), 'SSH_HOST_KEY_UNKNOWN'],
    ['a known hosts file', () => withoutKey({ knownHosts: fleet.knownHostsFile }), 'succeeded'],
    ['a key that the host does not know', () => ({ settings: { key: makeKey().private } }), 'SSH_AUTH_REJECTED'],
    [
      'a key that is none',
      () => ({ settings: { key: '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----' } }),
      'SSH_KEY_UNUSABLE',
    ],
    ['a key file that is missing', () => ({ settings: { key: '/nonexistent/key' } }), 'SSH_KEY_UNUSABLE'],
    ['a password where none is accepted', () => ({ settings: { key: '', password: 'x' } }), 'SSH_KEY_UNUSABLE'],
    ['settings that are none of ours', () => ({ settings: { colour: 'blue' } }), 'SSH_CONNECTION_INVALID'],
    ['a port where nobody listens', () => ({ host: { port: 1 } }), 'SSH_UNREACHABLE'],
    ['a jump through another host', () => ({ settings: jumpSettings() }), 'succeeded'],
    [
      'a jump through two hosts',
      () => ({ settings: { ...jumpSettings(), jump: [jumpVia(1), jumpVia(2)] } }),
      'succeeded',
    ],
    [
      'a jump through a host that is away',
      () => ({ settings: { ...jumpSettings(), jump: 'x@127.0.0.1:1' } }),
      'SSH_UNREACHABLE',
    ],
  ])(
    '%s',
    async (_what, options, wanted) => {
      expect(await outcome(options())).toBe(wanted);
    },
    30_000,
  );

  const jumpVia = (index: number): string =>
    `${hostAt(fleet, index).user}@${hostAt(fleet, index).address}:${hostAt(fleet, index).port}`;
  const jumpSettings = (): JsonObject => ({ jump: jumpVia(1), knownHosts: fleet.knownHostsFile });

  test('a key by content works as one by path', async () => {
    expect(await outcome({ settings: { key: await readFile(fleet.keyFile, 'utf8') } })).toBe('succeeded');
  });

  test('accept-new remembers the first key, and refuses another one later', async () => {
    const accept = withoutKey({ hostKeys: 'accept-new', knownHosts: '/nonexistent' });
    expect(await outcome(accept, 1)).toBe('succeeded');
    const file = join(fleet.directory, 'accepted');
    const { address, port, hostKey } = hostAt(fleet, 1);
    expect(await readFile(file, 'utf8')).toBe(`[${address}]:${port} ${hostKey}\n`);

    await writeFile(file, `[${address}]:${port} ${makeKey().public}\n`);

    expect(await outcome(accept, 1)).toBe('SSH_HOST_KEY_MISMATCH');
  });

  test('a server that drops connections before the handshake is tried again', async () => {
    const proxy = new CuttingProxy(hostAt(fleet, 0));
    const host = await proxy.start((connection) => (connection < 3 ? 1 : null));

    const result = await perform(bench.worker(), 'exec', {
      input: { command: ['true'] },
      context: bench.context(host, { path: 'dropped' }),
    });
    await proxy.stop();

    expect([result.status, proxy.connections]).toEqual(['succeeded', 4]);
  });

  test('forty commands for one host at once share few connections, and all succeed', async () => {
    const proxy = new CuttingProxy(hostAt(fleet, 0));
    const host = await proxy.start(() => null);
    const worker = bench.worker();

    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        perform(worker, 'exec', {
          input: { command: ['true'] },
          context: bench.context(host, { path: `many${index}` }),
        }),
      ),
    );
    await worker.close();
    await proxy.stop();

    expect(results.filter(({ status }) => status === 'succeeded')).toHaveLength(40);
    expect(proxy.connections).toBeLessThanOrEqual(4);
  });

  test('a server with one session per connection is still served', async () => {
    const small = await startFleet({ hosts: 1, kind: await fleetKind(), sshdOptions: ['MaxSessions 1'] });
    const other = new Bench(small);
    const worker = other.worker();
    try {
      const calls = Array.from({ length: 8 }, (_, index) =>
        perform(worker, 'exec', {
          input: { command: ['true'] },
          context: other.context(hostAt(small, 0), { path: `one${index}` }),
        }),
      );

      expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(
        Array.from({ length: 8 }, () => 'succeeded'),
      );
    } finally {
      await other.close();
      await small.stop();
    }
  });

  test('an idle connection is closed, and the output of its finished jobs is collected; the exit record stays (D3)', async () => {
    let now = Date.now();
    const worker = bench.worker({ idleMs: 150, now: () => now });
    const call = {
      input: { command: ['echo', 'kept'] },
      context: bench.context(hostAt(fleet, 2), { path: 'collected' }),
    };
    await perform(worker, 'exec', call);
    now += 120_000;
    const jobs = join(hostAt(fleet, 2).home, '.mainstay', 'jobs');
    await eventually(
      async () =>
        (await readdir(await onlyJob(jobs))).includes('rc') && !(await readdir(await onlyJob(jobs))).includes('stdout'),
    );

    const again = await perform(worker, 'exec', call);

    expect([again.status, again.result['exitCode'], again.result['stdout']]).toEqual(['succeeded', 0, '']);
  });

  test('jobs one after the other are served by one shell; where it is killed, by another one', async () => {
    const worker = bench.worker();
    const shellOf = async (path: string): Promise<number> => {
      const { result } = await perform(worker, 'run', {
        input: { script: 'echo "$PPID"' },
        context: bench.context(hostAt(fleet, 1), { path }),
      });
      return Number(result['stdout']);
    };

    const [first, second] = [await shellOf('shell1'), await shellOf('shell2')];
    process.kill(first, 'SIGKILL');
    const third = await shellOf('shell3');

    expect(first).toBeGreaterThan(0);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(third).toBeGreaterThan(0);
  });

  test('a connection that is never idle has the output of its finished jobs collected all the same (D3)', async () => {
    let now = Date.now();
    const worker = bench.worker({ now: () => now });
    const jobs = join(hostAt(fleet, 2).home, '.mainstay', 'jobs');
    const call = (path: string): Promise<unknown> =>
      perform(worker, 'exec', {
        input: { command: ['echo', 'kept'] },
        context: bench.context(hostAt(fleet, 2), { path }),
      });
    await call('busy-before');
    now += 10 * 60_000;

    await call('busy-after');

    const names = await readdir(jobs);
    const [before = '', after = ''] = ['busy-before', 'busy-after'].map((path) => names.find((n) => n.includes(path)));
    await eventually(async () => (await readdir(join(jobs, before))).join() === 'rc');
    expect(await readdir(join(jobs, after))).toContain('stdout');
  });
});

describe('a hundred hosts', () => {
  test('take one command each at once', async () => {
    const fleet = await startFleet({ hosts: 100, kind: await fleetKind() });
    const bench = new Bench(fleet);
    // A busy machine needs its time for a hundred logins at once.
    const worker = bench.worker({ connectWithinMs: 30_000 });
    try {
      const call = (path: string): Promise<readonly (Json | undefined)[]> =>
        Promise.all(
          fleet.hosts.map(async (host) => {
            const { status, result } = await perform(worker, 'exec', {
              input: { command: ['printenv', 'SIM_HOST'] },
              context: bench.context(host, { path }),
            });
            return status === 'succeeded' ? result['stdout'] : status;
          }),
        );

      expect(await call('cold')).toEqual(fleet.hosts.map(({ name }) => name));
      expect(await call('warm')).toEqual(fleet.hosts.map(({ name }) => name));
    } finally {
      await bench.close();
      await fleet.stop();
    }
  }, 60_000);
});

async function onlyJob(jobs: string): Promise<string> {
  const name = (await readdir(jobs)).find((entry) => entry.includes('collected'));
  if (name === undefined) throw new Error('Cannot find the job');
  return join(jobs, name);
}
