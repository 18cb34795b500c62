import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { dataPaths, readToken } from '../../platform/data-directory';
import { readEndpoint } from '../../platform/endpoint';
import { Victim } from '../chaos/victim';
import { median } from '../statistics';
import { RunLoad } from './load';
import { MemoryWatch } from './memory';
import type { MemorySample } from './memory';
import { compare, readTold } from './told';
import { Viewer } from './viewer';

export interface SoakOptions {
  readonly minutes: number;
  readonly viewers: number;
  /** API and worker are killed in turn during the first half; in the second half the memory of one life is watched. */
  readonly kills: boolean;
  readonly runsPerSecond: number;
}

export interface SoakReport {
  readonly viewers: number;
  readonly seconds: number;
  readonly runs: number;
  readonly kills: { readonly api: number; readonly worker: number };
  readonly events: number;
  /** Over all viewers. */
  readonly comings: number;
  readonly missed: number;
  readonly twice: number;
  readonly outOfOrder: number;
  readonly letGo: number;
  /** Entries of the journal without a place in the feed. */
  readonly unfed: number;
  readonly memory: {
    readonly firstMb: number;
    readonly lastMb: number;
    readonly mostMb: number;
    /** Of the longest life, in ten parts. */
    readonly course: readonly number[];
  };
  readonly right: boolean;
}

const killEveryMs = 8_000;
/** What is under way when the load stops comes to its end, and to everybody. */
const settleMs = 10_000;

/** Everything that happens, told to many viewers while API and worker die: each must have been told each entry once, in order. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'mainstay-live-'));
  const victim = await Victim.start(dataDirectory);
  let isRunning = true;
  try {
    const paths = dataPaths(dataDirectory);
    const { url } = (await readEndpoint(paths)) ?? { url: '' };
    const place = { url, token: await readToken(paths) };
    // From the beginning: nobody has to know when "now" was.
    const all = Array.from({ length: options.viewers }, () => new Viewer({ ...place, path: '/events?after=0' }));
    const load = await RunLoad.begin(place, options.runsPerSecond);
    const memory = new MemoryWatch(dataDirectory);
    const kills = await live(victim, options);
    await load.stop();
    await sleep(settleMs);
    memory.stop();
    await Promise.all(all.map((viewer) => viewer.leave()));
    await victim.stop();
    isRunning = false;
    const told = await readTold(paths.store);
    return reportOf({ options, all, told, kills, runs: load.started, samples: memory.samples });
  } finally {
    if (isRunning) await victim.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

async function live(victim: Victim, { minutes, kills }: SoakOptions): Promise<SoakReport['kills']> {
  const endAt = Date.now() + minutes * 60_000;
  const peaceAt = Date.now() + minutes * 30_000;
  const done = { api: 0, worker: 0 };
  while (kills && Date.now() < peaceAt) {
    await sleep(killEveryMs);
    const kind = done.api > done.worker ? 'worker' : 'api';
    if ((await victim.kill(kind)) === null) continue;
    done[kind] += 1;
    await victim.answers();
  }
  await sleep(Math.max(0, endAt - Date.now()));
  return done;
}

interface Finished {
  readonly options: SoakOptions;
  readonly all: readonly Viewer[];
  readonly told: { readonly positions: readonly number[]; readonly missing: number };
  readonly kills: SoakReport['kills'];
  readonly runs: number;
  readonly samples: readonly MemorySample[];
}

function reportOf({ options, all, told, kills, runs, samples }: Finished): SoakReport {
  const compared = all.map(({ positions }) => compare(positions, told.positions));
  const outOfOrder = all.filter(({ positions }) => positions.some((one, at) => one < (positions[at - 1] ?? 0))).length;
  const sums = {
    comings: sum(all.map(({ comings }) => comings)),
    missed: sum(compared.map(({ gaps }) => gaps)) + sum(all.map(({ gaps }) => gaps)),
    twice: sum(compared.map(({ twice }) => twice)),
    letGo: sum(all.map(({ slow }) => slow)),
  };
  return {
    viewers: options.viewers,
    seconds: options.minutes * 60,
    runs,
    kills,
    events: told.positions.length,
    ...sums,
    outOfOrder,
    unfed: told.missing,
    memory: memoryOf(samples),
    right: sums.missed + sums.twice + outOfOrder + told.missing === 0 && told.positions.length > 0,
  };
}

/** Of the longest life: its first third, without what it takes to come up, against its last. */
function memoryOf(samples: readonly MemorySample[]): SoakReport['memory'] {
  const lives = [...new Set(samples.map(({ pid }) => pid))].map((pid) => samples.filter((one) => one.pid === pid));
  const longest = lives.toSorted((one, other) => other.length - one.length)[0] ?? [];
  const third = Math.ceil(longest.length / 3);
  const at = (part: number): number => Math.floor((longest.length * part) / 10);
  const mb = (some: readonly MemorySample[]): number => median(some.map(({ rssMb }) => rssMb));
  return {
    firstMb: mb(longest.slice(5, third)),
    lastMb: mb(longest.slice(-third)),
    mostMb: Math.max(...samples.map(({ rssMb }) => rssMb)),
    course: Array.from({ length: 10 }, (_, part) => Math.round(mb(longest.slice(at(part), at(part + 1))))),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
