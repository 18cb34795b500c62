import type { Here } from './here';

/** What was locked for the change at its start is given back (R-CONF-4). */
export async function freeItems({ effects, input }: Here): Promise<void> {
  await effects.lookUp('freeItems', { changeId: input.change.id, at: effects.now() });
}
