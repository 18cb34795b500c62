import { z } from 'zod';

import { summarise } from '../../workflows/domain/task-summary';
import type { PlannedWave, TaskSummary } from '../../workflows/domain/task-summary';
import { plannedWaves } from '../../workflows/domain/waves';
import type { Store, TaskRow } from './store';

type Shelf = Pick<Store, 'views' | 'blobs' | 'changes'>;

/** A task as a voter sees it; `zone`: of the reader. */
export async function readTaskSummary(store: Shelf, task: TaskRow, zone: string | null): Promise<TaskSummary> {
  const [run, change] = await Promise.all([store.views.run(task.runId), store.changes.get(task.runId)]);
  const planDigest = run?.planDigest ?? change?.plan?.planDigest;
  const waves = planDigest === undefined ? [] : await wavesOfPlan(store, planDigest);
  const asked = [...new Set((task.asked ?? []).map(({ actor }) => actor))];
  return summarise({ task, run, asked, waves, instant: (at, own) => instantText(at, own ?? zone) });
}

const Size = z.union([z.object({ count: z.number() }), z.object({ percent: z.number() })]);
const Rollout = z.object({
  kind: z.literal('rollout'),
  id: z.string(),
  set: z.string(),
  waves: z.array(Size),
  domains: z.array(z.object({ name: z.string(), end: z.number() })).exactOptional(),
});
const StoredPlan = z.object({
  program: z.object({ steps: z.array(z.json()) }),
  targetSets: z.record(z.string(), z.object({ count: z.number(), shards: z.array(z.string()) })),
});
const Shard = z.object({ hosts: z.array(z.object({ name: z.string() })) });

/** Hosts of each wave of each rollout of a stored plan. Nobody is kept from voting by a plan that cannot be shown. */
async function wavesOfPlan({ blobs }: Shelf, planDigest: string): Promise<readonly PlannedWave[]> {
  const plan = StoredPlan.safeParse(await readJson(blobs, planDigest));
  if (!plan.success) return [];
  const { program, targetSets } = plan.data;
  const planned: PlannedWave[] = [];
  for (const rollout of rolloutsIn(program.steps)) {
    const target = targetSets[rollout.set];
    if (target === undefined) continue;
    const shards = await Promise.all(target.shards.map((digest) => readJson(blobs, digest)));
    const names = shards.flatMap((shard) => Shard.safeParse(shard).data?.hosts ?? []).map(({ name }) => name);
    for (const { index, start, end } of plannedWaves(rollout, target.count))
      planned.push({ step: rollout.id, index, hosts: names.slice(start, end) });
  }
  return planned;
}

/** Also those within groups, branches and cases. */
function rolloutsIn(value: unknown): readonly z.infer<typeof Rollout>[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Rollout.safeParse(value);
  if (own.success) return [own.data];
  return Object.values(value).flatMap((inner) => rolloutsIn(inner));
}

async function readJson(blobs: Store['blobs'], digest: string): Promise<unknown> {
  const bytes = await blobs.get(digest);
  return bytes === null ? null : JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** In the reader's zone and in UTC: a window in mail must not be mistaken for another hour. */
export function instantText(at: number, zone: string | null): string {
  const utc = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (zone === null || zone === 'UTC') return utc;
  if (!isZone(zone)) return utc;
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at);
  return `${local} ${zone} (${utc})`;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
