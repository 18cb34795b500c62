import { z } from 'zod';

import type {
  PlanDescription as PlanDescriptionType,
  StepDescription as StepDescriptionType,
} from '../../definitions/plan-view';

/** A plan as people read it before they approve it. */

const Estimate = z.discriminatedUnion('source', [
  z.object({
    source: z.enum(['fixed', 'history', 'few-runs', 'runbook', 'timeout']),
    p50Ms: z.number(),
    p90Ms: z.number(),
    p95Ms: z.number(),
  }),
  z.object({ source: z.literal('none') }),
]);

const Wave = z.object({
  index: z.number(),
  count: z.number(),
  hosts: z.array(z.string()),
  domain: z.string().nullable(),
});

export const StepDescription: z.ZodType<StepDescriptionType> = z.lazy(() =>
  z.object({
    at: z.string(),
    id: z.string(),
    verb: z.string(),
    name: z.string().nullable(),
    does: z.array(z.string()),
    effect: z.enum(['read', 'idempotent', 'keyed', 'journaled', 'probed', 'unsafe']).nullable(),
    as: z.string().nullable(),
    where: z.string().nullable(),
    condition: z.string().nullable(),
    locks: z.array(z.string()),
    undo: z.array(z.string()).nullable(),
    waves: z.array(Wave),
    gate: z.array(z.string()),
    policy: z.string().nullable(),
    asks: z.array(z.string()),
    details: z.array(z.string()),
    steps: z.array(z.object({ label: z.string(), steps: z.array(StepDescription) })),
  }),
);

export const PlanDescription: z.ZodType<PlanDescriptionType> = z.object({
  planHash: z.string(),
  definition: z.object({ name: z.string(), version: z.string(), title: z.string(), owner: z.string() }),
  inputs: z.record(z.string(), z.json()),
  onFailure: z.string(),
  locks: z.array(z.string()),
  hostCount: z.number(),
  teams: z.record(z.string(), z.array(z.string()).nullable()),
  prediction: z.object({ ms: z.number(), atLeast: z.boolean(), waitsForPeople: z.boolean() }),
  estimate: z.object({ forward: Estimate, backOut: Estimate }),
  steps: z.array(StepDescription),
  finally: z.array(StepDescription),
});
