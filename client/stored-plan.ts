import { parsePlan } from '../activities/plans/plan-bundle';
import type { PlanBundle } from '../activities/plans/plan-bundle';
import type { Store } from '../platform/store/store';

/** A plan that was kept, with its host shards as far as the store has them. Null: it has no such plan. */
export async function readStoredPlan({ blobs }: Pick<Store, 'blobs'>, planDigest: string): Promise<PlanBundle | null> {
  const bytes = await blobs.get(planDigest);
  if (bytes === null) return null;
  const plan = parsePlan(bytes);
  const shards: { [digest: string]: Uint8Array } = {};
  for (const digest of new Set(Object.values(plan.targetSets).flatMap((set) => set.shards))) {
    const shard = await blobs.get(digest);
    if (shard !== null) shards[digest] = shard;
  }
  return { plan, blobs: shards };
}
