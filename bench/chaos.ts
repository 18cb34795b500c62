/**
 * npm run chaos -- [--kills N] [--seed S] [--json]
 *
 * Kills the worker (and, every tenth time, the Temporal server) with SIGKILL at random moments of rollouts whose steps append a line to a
 * file on the host. Afterwards every line must stand exactly once and every run must have succeeded.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startFleet } from '../test/support/fleet/fleet';
import { judgeEffects, readEffects, timesToGoOn } from './chaos/effects-log';
import { Load } from './chaos/load';
import { startEngine } from './engine';
import { killAtRandom } from './chaos/kills';
import { median } from './statistics';

const hostCount = 6;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  const dataDirectory = await mkdtemp(join(tmpdir(), 'mainstay-chaos-'));
  const fleet = await startFleet({ hosts: hostCount });
  const engine = await startEngine(dataDirectory);
  try {
    const load = await Load.start(engine, fleet);
    const kills = await killAtRandom(engine, { count: Number(values.kills), seed: Number(values.seed) });
    const runs = await load.finish();
    const lines = await readEffects(fleet);
    const effects = judgeEffects(
      lines,
      runs.map((run) => run.tag),
      fleet.hosts.map((host) => host.name),
    );
    const goingOn = timesToGoOn(
      kills.map((kill) => kill.atMs),
      lines,
    );
    const report = {
      kills: kills.length,
      serverKills: kills.filter((kill) => kill.child === 'server').length,
      runs: runs.length,
      runsEndedRight: runs.filter((run) => run.outcome === 'succeeded').length,
      effectsExpected: effects.expected,
      effectsFound: effects.found,
      repeated: effects.repeated,
      missing: effects.missing,
      medianToGoOnMs: median(goingOn),
      slowestToGoOnMs: Math.max(...goingOn),
      fleet: fleet.kind,
    };
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : table(report));
    const right =
      report.runsEndedRight === report.runs && effects.repeated.length === 0 && effects.missing.length === 0;
    if (!right) process.exitCode = 1;
    for (const run of runs.filter((one) => one.outcome !== 'succeeded'))
      process.stderr.write(`${JSON.stringify(run)}\n`);
  } finally {
    await engine.stop();
    await fleet.stop();
    // What went wrong can be looked at afterwards.
    if (process.exitCode === 1) process.stderr.write(`kept: ${dataDirectory}\n`);
    else await rm(dataDirectory, { recursive: true, force: true });
  }
}

function table(report: Readonly<Record<string, unknown>>): string {
  return Object.entries(report)
    .map(
      ([name, value]) =>
        `${name.padEnd(18)} ${Array.isArray(value) ? (value.length === 0 ? 'none' : value.join(', ')) : String(value)}\n`,
    )
    .join('');
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
