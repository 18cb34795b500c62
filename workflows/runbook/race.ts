import { isInterruption } from '../effects';
import type { Effects } from '../effects';

/**
 * The first to settle wins, unless a loser was suspended while it was made to end: then everything is left as it is, and the race
 * is run again when the run is entered again. Else what the loser had begun (an undo, an entry of the journal) would stay half done.
 */
export async function race<T>(
  effects: Effects,
  tasks: readonly ((effects: Effects) => Promise<T>)[],
  background: readonly ((effects: Effects) => Promise<T>)[] = [],
): Promise<T> {
  let suspended: unknown = null;
  async function watched(task: (inner: Effects) => Promise<T>, inner: Effects): Promise<T> {
    try {
      return await task(inner);
    } catch (error) {
      if (isInterruption(error) && error.reason === 'suspend') suspended = error;
      throw error;
    }
  }
  const first = await effects.race(
    tasks.map((task) => (inner: Effects) => watched(task, inner)),
    background.map((task) => (inner: Effects) => watched(task, inner)),
  );
  if (suspended !== null) throw suspended;
  return first;
}
