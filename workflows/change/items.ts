import type { Here } from './here';

/** What was locked for the change at its start is given back (R-CONF-4), and who waits for it is told. */
export async function freeItems({ effects, input }: Here): Promise<void> {
  const { due } = await effects.lookUp('freeItems', { changeId: input.change.id, at: effects.now() });
  if (due.length > 0) await effects.wake(due);
}
