import type { Failure } from '../domain/failure';
import type { Here } from './here';
import { whileWaiting } from './life';
import type { ConcurrencyPlan } from './plan';

const firstCheckMs = 1000;
/** D13: at least this often. */
const longestCheckMs = 300_000;

/** Waits until all of them are held at once; entered again, it finds what it holds already. */
export async function takeLocks(names: readonly string[], path: string, here: Here): Promise<void> {
  if (names.length === 0 || here.input.check) return;
  const sorted = [...names].sort();
  const heldBy = await tryLocks(sorted, path, here);
  if (heldBy === null) return;
  const waiting = { about: `locks:${path}`, reason: `locks held by ${heldBy.join(', ')}`, held: false };
  await whileWaiting(waiting, here, () => tryUntil(async () => (await tryLocks(sorted, path, here)) === null, here));
}

/** D13: a release that nobody announces is looked for, ever more seldom. */
async function tryUntil(isGranted: () => Promise<boolean>, here: Here): Promise<void> {
  for (let checkMs = firstCheckMs; ; checkMs = Math.min(checkMs * 2, longestCheckMs)) {
    await here.effects.sleep(checkMs);
    if (await isGranted()) return;
  }
}

export async function freeLocks(path: string, here: Here): Promise<void> {
  const held = here.state.locks.find((locks) => locks.path === path);
  if (held === undefined) return;
  const { id } = here.input.run;
  await here.effects.lookUp('releaseLocks', { runId: id, path, names: held.names });
  here.state.locks = here.state.locks.filter((locks) => locks.path !== path);
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
  if (await tryPlaces(plan, here)) return null;
  if (plan.onConflict === 'refuse')
    return { code: 'CONCURRENCY_REFUSED', message: `Cannot start the run: "${plan.key}" is in use` };
  const waiting = { about: concurrencyPath, reason: `another run of "${plan.key}" goes on`, held: false };
  await whileWaiting(waiting, here, () => tryUntil(() => tryPlaces(plan, here), here));
  return null;
}

async function tryPlaces({ key, limit }: ConcurrencyPlan, here: Here): Promise<boolean> {
  for (let place = 1; place <= limit; place += 1) {
    if ((await tryLocks([`concurrency/${key}/${place}`], concurrencyPath, here)) === null) return true;
  }
  return false;
}

const concurrencyPath = 'concurrency';

async function tryLocks(names: readonly string[], path: string, here: Here): Promise<readonly string[] | null> {
  if (here.state.locks.some((held) => held.path === path)) return null;
  const { id } = here.input.run;
  const answer = await here.effects.lookUp('acquireLocks', { runId: id, path, names });
  if (answer.token === null) return answer.heldBy;
  here.state.locks = [...here.state.locks, { path, names }];
  return null;
}
