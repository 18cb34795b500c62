import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { z } from 'zod';

import { startProgram } from '../../support/child-process';
import { fleetKind, startFleet, startSimulatedFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { processesOf } from '../../support/fleet/processes';
import { Bench, eventually, hostAt, perform } from './support';

describe('a simulated fleet', () => {
  let fleet: Fleet;
  let bench: Bench;

  beforeAll(async () => {
    fleet = await startSimulatedFleet({ hosts: 3 });
    bench = new Bench(fleet);
  });
  afterAll(async () => {
    await bench.close();
    await fleet.stop();
  });

  test('gives each host a home and a name of its own', async () => {
    const worker = bench.worker();
    const asked = fleet.hosts.map((host) =>
      perform(worker, 'exec', { input: { command: ['printenv', 'HOME', 'SIM_HOST'] }, context: bench.context(host) }),
    );

    const answers = (await Promise.all(asked)).map(({ result }) => result['stdout']);

    expect(answers).toEqual(fleet.hosts.map(({ home, name }) => `${home}\n${name}`));
  });

  test('what runs goes on when its connections break, and is found again', async () => {
    const file = join(hostAt(fleet, 1).home, 'effects');
    const watched = perform(bench.worker(), 'run', {
      input: { script: 'echo once >>"$HOME/effects"; sleep 1; echo end' },
      context: bench.context(hostAt(fleet, 1), { path: 'cut' }),
    });
    await eventually(async () => (await readFile(file, 'utf8')) !== '');

    await fleet.dropConnections('h2');

    expect((await watched).result).toMatchObject({ exitCode: 0, stdout: 'end' });
    expect(await readFile(file, 'utf8')).toBe('once\n');
  });

  test('a host that was stopped is unreachable until it is started again', async () => {
    const call = (path: string): ReturnType<typeof perform> =>
      perform(bench.worker({ connectWithinMs: 300 }), 'exec', {
        input: { command: ['true'] },
        context: bench.context(hostAt(fleet, 2), { path }),
      });
    await fleet.stopHost('h3');
    const away = await call('away');
    await fleet.startHost('h3');

    expect([away.error?.code, (await call('back')).status]).toEqual(['SSH_UNREACHABLE', 'succeeded']);
  });

  test('serves as a jump host', async () => {
    const { user, address, port } = hostAt(fleet, 0);
    const settings = { jump: `${user}@${address}:${port}`, knownHosts: fleet.knownHostsFile };

    const result = await perform(bench.worker(), 'exec', {
      input: { command: ['true'] },
      context: bench.context(hostAt(fleet, 1), { path: 'jump', settings }),
    });

    expect(result.status).toBe('succeeded');
  });
});

describe('a fleet of either kind', () => {
  test('leaves no process behind when it is stopped, not even of jobs that still run', async () => {
    const fleet = await startFleet({ hosts: 1, kind: await fleetKind() });
    const bench = new Bench(fleet);
    const { result } = await perform(bench.worker(), 'run', {
      input: { script: 'sleep 300 >/dev/null & printenv MAINSTAY_FLEET' },
      context: bench.context(hostAt(fleet, 0)),
    });
    const id = result['stdout'];
    if (typeof id !== 'string') throw new Error('Cannot test: the fleet has no mark');
    expect(await processesOf(id)).not.toEqual([]);

    await bench.close();
    await fleet.stop();

    expect(await processesOf(id)).toEqual([]);
  });

  test('ends with the process that started it, even by SIGKILL', async () => {
    const support = (name: string): string => JSON.stringify(join(__dirname, '..', '..', 'support', name));
    const program = startProgram(`
      require(${support('typescript-child.js')});
      require(${support('fleet/fleet.ts')})
        .startFleet({ hosts: 3 })
        .then(({ hosts, directory }) => console.log(JSON.stringify({ hosts, directory })));
      setInterval(() => {}, 1000);
    `);
    const { hosts, directory } = Started.parse(JSON.parse(await program.line));
    expect(await Promise.all(hosts.map(listens))).toEqual([true, true, true]);

    program.process.kill('SIGKILL');
    await program.ended;

    await eventually(async () => (await Promise.all(hosts.map(listens))).every((one) => !one));
    await rm(directory, { recursive: true });
  });
});

const Started = z.object({
  hosts: z.array(z.object({ address: z.string(), port: z.number() })),
  directory: z.string(),
});

function listens(place: { readonly address: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place.port, place.address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
