import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { catalogue } from '../../activities/index';
import type { LoadedRehearsal } from '../../definitions/document';
import { definitionFiles, resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import { lintDocuments } from '../../definitions/lint';
import type { Problem } from '../../definitions/problems';
import type { RehearsalRequest } from '../../workflows/rehearsal';
import type { Plan, PlanHost } from '../../workflows/runbook/plan';
import type { PlanBundle } from '../../activities/plans/plan-bundle';
import { refuse } from '../../activities/plans/inventory';
import { makePlan } from '../../activities/plans/make-plan';
import { ownSecrets } from '../../activities/plans/secrets';
import { readGiven, tiersAround } from './tiers';

/** A rehearsal that is ready to be played, or why it is not. */
export interface PreparedRehearsal {
  readonly name: string;
  readonly file: string;
  readonly request:
    | { readonly ok: true; readonly value: RehearsalRequest }
    | { readonly ok: false; readonly problems: readonly Problem[] };
}

export type Prepared =
  | { readonly ok: true; readonly rehearsals: readonly PreparedRehearsal[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Every document of kind Rehearsal in the files and folders, with the plan of its runbook. */
export async function prepareRehearsals(
  paths: readonly string[],
  options: { readonly library?: string } = {},
): Promise<Prepared> {
  const given = readGiven([...new Set(paths.flatMap(definitionFiles))]);
  const problems = [...given.problems, ...lintDocuments(given.documents, { catalogue })];
  if (problems.length > 0) return { ok: false, problems };
  const tiers = tiersAround(given, { beside: given.files, library: options.library });
  const rehearsals = given.documents.filter((document) => document.kind === 'Rehearsal');
  return { ok: true, rehearsals: await Promise.all(rehearsals.map((document) => prepare(document, tiers))) };
}

async function prepare(document: LoadedRehearsal, tiers: Tiers): Promise<PreparedRehearsal> {
  const { file, metadata, spec } = document;
  const planned = await planFor(document, tiers);
  const request = planned.ok
    ? { ok: true as const, value: { plan: planned.bundle.plan, hosts: hostsOf(planned.bundle), script: spec } }
    : planned;
  return { name: metadata.name, file, request };
}

function planFor({ file, spec }: LoadedRehearsal, tiers: Tiers): ReturnType<typeof makePlan> {
  const runbook = resolveReference('Runbook', spec.runbook, tiers);
  if (!runbook.ok) return Promise.resolve(refuse(file, runbook.code, runbook.message));
  const inventory = spec.inventory === undefined ? undefined : besideOrNamed(file, spec.inventory);
  return makePlan({
    runbook: runbook.document,
    tiers,
    files: new Map(),
    inventories: tiers.flat().filter((document) => document.kind === 'Inventory'),
    inputs: spec.inputs ?? {},
    secrets: ownSecrets(),
    ...(inventory === undefined ? {} : { inventory }),
  });
}

function besideOrNamed(file: string, inventory: string): string {
  const path = join(dirname(file), inventory);
  return existsSync(path) ? path : inventory;
}

function hostsOf({ plan, blobs }: PlanBundle): RehearsalRequest['hosts'] {
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
