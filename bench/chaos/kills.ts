import { setTimeout as sleep } from 'node:timers/promises';

import type { Fleet } from '../../test/support/fleet/fleet';
import { readEffects, timesToGoOn } from './effects-log';
import type { KillKind, Victim } from './victim';

export interface Kill {
  readonly kind: KillKind;
  readonly atMs: number;
  /** Of the API: until it answered again. What else dies is missed by the runs, and the hosts tell for how long. */
  readonly answeredAfterMs: number | null;
}

/** Some kills hit a recovery, some a rollout that has gone on for a while. */
const shortestGapMs = 300;
const longestGapMs = 3_500;
const longestWaitMs = 20_000;

export interface KillOptions {
  readonly count: number;
  readonly seed: number;
  readonly fleet: Fleet;
}

export async function killAtRandom(victim: Victim, { count, seed, fleet }: KillOptions): Promise<readonly Kill[]> {
  const random = generator(seed);
  const kills: Kill[] = [];
  while (kills.length < count) {
    await sleep(shortestGapMs + random() * (longestGapMs - shortestGapMs));
    const kind = kindOf(kills.length + 1);
    const atMs = await victim.kill(kind);
    if (atMs === null) continue;
    process.stderr.write(`kill ${kills.length + 1}/${count}: ${kind}\n`);
    if (kind === 'api') await victim.answers();
    kills.push({ kind, atMs, answeredAfterMs: kind === 'api' ? Date.now() - atMs : null });
    // Every other recovery is left in peace, and so can be measured; the next kill may hit the others.
    if (random() < 0.5) await untilGoneOn(fleet, atMs);
  }
  return kills;
}

async function untilGoneOn(fleet: Fleet, killedAtMs: number): Promise<void> {
  const deadline = Date.now() + longestWaitMs;
  while (Date.now() < deadline) {
    const [afterMs] = timesToGoOn([{ atMs: killedAtMs }], await readEffects(fleet));
    if (afterMs !== null && afterMs !== undefined) return;
    await sleep(100);
  }
}

/** Of ten: six times the worker, twice the API, once everything, once the server. */
function kindOf(number: number): KillKind {
  switch (number % 10) {
    case 3:
    case 8:
      return 'api';
    case 5:
      return 'everything';
    case 0:
      return 'server';
    default:
      return 'worker';
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
