import { z } from 'zod';

import type { Problem as ProblemType } from '../../definitions/problems';
import { EncodedBundle } from '../../activities/plans/plan-bundle';
import { Next } from './page';
import { PlanDescription } from './plan-schema';

/** Shapes of what authors send and are told. */

export const Source = z.strictObject({
  /** Stands for the file in problems. */
  name: z.string().min(1).max(500),
  text: z.string(),
  /** What lies beside it, in base64. */
  files: z.record(z.string(), z.base64()).default({}),
});

export const Sources = z.array(Source).min(1).max(1_000);

/** One thing that is wrong with what an author wrote. */
export const AuthoringProblem: z.ZodType<ProblemType> = z.object({
  code: z.string(),
  file: z.string(),
  line: z.number(),
  column: z.number(),
  path: z.string(),
  message: z.string(),
  found: z.string().nullable(),
  accepted: z.array(z.string()),
  nearest: z.string().nullable(),
  hint: z.string(),
});

export const Linted = z.object({ problems: z.array(AuthoringProblem) });

export const PreviewedPlan = z.object({
  problems: z.array(AuthoringProblem),
  /** Null: see the problems. */
  plan: PlanDescription.nullable(),
  /** The plan itself, as a run would be started with it. */
  bundle: EncodedBundle.nullable(),
  notes: z.array(z.string()),
});

export const VersionList = z.object({
  /** Newest first. */
  versions: z.array(
    z.object({
      version: z.string(),
      digest: z.string(),
      publishedAt: z.number().nullable(),
      publishedBy: z.string().nullable(),
    }),
  ),
});

export const DefinitionDiff = z.object({
  from: z.object({ version: z.string(), text: z.string() }),
  to: z.object({ version: z.string(), text: z.string() }),
  /** What differs in meaning, one line each. */
  changes: z.array(z.string()),
});

export const InventoryList = z.object({
  next: Next,
  inventories: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      title: z.string(),
      owner: z.string(),
      labels: z.record(z.string(), z.string()),
      /** Null: its source is asked when it is looked at. */
      hosts: z.number().nullable(),
    }),
  ),
});

export const InventoryHosts = z.object({
  /** In the order of the document. Variables are left out: they may say what is nobody's business. */
  hosts: z.array(
    z.object({
      name: z.string(),
      address: z.string(),
      port: z.number().exactOptional(),
      user: z.string().exactOptional(),
      labels: z.record(z.string(), z.string()),
      groups: z.array(z.string()),
    }),
  ),
  groups: z.record(z.string(), z.array(z.string())),
  /** How many there are of those that were asked for. */
  total: z.number(),
  /** Ask on with this as `after`; null: there is nothing further. */
  next: z.string().nullable(),
});

export const PersonList = z.object({
  next: Next,
  people: z.array(
    z.object({
      reference: z.string(),
      name: z.string().nullable(),
      email: z.string().nullable(),
      zone: z.string().nullable(),
      active: z.boolean(),
      teams: z.array(z.string()),
    }),
  ),
});

export const TeamList = z.object({
  next: Next,
  teams: z.array(
    z.object({ reference: z.string(), title: z.string(), version: z.string(), members: z.array(z.string()) }),
  ),
});

export const ScheduleList = z.object({
  next: Next,
  /** The next ones of everything that is scheduled, in order. */
  slots: z.array(
    z.object({
      /** What is scheduled: a plan of backups. */
      kind: z.enum(['backup']),
      name: z.string(),
      service: z.string(),
      /** What of it: the id of a backup, `drill`, `deep-verify`. */
      run: z.string(),
      atMs: z.number(),
      paused: z.boolean(),
    }),
  ),
});
