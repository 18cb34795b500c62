/**
 * npm run chaos -- [--of runs|changes|backups] [--kills N] [--seed S] [--json]
 *
 * Kills with SIGKILL at random moments of rollouts whose steps append a line to a file on the host: mostly the worker, now and then the
 * API, the Temporal server, or everything at once, supervisor included. Afterwards every line must stand exactly once, and every run must
 * have succeeded, as its `mainstay run --wait` saw it. Of changes: each is approved, carried out in its window, stopped by its gate and
 * backed out; afterwards its hosts are as before, and every step was done and undone exactly once. Of backups: backups, drills and prunings
 * of real restic repositories; afterwards each repository is whole and holds what the engine says, and no drill has left anything.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startFleet } from '../test/support/fleet/fleet';
import type { Fleet } from '../test/support/fleet/fleet';
import { BackupLoad } from './chaos/backup-load';
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
  let right = false;
  try {
    const load = await startLoad(values.of, { dataDirectory, fleet });
    const kills = await killAtRandom(victim, { count: Number(values.kills), seed: Number(values.seed), fleet });
    const runs = await load.finish();
    const lines = await readEffects(fleet);
    const report = reportOf({ kills, lines, runs, effects: await load.judge(lines, runs), fleet: fleet.kind });
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : tableOf(report));
    right = report.right;
    for (const run of runs.filter((one) => one.outcome !== 'succeeded'))
      process.stderr.write(`${JSON.stringify(run)}\n`);
  } finally {
    await victim.stop();
    await fleet.stop();
    // What went wrong can be looked at afterwards.
    if (!right) process.exitCode = 1;
    if (!right) process.stderr.write(`kept: ${dataDirectory}\n`);
    else await rm(dataDirectory, { recursive: true, force: true });
  }
}

type AnyLoad = Load | ChangeLoad | BackupLoad;

function startLoad(of: string, { dataDirectory, fleet }: { dataDirectory: string; fleet: Fleet }): Promise<AnyLoad> {
  switch (of) {
    case 'changes':
      return ChangeLoad.start(dataDirectory, fleet);
    case 'backups':
      return BackupLoad.start(dataDirectory, fleet);
    default:
      return Load.start(dataDirectory, fleet);
  }
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
