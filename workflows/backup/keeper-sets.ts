import type { KeeperHere } from './keeper-here';
import type { KnownSet } from './messages';

/** As the journal has them: what the keeper has noted is written first. */
export async function keeperSets({ input, effects }: KeeperHere): Promise<readonly KnownSet[]> {
  await effects.flush();
  return (await effects.lookUp('backupSets', { plan: input.plan })).sets;
}
