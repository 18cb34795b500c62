import type { Failure } from '../domain/failure';
import type { Here } from './here';
import { recordGoingOn, recordLife } from './journal';
import type { ConcurrencyPlan } from './plan';

const firstCheckMs = 1000;
/** D13: a lock whose release nobody announced is looked for this often. */
const longestCheckMs = 300_000;

/** Waits until all of them are held at once; entered again, it finds what it holds already. */
export async function takeLocks(names: readonly string[], path: string, here: Here): Promise<void> {
  if (names.length === 0 || here.input.check) return;
  const sorted = [...names].sort();
  for (let checkMs = firstCheckMs; ; checkMs = Math.min(checkMs * 2, longestCheckMs)) {
    const heldBy = await tryLocks(sorted, path, here);
    if (heldBy === null) return checkMs > firstCheckMs ? recordGoingOn(here, 'locks granted') : undefined;
    recordLife(here, 'waiting', `locks held by ${heldBy.join(', ')}`);
    await here.effects.sleep(checkMs);
  }
}

export async function freeLocks(path: string, here: Here): Promise<void> {
  const held = here.state.locks.find((locks) => locks.path === path);
  if (held === undefined) return;
  const { id } = here.input.run;
  await here.effects.lookUp('releaseLocks', { runId: id, path, names: held.names });
  here.state.locks = here.state.locks.filter((locks) => locks.path !== path);
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
  for (let checkMs = firstCheckMs; ; checkMs = Math.min(checkMs * 2, longestCheckMs)) {
    for (let place = 1; place <= plan.limit; place += 1) {
      const heldBy = await tryLocks([`concurrency/${plan.key}/${place}`], concurrencyPath, here);
      if (heldBy === null) {
        if (checkMs > firstCheckMs) recordGoingOn(here, 'its place is free');
        return null;
      }
    }
    if (plan.onConflict === 'refuse')
      return { code: 'CONCURRENCY_REFUSED', message: `Cannot start the run: "${plan.key}" is in use` };
    recordLife(here, 'waiting', `another run of "${plan.key}" goes on`);
    await here.effects.sleep(checkMs);
  }
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
