import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { refuse } from '../../activities/plans/inventory';
import { makePlan } from '../../activities/plans/make-plan';
import type { PlanBundle } from '../../activities/plans/plan-bundle';
import { ownSecrets } from '../../activities/plans/secrets';
import type { LoadedRehearsal } from '../../definitions/document';
import { resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import type { RehearsalRequest } from '../../workflows/rehearsal';
import type { Plan, PlanHost } from '../../workflows/runbook/plan';

/** The plan of what is rehearsed: of a runbook, or of a change's runbook. */
export function planFor({ file, spec }: LoadedRehearsal, tiers: Tiers): ReturnType<typeof makePlan> {
  const { change } = spec;
  const runbook = resolveReference('Runbook', spec.runbook ?? change?.runbook ?? '', tiers);
  if (!runbook.ok) return Promise.resolve(refuse(file, runbook.code, runbook.message));
  const inventory = spec.inventory === undefined ? undefined : besideOrNamed(file, spec.inventory);
  return makePlan({
    runbook: runbook.document,
    tiers,
    files: new Map(),
    onDisk: true,
    inventories: tiers.flat().filter((document) => document.kind === 'Inventory'),
    inputs: spec.inputs ?? change?.inputs ?? {},
    secrets: ownSecrets(),
    ...(inventory === undefined ? {} : { inventory }),
  });
}

function besideOrNamed(file: string, inventory: string): string {
  const path = join(dirname(file), inventory);
  return existsSync(path) ? path : inventory;
}

export function hostsOf({ plan, blobs }: PlanBundle): RehearsalRequest['hosts'] {
  const sets = Object.entries(plan.targetSets).map(([key, set]) => [key, hostsOfSet(set, blobs)] as const);
  return Object.fromEntries(sets);
}

function hostsOfSet(set: Plan['targetSets'][string], blobs: PlanBundle['blobs']): readonly PlanHost[] {
  return set.shards.flatMap((digest) => {
    const bytes = blobs[digest];
    return bytes === undefined ? [] : Shard.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).hosts;
  });
}

/** The compiler made these bytes a moment ago: what is looked at is only what tells a host from something else. */
const Shard = z.object({ hosts: z.array(z.custom<PlanHost>((value) => HostOutline.safeParse(value).success)) });

const HostOutline = z.object({
  name: z.string(),
  address: z.string(),
  port: z.int(),
  user: z.string(),
  labels: z.record(z.string(), z.string().nullable()),
  groups: z.array(z.string()),
  vars: z.record(z.string(), z.json()),
  steps: z.record(z.string(), z.json()),
});
