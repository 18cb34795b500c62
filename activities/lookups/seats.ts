import type { Store } from '../../platform/store/store';
import { seatName } from '../../workflows/domain/seats';
import type { Lookups } from '../../workflows/effects';
import type { PlanHost } from '../../workflows/runbook/plan';
import type { Plans } from '../runtime/plans';

interface Stored {
  readonly store: Store;
  readonly plans: Plans;
}

/** R-ROLL-1, D13: the stream `locks` is the one owner of the seats of all runs. */
export async function acquireSeats(
  { store, plans }: Stored,
  { runId, path, planDigest, at, set, indices, limits }: Lookups['acquireSeats']['asked'],
): Promise<Lookups['acquireSeats']['answer']> {
  const hosts = (await plans.hosts(planDigest, set, indices)).map((host) => seatsOf(host, at));
  const request = { runId, path, names: hosts.flat(), seats: { hosts, limits }, at: Date.now() };
  const { token, names, heldBy, isStuck = false } = await store.locks.acquire(request);
  if (token === null) return { hosts: 0, heldBy, isStuck };
  const granted = new Set(names);
  const refused = hosts.findIndex((seats) => !seats.every((name) => granted.has(name)));
  return { hosts: refused === -1 ? hosts.length : refused, heldBy: [], isStuck: false };
}

export async function releaseSeats(
  { store, plans }: Stored,
  { runId, path, planDigest, at, set, back, out }: Lookups['releaseSeats']['asked'],
): Promise<Lookups['releaseSeats']['answer']> {
  const namesOf = async (indices: readonly number[]): Promise<readonly string[]> =>
    (await plans.hosts(planDigest, set, indices)).flatMap((host) => seatsOf(host, at));
  const now = Date.now();
  await store.locks.release({ runId, path, names: await namesOf(back), at: now, by: 'engine' });
  await store.locks.orphan({ runId, names: await namesOf(out), at: now });
  return { due: await store.locks.due() };
}

function seatsOf({ name, steps }: PlanHost, at: string): readonly string[] {
  return (steps[at]?.redundancy ?? []).map((group) => seatName(group, name));
}
