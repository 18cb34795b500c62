import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { lightPlan, lightProvider, nowhere } from '../test/support/light-provider';
import type { Engine } from './engine';
import type { Figure } from './figure';
import { publish } from './runs';

const atOnce = 10;
const giveUpAfterMs = 600_000;

const Acted = z.object({ operation: z.string() });
const Operations = z.object({
  operations: z.array(z.object({ id: z.string(), outcome: z.string().nullable(), reason: z.string() })),
});

/** So many plans of a provider that does nothing: a backup of each, then a drill of all of them at once. Each must PASS. */
export async function drillsAtOnce(engine: Engine, count: number): Promise<readonly Figure[]> {
  const plans = Array.from({ length: count }, (_none, index) => `drill-${index}`);
  await publish(engine, [nowhere, ...lightProvider(), ...plans.map((plan) => lightPlan(plan, 'team/board'))]);
  await all(engine, plans, 'run');
  const began = Date.now();
  await all(engine, plans, 'drill');
  return [
    {
      name: `${count} drills at once of a provider that does nothing, until the last has passed`,
      value: Date.now() - began,
      unit: 'ms',
      target: 'all pass',
    },
  ];
}

/** Until each of them has succeeded, which of a drill is PASS. */
async function all(engine: Engine, plans: readonly string[], action: 'run' | 'drill'): Promise<void> {
  const ids = new Set<string>();
  await Promise.all(
    Array.from({ length: atOnce }, async (_none, lane) => {
      for (let index = lane; index < plans.length; index += atOnce) {
        const path = `/backups/${plans[index] ?? ''}/${action}`;
        ids.add((await engine.api.post(path, { body: { actor: 'user/anna' } }, Acted)).operation);
      }
    }),
  );
  const kind = action === 'run' ? 'backup' : 'drill';
  for (const giveUpAt = Date.now() + giveUpAfterMs; Date.now() < giveUpAt; await sleep(500)) {
    const { operations } = await engine.api.get('/backup-operations', { kind, limit: 1_000 }, Operations);
    const own = operations.filter(({ id }) => ids.has(id));
    const wrong = own.find(({ outcome }) => outcome !== null && outcome !== 'succeeded');
    if (wrong !== undefined)
      throw new Error(`Cannot take the figure: ${kind} ${wrong.id} ended ${wrong.outcome ?? ''}: ${wrong.reason}`);
    if (own.length === ids.size && own.every(({ outcome }) => outcome === 'succeeded')) return;
  }
  throw new Error(`Cannot take the figure: not every ${kind} ended in ${giveUpAfterMs / 1000} s`);
}
