/**
 * npm run bench [-- --json]
 * npm run bench -- live …: what is told live (see live.ts)
 * npm run bench -- lists [--runs 20000], npm run bench -- payload: these figures alone
 *
 * Figures side by side in one run, on an engine of its own: steps against a hand-written workflow, sustained runs, one command on
 * 100 hosts against the usual tools, compiling for 10,000 hosts, a year of 1,000 backup plans, answering one of 100,000 changes, 200 drills at once,
 * and what encrypting payloads costs.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { changeFigures } from './changes';
import { drillsAtOnce } from './drills';
import { compileFigures } from './compile';
import type { Engine } from './engine';
import { startEngine } from './engine';
import { fanOut } from './fan-out';
import { forecastFigures } from './forecast';
import type { Figure } from './figure';
import { printTable } from './figure';
import { liveBench } from './live';
import { listFigures } from './lists';
import { openRival } from './hand-written/rival';
import { payloadFigures } from './payload';
import { activityRunbook, fanOutRunbook, lightRunbook, team, twoStepRunbook } from './runbooks';
import { publish, timeRun } from './runs';
import { median } from './statistics';
import { throughput } from './throughput';
import { waitingChanges } from './waiting-changes';

const steps = 40;
const rounds = 7;

async function main(): Promise<void> {
  if (process.argv[2] === 'live') return liveBench(process.argv.slice(3));
  if (process.argv[2] === 'lists') return print(await listFigures(process.argv.slice(3)));
  if (process.argv[2] === 'payload') return print(await payloadFigures());
  const dataDirectory = await mkdtemp(join(tmpdir(), 'mainstay-bench-'));
  const figures: Figure[] = [
    ...(await compileFigures(10_000)),
    ...(await forecastFigures(1_000)),
    ...(await changeFigures(100_000)),
    ...(await listFigures([])),
    ...(await payloadFigures()),
  ];
  const engine = await startEngine(dataDirectory);
  try {
    await publish(engine, [
      team,
      lightRunbook(steps),
      activityRunbook(steps),
      twoStepRunbook('light'),
      twoStepRunbook('activities'),
      fanOutRunbook,
    ]);
    figures.push(...(await sequences(engine, dataDirectory)));
    figures.push(...(await throughput(engine, 'activities', '≥ 40')), ...(await throughput(engine, 'light', '≥ 80')));
    figures.push(...(await fanOut(engine)));
    figures.push(...(await waitingChanges(engine, 2_000)));
    figures.push(...(await drillsAtOnce(engine, 200)));
  } finally {
    await engine.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
  print(figures);
}

function print(figures: readonly Figure[]): void {
  process.stdout.write(
    process.argv.includes('--json')
      ? `${JSON.stringify(figures)}\n`
      : `${printTable(figures)}\n${JSON.stringify(figures)}\n`,
  );
}

/** Round by round in turn, so that a machine that slows down slows both. */
async function sequences(engine: Engine, dataDirectory: string): Promise<readonly Figure[]> {
  const { temporal } = Endpoint.parse(JSON.parse(await readFile(join(dataDirectory, 'endpoint.json'), 'utf8')));
  const rival = await openRival(temporal.address, temporal.namespace);
  const times = { light: none(), activities: none(), rivalLight: none(), rivalActivities: none() };
  for (let round = 0; round < rounds; round += 1) {
    times.light.push(await timeRun(engine, 'light'));
    times.rivalLight.push(await rival.time('lightSteps', steps));
    times.activities.push(await timeRun(engine, 'activities'));
    times.rivalActivities.push(await rival.time('activitySteps', steps));
  }
  await rival.close();
  return [
    {
      name: `${steps} light steps, journaled`,
      value: median(times.light),
      unit: 'ms',
      target: '≤ 150',
      against: { name: 'hand-written', value: median(times.rivalLight) },
    },
    {
      name: `${steps} steps as activities`,
      value: median(times.activities),
      unit: 'ms',
      target: '≤ 1.25 times',
      against: { name: 'hand-written', value: median(times.rivalActivities) },
    },
  ];
}

const Endpoint = z.object({ temporal: z.object({ address: z.string(), namespace: z.string() }) });

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});

function none(): number[] {
  return [];
}
