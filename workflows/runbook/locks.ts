import type { Failure } from '../domain/failure';
import { isInterruption } from '../effects';
import type { Here } from './here';
import { receiveLockNews } from './inbox';
import { whileWaiting } from './life';
import type { ConcurrencyPlan } from './plan';

/** D13: a release that was not announced, or whose announcement was lost, is seen after this at the latest. */
export const recheckMs = 300_000;

/** Waits until all of them are held at once; entered again, it finds what it holds already. */
export async function takeLocks(names: readonly string[], path: string, here: Here): Promise<void> {
  if (names.length === 0 || here.input.check) return;
  const asked = { path, names: [...names].sort() };
  const heard = here.state.lockNews;
  const heldBy = await tryLocks(asked, here);
  if (heldBy === null) return;
  await waitForLocks({ asked, heard, reason: `locks held or asked for before by ${heldBy.join(', ')}` }, here);
}

interface Asked {
  readonly path: string;
  readonly names: readonly string[];
  readonly anyOf?: boolean;
  readonly wait?: boolean;
}

/** `heard` before it asked: news that came meanwhile counts. */
interface LockWaiting {
  readonly asked: Asked;
  readonly heard: number;
  readonly reason: string;
}

/** Whoever no longer waits gives up its place: others must not stand behind nobody. */
async function waitForLocks({ asked, heard, reason }: LockWaiting, here: Here): Promise<void> {
  const about = `locks:${asked.path}`;
  try {
    await whileWaiting({ about, reason, held: false }, here, () => tryUntilGranted(asked, heard, here));
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') await giveBack(asked, here);
    throw error;
  }
}

async function tryUntilGranted(asked: Asked, heardBefore: number, here: Here): Promise<void> {
  const { state, effects } = here;
  for (let heard = heardBefore; ;) {
    await effects.waitFor(() => state.lockNews !== heard, effects.now() + recheckMs);
    heard = state.lockNews;
    if ((await tryLocks(asked, here)) === null) return;
  }
}

export async function freeLocks(path: string, here: Here): Promise<void> {
  const held = here.state.locks.find((locks) => locks.path === path);
  if (held !== undefined) await giveBack(held, here);
}

async function giveBack({ path, names }: Asked, here: Here): Promise<void> {
  const { state, effects } = here;
  const runId = here.input.run.id;
  const { due } = await effects.lookUp('releaseLocks', { runId, path, names });
  state.locks = state.locks.filter((locks) => locks.path !== path);
  if (due.includes(runId)) receiveLockNews(state);
  const others = due.filter((id) => id !== runId);
  if (others.length > 0) await effects.wake(others);
}

/** Of a step and all that it holds: what failed inside it and was tolerated still has its own. */
export async function freeLocksBelow(path: string, here: Here): Promise<void> {
  await freeLocksOf((held) => held === path || held.startsWith(`${path}/`), here);
}

/** Everything that the run still holds, newest first. */
export async function freeAllLocks(here: Here): Promise<void> {
  await freeLocksOf(() => true, here);
}

export async function freeLocksOf(isMeant: (path: string) => boolean, here: Here): Promise<void> {
  for (const { path } of here.state.locks.toReversed()) if (isMeant(path)) await freeLocks(path, here);
}

/** Names that differ from host to host stand in the plan beside the hosts. */
export async function hostLocksOf(
  at: string,
  hosts: { readonly set: string; readonly indices: readonly number[] },
  here: Here,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (let from = 0; from < hosts.indices.length; from += hostsPerLookUp) {
    const indices = hosts.indices.slice(from, from + hostsPerLookUp);
    const { planDigest } = here.input;
    names.push(...(await here.effects.lookUp('hostLocks', { planDigest, set: hosts.set, indices, at })).names);
  }
  return [...new Set(names)];
}

const hostsPerLookUp = 100;

/** `concurrency` is `limit` numbered places, each a lock: whoever finds none free waits or is refused. */
export async function takePlace(plan: ConcurrencyPlan | undefined, here: Here): Promise<Failure | null> {
  if (plan === undefined || here.input.check) return null;
  const { key, limit, onConflict } = plan;
  const names = Array.from({ length: limit }, (_, index) => `concurrency/${key}/${index + 1}`);
  const asked = { path: concurrencyPath, names, anyOf: true, wait: onConflict !== 'refuse' };
  const heard = here.state.lockNews;
  if ((await tryLocks(asked, here)) === null) return null;
  if (!asked.wait) return { code: 'CONCURRENCY_REFUSED', message: `Cannot start the run: "${key}" is in use` };
  await waitForLocks({ asked, heard, reason: `another run of "${key}" goes on` }, here);
  return null;
}

const concurrencyPath = 'concurrency';

/** Null: they are held. Else the runs that are in the way. */
async function tryLocks(asked: Asked, here: Here): Promise<readonly string[] | null> {
  const { path } = asked;
  if (here.state.locks.some((held) => held.path === path)) return null;
  const answer = await here.effects.lookUp('acquireLocks', { runId: here.input.run.id, ...asked });
  if (answer.token === null) return answer.heldBy;
  here.state.locks = [...here.state.locks, { path, names: answer.names }];
  return null;
}
