import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { childEnvironment } from '../platform/config';
import { fleetInventory } from '../examples/demo/fleet-inventory';
import type { Fleet } from '../test/support/fleet/fleet';
import { startFleet } from '../test/support/fleet/fleet';
import type { Engine } from './engine';
import type { Figure } from './figure';
import { publish, timeRun } from './runs';
import { median } from './statistics';

const run = promisify(execFile);
const hostCount = 100;

/** One command on 100 hosts: the first time (no connection yet), again, and what others need for it. */
export async function fanOut(engine: Engine): Promise<readonly Figure[]> {
  const fleet = await startFleet({ hosts: hostCount });
  try {
    await publish(engine, [fleetInventory(fleet, 'team/bench')]);
    const cold = await timeRun(engine, 'fan-out', 'fleet');
    const warm: number[] = [];
    for (let index = 0; index < 3; index += 1) warm.push(await timeRun(engine, 'fan-out', 'fleet'));
    const others = await rivals(fleet);
    const figures: readonly Figure[] = [
      { name: `one command on ${hostCount} hosts, cold`, value: cold, unit: 'ms', target: '≤ 1300' },
      { name: `one command on ${hostCount} hosts, warm`, value: median(warm), unit: 'ms', target: '≤ 500' },
    ];
    return [
      ...figures,
      ...others.map((other) => ({
        name: 'the same, cold',
        value: cold,
        unit: 'ms' as const,
        target: '',
        against: other,
      })),
    ];
  } finally {
    await fleet.stop();
  }
}

/** Left out where they are not installed. */
async function rivals(fleet: Fleet): Promise<readonly { readonly name: string; readonly value: number }[]> {
  const directory = await mkdtemp(join(tmpdir(), 'mainstay-bench-'));
  try {
    const inventory = join(directory, 'hosts');
    await writeFile(
      inventory,
      fleet.hosts
        .map(
          (host) => `${host.name} ansible_host=${host.address} ansible_port=${host.port} ansible_user=${host.user}\n`,
        )
        .join(''),
    );
    const ssh = `-o UserKnownHostsFile=${fleet.knownHostsFile} -o IdentitiesOnly=yes`;
    const first = fleet.hosts[0];
    const port = first === undefined ? 22 : first.port;
    return await timed([
      {
        name: 'ansible -m raw -f 100',
        command: 'ansible',
        args: [
          'all',
          '-i',
          inventory,
          '-m',
          'raw',
          '-a',
          'uname -n',
          '-f',
          '100',
          '--private-key',
          fleet.keyFile,
          // A value that begins with a dash must be one word with its option.
          `--ssh-common-args=${ssh}`,
        ],
      },
      {
        name: 'pdsh -R ssh -f 100',
        command: 'pdsh',
        args: [
          '-R',
          'ssh',
          '-f',
          '100',
          '-l',
          first?.user ?? '',
          '-w',
          fleet.hosts.map((host) => host.address).join(','),
          'uname -n',
        ],
        environment: { PDSH_SSH_ARGS_APPEND: `-i ${fleet.keyFile} -p ${port} ${ssh}` },
      },
    ]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Rival {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

async function timed(rivals: readonly Rival[]): Promise<readonly { readonly name: string; readonly value: number }[]> {
  const figures: { readonly name: string; readonly value: number }[] = [];
  for (const rival of rivals) {
    const startedAt = performance.now();
    try {
      await run(rival.command, [...rival.args], {
        env: childEnvironment({ ...rival.environment }),
        maxBuffer: 10_000_000,
      });
      figures.push({ name: rival.name, value: performance.now() - startedAt });
    } catch (error) {
      process.stderr.write(
        `left out: ${rival.name}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}\n`,
      );
    }
  }
  return figures;
}
