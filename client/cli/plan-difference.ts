import { z } from 'zod';

import { asJson, material } from '../../definitions/plan-hash';
import type { Json } from '../../workflows/domain/json';
import type { Plan } from '../../workflows/runbook/plan';
import { RunRow } from '../api/schema';
import { bareHash, parsePlan } from '../plan-bundle';
import type { ApiClient } from './api-client';
import { apiPath } from './api-client';

/** The plan of a run whose hash this is, if one of the last runs had it. */
export async function planOfRuns(api: ApiClient, hash: string): Promise<Plan | null> {
  const { runs } = await api.get('/runs', { limit: 1_000 }, z.object({ runs: z.array(RunRow) }));
  const run = runs.find((row) => bareHash(row.planHash) === bareHash(hash));
  return run === undefined ? null : planByDigest(api, run.planDigest);
}

export async function planByDigest(api: ApiClient, digest: string): Promise<Plan> {
  const { base64 } = await api.get(apiPath`/blobs/${digest}`, {}, z.object({ base64: z.base64() }));
  return parsePlan(Buffer.from(base64, 'base64'));
}

/** What is material and differs, a line for each place: `- before`, `+ after`. */
export function planDifference(before: Plan, after: Plan): readonly string[] {
  return [...differences(asMaterial(before), asMaterial(after), '')];
}

function asMaterial({ program, targetSets }: Plan): Json {
  return material(asJson({ program, targetSets }));
}

function* differences(before: Json | undefined, after: Json | undefined, path: string): Generator<string> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const [left, right] = [membersOf(before), membersOf(after)];
    for (const key of new Set([...left.keys(), ...right.keys()])) {
      yield* differences(left.get(key), right.get(key), path === '' ? key : `${path}.${key}`);
    }
    return;
  }
  if (before !== undefined) yield `- ${path}: ${JSON.stringify(before)}`;
  if (after !== undefined) yield `+ ${path}: ${JSON.stringify(after)}`;
}

function isContainer(value: Json | undefined): value is Exclude<Json, null | boolean | number | string> {
  return typeof value === 'object' && value !== null;
}

/** Steps go by their address, so that an inserted one does not shift all others. */
function membersOf(container: Exclude<Json, null | boolean | number | string>): ReadonlyMap<string, Json> {
  if (!isList(container)) return new Map(Object.entries(container));
  return new Map(container.map((member, index) => [addressOf(member) ?? String(index), member]));
}

function addressOf(member: Json): string | null {
  const at = isContainer(member) && !isList(member) ? member['at'] : undefined;
  return typeof at === 'string' ? at : null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
