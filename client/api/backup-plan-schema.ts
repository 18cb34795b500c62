import { z } from 'zod';

import type { PlanInForce as PlanInForceType } from '../../workflows/backup/messages';

/** A backup plan with every default filled in, as the API tells it. */

const Missed = z.enum(['skip', 'run-once-late', 'run-all']);
const Repository = z.object({ location: z.string(), password: z.string().nullable() });

const Select = z.discriminatedUnion('how', [
  z.object({ how: z.literal('latest') }),
  z.object({ how: z.literal('random'), fromDays: z.number(), toDays: z.number() }),
  z.object({ how: z.literal('specific'), set: z.string() }),
]);

const Drill = z.object({
  scheduled: z.boolean(),
  missed: Missed,
  select: Select,
  host: z.string(),
  inventory: z.string().nullable(),
  directory: z.string(),
  identity: z.object({ hostName: z.string(), marker: z.string(), system: z.string() }),
  isolate: z.boolean(),
  stableForMs: z.number(),
  mutations: z.array(z.string()),
  maxAgeMs: z.number().nullable(),
});

export const PlanInForce: z.ZodType<PlanInForceType> = z.object({
  name: z.string(),
  version: z.string(),
  digest: z.string(),
  owner: z.string(),
  service: z.string(),
  provider: z.string(),
  roles: z.array(z.string()),
  inventory: z.string().nullable(),
  host: z.string(),
  source: z.array(z.string()),
  with: z.record(z.string(), z.json()),
  repositories: z.object({ primary: Repository, offsite: Repository.nullable() }),
  backups: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['full', 'differential', 'incremental']),
      scheduled: z.boolean(),
      missed: Missed,
    }),
  ),
  zone: z.string(),
  quiesce: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
  trendPercent: z.number(),
  readPercent: z.number(),
  deepVerify: z.object({ missed: Missed }).nullable(),
  prunes: z.boolean(),
  minimumRedundancy: z.number(),
  graceMs: z.number(),
  drill: Drill.nullable(),
  objectives: z.object({ rpoMs: z.number().nullable(), rtoMs: z.number().nullable() }),
  watch: z.object({
    everyMs: z.number(),
    minFreeBytes: z.number(),
    maxClockSkewMs: z.number(),
    maxLagMs: z.number(),
  }),
  approvers: z.object({ restore: z.array(z.string()), holds: z.array(z.string()) }),
});
