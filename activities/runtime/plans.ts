import { ApplicationFailure } from '@temporalio/activity';

import type { Store } from '../../platform/store/store';
import { shardPosition } from '../../workflows/domain/shard';
import type { HostShard, Plan, PlanHost } from '../../workflows/runbook/plan';
import { BoundedCache } from './bounded-cache';
import { indexProgram } from './plan-index';
import type { PlanIndex, PlannedCall } from './plan-index';

export interface LoadedPlan {
  readonly plan: Plan;
  readonly index: PlanIndex;
  readonly usesLocks: boolean;
}

/** Plans and host shards from the store, by digest: they never change, so what was loaded once is right for ever. */
export class Plans {
  readonly #plans: BoundedCache<LoadedPlan>;
  readonly #shards: BoundedCache<HostShard>;

  constructor(store: Store) {
    this.#plans = new BoundedCache(32, async (digest) => {
      const plan: Plan = await loadJson(store, digest, 'plan');
      return { plan, index: indexProgram(plan.program), usesLocks: usesLocks(plan) };
    });
    this.#shards = new BoundedCache(256, (digest) => loadJson(store, digest, 'host shard'));
  }

  load(planDigest: string): Promise<LoadedPlan> {
    return this.#plans.get(planDigest);
  }

  async call(planDigest: string, at: string): Promise<PlannedCall> {
    const { index } = await this.load(planDigest);
    const call = index.get(at);
    if (call !== undefined) return call;
    throw ApplicationFailure.nonRetryable(
      `Cannot find step "${at}": the plan has none at this address`,
      'PLAN_STEP_MISSING',
    );
  }

  async hosts(planDigest: string, set: string, indices: readonly number[]): Promise<readonly PlanHost[]> {
    const hosts: PlanHost[] = [];
    for (const index of indices) hosts.push(await this.#host(planDigest, set, index));
    return hosts;
  }

  /** All hosts of a set, in order. */
  async allHosts(planDigest: string, set: string): Promise<readonly PlanHost[]> {
    const { plan } = await this.load(planDigest);
    const shards = await Promise.all((plan.targetSets[set]?.shards ?? []).map((digest) => this.#shards.get(digest)));
    return shards.flatMap((shard) => shard.hosts);
  }

  async #host(planDigest: string, set: string, index: number): Promise<PlanHost> {
    const { plan } = await this.load(planDigest);
    const { shard: number, offset } = shardPosition(index);
    const digest = plan.targetSets[set]?.shards[number];
    const shard = digest === undefined ? undefined : await this.#shards.get(digest);
    const host = shard?.hosts[offset];
    if (host !== undefined) return host;
    const message = `Cannot find host ${index} of target set "${set}": the plan has no such host`;
    throw ApplicationFailure.nonRetryable(message, 'PLAN_HOST_MISSING');
  }
}

/** Whether a step or the run holds a lock, or a rollout seats; the locks of hosts stand in their shards. */
function usesLocks(plan: Plan): boolean {
  return /"locks":\[[^\]]|"redundancy":\{/.test(JSON.stringify(plan.program));
}

/** The digest vouches for the content: it was checked when the plan was stored. */
async function loadJson<T>(store: Store, digest: string, what: string): Promise<T> {
  const bytes = await store.blobs.get(digest);
  if (bytes !== null) return JSON.parse(Buffer.from(bytes).toString('utf8'));
  throw ApplicationFailure.nonRetryable(
    `Cannot load the ${what} ${digest}: the store does not hold it`,
    'PLAN_MISSING',
  );
}
