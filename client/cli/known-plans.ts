import { z } from 'zod';

import { RunRow } from '../api/schema';
import { bareHash, parsePlan } from '../../activities/plans/plan-bundle';
import type { PlanBundle } from '../../activities/plans/plan-bundle';
import type { ApiClient } from './api-client';
import { apiPath } from '../typed/path';

/** The plan of a run whose hash this is, if one of the last runs had it. */
export async function planOfRuns(api: ApiClient, hash: string): Promise<PlanBundle | null> {
  const { runs } = await api.get('/runs', { limit: 1_000 }, z.object({ runs: z.array(RunRow) }));
  const run = runs.find((row) => bareHash(row.planHash) === bareHash(hash));
  return run === undefined ? null : planOfRun(api, run);
}

/** The plan of a run from the store of the engine, with its host shards. */
export async function planOfRun(
  api: ApiClient,
  { id, planDigest }: { readonly id: string; readonly planDigest: string },
): Promise<PlanBundle> {
  const read = (digest: string): Promise<Uint8Array> => readBlob(api, digest, id);
  const plan = parsePlan(await read(planDigest));
  const shards = [...new Set(Object.values(plan.targetSets).flatMap((set) => set.shards))];
  const blobs = await Promise.all(shards.map(async (shard) => [shard, await read(shard)] as const));
  return { plan, blobs: Object.fromEntries(blobs) };
}

async function readBlob(api: ApiClient, digest: string, run: string): Promise<Uint8Array> {
  const { base64 } = await api.get(apiPath`/blobs/${digest}`, { run }, z.object({ base64: z.base64() }));
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
