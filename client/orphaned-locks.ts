import type { Locks } from '../platform/store/lock-row';

export interface OrphanSearch {
  readonly locks: Pick<Locks, 'list' | 'waits' | 'orphan'>;
  /** Whether the execution of a run goes on. Only Temporal knows: what the journal says may be a moment behind. */
  readonly isAlive: (runId: string) => Promise<boolean>;
  readonly now: () => number;
}

/**
 * Locks whose run is over without having released them: an undo that was given up, an execution that was terminated. They stay in
 * the way until the run goes on or a person frees them (D13). What such a run waits for, nobody is to stand behind. Answers how many
 * runs were found.
 */
export async function markOrphans({ locks, isAlive, now }: OrphanSearch): Promise<number> {
  const held = (await locks.list()).filter((lock) => lock.state === 'held');
  let found = 0;
  for (const runId of new Set([...held, ...(await locks.waits())].map((each) => each.runId))) {
    if (await isAlive(runId)) continue;
    await locks.orphan({ runId, at: now() });
    found += 1;
  }
  return found;
}
