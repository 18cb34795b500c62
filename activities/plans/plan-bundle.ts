import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { Plan } from '../../workflows/runbook/plan';

/** A plan with everything that it names: what `plan -o` writes, and what starts a run. */
export interface PlanBundle {
  readonly plan: Plan;
  /** Host shards and files, by SHA-256. */
  readonly blobs: { readonly [digest: string]: Uint8Array };
}

const digestText = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * A plan was made by the compiler, and its hash is checked against its content where it starts; so its inside is looked at
 * no deeper than the interpreter's first step needs.
 */
const PlanShape = z.custom<Plan>(isPlan, 'not a plan');

/** As text: the blobs are base64. */
export const EncodedBundle = z.object({ plan: PlanShape, blobs: z.record(digestText, z.base64()) });
export type EncodedBundle = z.infer<typeof EncodedBundle>;

export const PlanFile = EncodedBundle.extend({ format: z.literal('mainstay/plan-file/1') });
export type PlanFile = z.infer<typeof PlanFile>;

export function encodeBundle(bundle: PlanBundle): EncodedBundle {
  const blobs = Object.entries(bundle.blobs).map(
    ([digest, bytes]) => [digest, Buffer.from(bytes).toString('base64')] as const,
  );
  return { plan: bundle.plan, blobs: Object.fromEntries(blobs) };
}

export function decodeBundle(encoded: EncodedBundle): PlanBundle {
  const blobs = Object.entries(encoded.blobs).map(
    ([digest, text]) => [digest, new Uint8Array(Buffer.from(text, 'base64'))] as const,
  );
  return { plan: encoded.plan, blobs: Object.fromEntries(blobs) };
}

/** A plan from the bytes that the store or a file kept. */
export function parsePlan(bytes: Uint8Array): Plan {
  return PlanShape.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/** Hashes are written with and without `sha256:` in front. */
export function bareHash(hash: string): string {
  return hash.replace(/^sha256:/, '');
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function isPlan(value: unknown): value is Plan {
  return PlanOutline.safeParse(value).success;
}

const PlanOutline = z.object({
  format: z.literal('mainstay/plan/1'),
  planHash: z.string().regex(/^(sha256:)?[0-9a-f]{64}$/),
  program: z.object({
    definition: z.object({
      name: z.string(),
      version: z.string(),
      title: z.string(),
      owner: z.string(),
      digest: z.string(),
    }),
    inputs: z.record(z.string(), z.json()),
    vars: z.record(z.string(), z.json()),
    secrets: z.record(z.string(), z.string()),
    connections: z.record(z.string(), z.json()),
    locks: z.array(z.string()),
    steps: z.array(z.object({ at: z.string(), id: z.string(), kind: z.string(), verb: z.string() })),
    finally: z.array(z.object({ at: z.string(), id: z.string(), kind: z.string(), verb: z.string() })),
    outputs: z.record(z.string(), z.json()),
  }),
  targetSets: z.record(z.string(), z.object({ count: z.int().min(0), shards: z.array(digestText) })),
});
