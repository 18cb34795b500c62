import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine } from '../engine';

export interface Kill {
  readonly child: 'worker' | 'server';
  readonly atMs: number;
}

/** Some kills hit a recovery, some a rollout that has gone on for a while. */
const shortestGapMs = 1_000;
const longestGapMs = 8_000;

export async function killAtRandom(
  engine: Engine,
  options: { readonly count: number; readonly seed: number },
): Promise<readonly Kill[]> {
  const random = generator(options.seed);
  const kills: Kill[] = [];
  while (kills.length < options.count) {
    await sleep(shortestGapMs + random() * (longestGapMs - shortestGapMs));
    const child = (kills.length + 1) % 10 === 0 ? 'server' : 'worker';
    const pid = await engine.pidOf(child);
    if (pid === null || !kill(pid)) continue;
    kills.push({ child, atMs: Date.now() });
    process.stderr.write(`kill ${kills.length}/${options.count}: ${child}\n`);
  }
  return kills;
}

/** False when it had gone by itself in between. */
function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** Mulberry32: the same seed gives the same pauses, so that a bad run can be tried again. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
