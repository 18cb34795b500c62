/**
 * npm run chaos -- [--of runs|changes] [--kills N] [--seed S] [--json]
 *
 * Kills with SIGKILL at random moments of rollouts whose steps append a line to a file on the host: mostly the worker, now and then the
 * API, the Temporal server, or everything at once, supervisor included. Afterwards every line must stand exactly once, and every run must
 * have succeeded, as its `mainstay run --wait` saw it. Of changes: each is approved, carried out in its window, stopped by its gate and
 * backed out; afterwards its hosts are as before, and every step was done and undone exactly once.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startFleet } from '../test/support/fleet/fleet';
import { ChangeLoad } from './chaos/change-load';
import { readEffects } from './chaos/effects-log';
import { killAtRandom } from './chaos/kills';
import { Load } from './chaos/load';
import { reportOf, tableOf } from './chaos/report';
import { Victim } from './chaos/victim';

const hostCount = 6;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      of: { type: 'string', default: 'runs' },
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  const dataDirectory = await mkdtemp(join(tmpdir(), 'mainstay-chaos-'));
  const fleet = await startFleet({ hosts: hostCount });
  const victim = await Victim.start(dataDirectory);
  try {
    const load =
      values.of === 'changes' ? await ChangeLoad.start(dataDirectory, fleet) : await Load.start(dataDirectory, fleet);
    const kills = await killAtRandom(victim, { count: Number(values.kills), seed: Number(values.seed), fleet });
    const runs = await load.finish();
    const lines = await readEffects(fleet);
    const report = reportOf({ kills, lines, runs, effects: load.judge(lines, runs), fleet: fleet.kind });
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : tableOf(report));
    if (!report.right) process.exitCode = 1;
    for (const run of runs.filter((one) => one.outcome !== 'succeeded'))
      process.stderr.write(`${JSON.stringify(run)}\n`);
  } finally {
    await victim.stop();
    await fleet.stop();
    // What went wrong can be looked at afterwards.
    if (process.exitCode === 1) process.stderr.write(`kept: ${dataDirectory}\n`);
    else await rm(dataDirectory, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
