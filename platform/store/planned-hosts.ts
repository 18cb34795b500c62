import { z } from 'zod';

const Shard = z.looseObject({ hosts: z.array(z.looseObject({ name: z.string() })) });
const StoredPlan = z.looseObject({
  targetSets: z.record(z.string(), z.looseObject({ shards: z.array(z.string()) })),
});

interface PlannedSets {
  readonly targetSets: { readonly [set: string]: { readonly shards: readonly string[] } };
}

type ReadBlob = (digest: string) => Promise<Uint8Array | null>;

/** Of a larger fleet the others are looked for among what became of each host, not among runs. */
const mostHosts = 1_000;

/** Names of the first hosts that a plan works on, each once. */
export async function hostsOfPlan(read: ReadBlob, { targetSets }: PlannedSets): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const shard of new Set(Object.values(targetSets).flatMap(({ shards }) => shards))) {
    if (names.size >= mostHosts) break;
    const bytes = await read(shard);
    if (bytes === null) continue;
    for (const { name } of Shard.parse(jsonIn(bytes)).hosts) names.add(name);
  }
  return [...names].slice(0, mostHosts);
}

export async function hostsOfStoredPlan(read: ReadBlob, planDigest: string): Promise<readonly string[]> {
  const bytes = await read(planDigest);
  return bytes === null ? [] : hostsOfPlan(read, StoredPlan.parse(jsonIn(bytes)));
}

function jsonIn(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}
