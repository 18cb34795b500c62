import type { Engine } from './engine';
import type { Figure } from './figure';
import { durationOf, endedRuns, start } from './runs';
import { percentile } from './statistics';

const runCount = 200;
const startsAtOnce = 20;

/** Two-step runs as fast as they go, then the wait from start to end at half that rate. */
export async function throughput(
  engine: Engine,
  kind: 'light' | 'activities',
  wanted: string,
): Promise<readonly Figure[]> {
  const definition = `two-${kind}`;
  const beganAt = performance.now();
  await Promise.all(Array.from({ length: startsAtOnce }, () => startMany(engine, definition, runCount / startsAtOnce)));
  await endedRuns(engine, definition, runCount);
  const rate = runCount / ((performance.now() - beganAt) / 1000);
  await startAtRate(engine, definition, rate / 2);
  const waits = (await endedRuns(engine, definition, runCount)).map(durationOf);
  return [
    { name: `two-step runs, ${kind}`, value: rate, unit: 'runs/s', target: wanted },
    { name: `p99 start to end at half that rate, ${kind}`, value: percentile(waits, 99), unit: 'ms', target: '< 1000' },
  ];
}

async function startMany(engine: Engine, definition: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await start(engine, definition);
}

async function startAtRate(engine: Engine, definition: string, perSecond: number): Promise<void> {
  const beganAt = performance.now();
  const starts: Promise<string>[] = [];
  for (let index = 0; index < runCount; index += 1) {
    const dueAt = beganAt + (index * 1000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAt - performance.now())));
    starts.push(start(engine, definition));
  }
  await Promise.all(starts);
}
