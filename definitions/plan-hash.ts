import { createHash } from 'node:crypto';

import { canonicalJson } from '../workflows/domain/canonical-json';
import type { Json, JsonObject } from '../workflows/domain/json';
import { isList } from '../workflows/domain/json-values';
import type { Plan } from '../workflows/runbook/plan';

export interface PlanHashes {
  /** What approvals are given to: `sha256:` and the hash of everything material. */
  readonly planHash: string;
  /** Where the plan lies in the store: SHA-256 (hex) of its canonical bytes. */
  readonly planDigest: string;
}

/** Equal inputs give equal hashes on every machine. */
export function hashPlan(plan: Plan): PlanHashes {
  const planHash = materialHash(plan);
  return { planHash, planDigest: sha256(planBytes({ ...plan, planHash })) };
}

/** The bytes of a plan as the store keeps them. */
export function planBytes(plan: Plan): Uint8Array {
  return Buffer.from(canonicalJson(asJson(plan)));
}

/** What of a plan is material (D5): not titles, descriptions, the definition's version, or the names of policies. */
export function materialHash(plan: Pick<Plan, 'program' | 'targetSets'>): string {
  return materialHashOf(asJson({ program: plan.program, targetSets: plan.targetSets }));
}

/** The same of a plan that was read from somewhere, and that nobody has looked into. */
export function materialHashOf({ program, targetSets }: JsonObject): string {
  const json = { ...(program === undefined ? {} : { program }), ...(targetSets === undefined ? {} : { targetSets }) };
  return `sha256:${sha256(Buffer.from(canonicalJson(material(json))))}`;
}

/** Plain JSON by construction; the way through its text is what says so to the compiler. */
export function asJson(value: object): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(value));
  return json;
}

/** Data of authors: it is material as a whole, whatever its keys are called. */
const opaque: ReadonlySet<string> = new Set([
  'literal',
  'inputs',
  'vars',
  'inventory',
  'form',
  'schema',
  'accepts',
  'outputTypes',
]);

export function material(value: Json): Json {
  if (isList(value)) return value.map((item) => material(item));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([key, member]) => {
    if (isTitle(value, key)) return [];
    if (key === 'definition') return [[key, definitionOf(member)] as const];
    return [[key, opaque.has(key) ? member : material(member)] as const];
  });
  return Object.fromEntries(members);
}

function isTitle(owner: JsonObject, key: string): boolean {
  const isStep = 'kind' in owner && 'verb' in owner && 'at' in owner;
  const isApproval = 'policy' in owner && 'onReject' in owner;
  const isPolicy = 'levels' in owner && 'leadMs' in owner;
  return ((isStep || isPolicy) && key === 'name') || (isApproval && key === 'title');
}

/** The owner's secrets are what a run may resolve, and its members are asked when the engine needs a decision. */
function definitionOf(member: Json): Json {
  if (typeof member !== 'object' || member === null || isList(member)) return null;
  return { name: member['name'] ?? null, owner: member['owner'] ?? null };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
