import { z } from 'zod';

import type { Plan } from '../../workflows/runbook/plan';

/** A plan with what it names: host shards and files, by digest. */
export interface PlanWithBlobs {
  readonly plan: Plan;
  readonly blobs: ReadonlyMap<string, Uint8Array> | { readonly [digest: string]: Uint8Array };
}

const NamedHosts = z.object({ hosts: z.array(z.looseObject({ name: z.string() })) });

/** A host as the plan holds it, read back for display. */
export type ShownHost = z.infer<typeof NamedHosts>['hosts'][number];

/** Hosts of a target set in order; a shard that is not at hand is left out. */
export function planHosts(bundle: PlanWithBlobs, set: string): readonly ShownHost[] {
  const digests = bundle.plan.targetSets[set]?.shards ?? [];
  return digests.flatMap((digest) => {
    const bytes = blobOf(bundle, digest);
    return bytes === undefined ? [] : NamedHosts.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).hosts;
  });
}

export function hostNames(bundle: PlanWithBlobs, set: string): readonly string[] {
  return planHosts(bundle, set).map((host) => host.name);
}

function blobOf({ blobs }: PlanWithBlobs, digest: string): Uint8Array | undefined {
  return blobs instanceof Map ? blobs.get(digest) : Object.getOwnPropertyDescriptor(blobs, digest)?.value;
}
