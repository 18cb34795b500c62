import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { Engine } from './engine';

const Run = z.object({
  id: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
type Run = z.infer<typeof Run>;
const Runs = z.object({ runs: z.array(Run) });

export async function publish(engine: Engine, texts: readonly string[]): Promise<void> {
  const sources = [{ name: 'bench.yaml', text: texts.join('---\n') }];
  await engine.api.post('/definitions', { body: { sources, actor: 'user/anna' } }, z.unknown());
}

export async function start(engine: Engine, definition: string, inventory?: string): Promise<string> {
  const body = { definition, requester: 'user/anna', ...(inventory === undefined ? {} : { inventory }) };
  return (await engine.api.post('/runs', { body }, z.object({ id: z.string() }))).id;
}

/** Milliseconds from the run's creation to its end, as its journal has them. */
export async function timeRun(engine: Engine, definition: string, inventory?: string): Promise<number> {
  const id = await start(engine, definition, inventory);
  for (;;) {
    const { runs } = await engine.api.get('/runs', { limit: 1 }, Runs);
    const run = runs.find((one) => one.id === id);
    if (run !== undefined && run.state === 'closed') return durationOf(run);
    await sleep(20);
  }
}

/** Waits until the newest `count` runs of a definition have ended, and answers them. */
export async function endedRuns(engine: Engine, definition: string, count: number): Promise<readonly Run[]> {
  for (;;) {
    const { runs } = await engine.api.get('/runs', { definition, limit: count }, Runs);
    if (runs.length === count && runs.every((run) => run.state === 'closed')) return runs;
    await sleep(200);
  }
}

export function durationOf(run: Run): number {
  if (run.outcome !== 'succeeded') throw new Error(`Cannot take the figure: run ${run.id} ended ${run.outcome}`);
  return (run.endedAt ?? Number.NaN) - run.createdAt;
}
