import { z } from 'zod';

import type { ChangePreview as ChangePreviewType } from '../../activities/changes/preview';
import type { ConflictAnswer } from '../../workflows/change/messages';
import type { ChangeRow as ChangeRowType } from '../../platform/store/change-row';
import type { ChangeView as ChangeViewType } from '../change-view';
import { ChangeModel } from '../../workflows/change/schema';
import { Refusals } from './refusals';
import { Scope, TaskRow } from './schema';
import { Next } from './page';

/** Shapes of what the API answers about changes. Times are epoch milliseconds. */

const Work = z.object({ p95Ms: z.number(), lastTaskStartP95Ms: z.number(), backOutP95Ms: z.number() });

const Times = z.object({
  endMs: z.number(),
  cutoffAtMs: z.number(),
  askAtMs: z.number(),
  decideAtMs: z.number(),
});

const row = {
  id: z.string(),
  number: z.number(),
  title: z.string(),
  model: z.string(),
  assessed: z.object({ type: z.string(), score: z.number(), risk: z.string(), by: z.string() }).nullable(),
  phase: z.string(),
  standing: z.enum(['idle', 'planned', 'under-way', 'over']),
  claimedAt: z.number().nullable(),
  reason: z.string(),
  phaseAt: z.number(),
  requester: z.string(),
  draft: z.json(),
  scope: Scope,
  window: z.object({ startMs: z.number(), endMs: z.number(), cutoffMs: z.number() }).nullable(),
  preparationMs: z.number(),
  assignees: z.array(z.string()),
  plan: z
    .object({
      generation: z.number(),
      planHash: z.string(),
      planDigest: z.string(),
      definition: z.string(),
      hosts: z.number(),
      work: Work.exactOptional(),
      source: z.string().exactOptional(),
    })
    .nullable(),
  hash: z.string(),
  conflicts: z.object({ at: z.string(), verdict: z.string(), conflicts: z.json(), checkedAt: z.number() }).nullable(),
  difference: z.array(z.string()),
  flags: z.array(z.string()),
  startedAt: z.number().nullable(),
  runId: z.string().nullable(),
  review: z.object({ outcome: z.string(), text: z.string(), tickets: z.json(), draft: z.json() }).nullable(),
  outcome: z.string().nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  stateDigest: z.string().nullable(),
};

export const ChangeRow: z.ZodType<ChangeRowType> = z.object(row);

const Wave = z.object({
  path: z.string(),
  wave: z.number(),
  hosts: z.number(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  failed: z.number().nullable(),
});

const RunOfChange = z.object({
  id: z.string(),
  number: z.number(),
  state: z.enum(['pending', 'running', 'waiting', 'paused', 'closed']),
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'undone', 'undo-failed', 'checked']).nullable(),
  degraded: z.boolean(),
  waves: z.array(Wave),
  tasks: z.array(TaskRow),
});

export const TimelineEntry = z.object({ at: z.number(), actor: z.string(), text: z.string() });

export const ChangeView: z.ZodType<ChangeViewType & { readonly refused: Refusals }> = z.object({
  /** What the caller may not do to it, and why. */
  refused: Refusals,
  ...row,
  items: z.array(z.string()),
  times: Times.nullable(),
  tasks: z.array(TaskRow),
  run: RunOfChange.nullable(),
  names: z.record(z.string(), z.string()),
  timeline: z.array(TimelineEntry),
});

export const ChangeList = z.object({ changes: z.array(ChangeRow), next: Next });

/** What an act was answered with: the change as it is now, and what to look out for. */
export const ActedOn = z.object({ change: ChangeRow, warnings: z.array(z.string()) });

/** Conflicts have many forms, and people read the lines. */
const Conflicts: z.ZodType<ConflictAnswer> = z.object({
  verdict: z.enum(['clear', 'warned', 'unresolved', 'held', 'blocked']),
  conflicts: z.custom<ConflictAnswer['conflicts']>(Array.isArray, 'not a list'),
  total: z.number(),
  lines: z.array(z.string()),
  heldBy: z.array(z.string()),
});

const Planned = z.object({
  model: z.object({ name: z.string(), version: z.string(), type: z.enum(['standard', 'normal', 'emergency']) }),
  assessment: z.object({
    score: z.number(),
    risk: z.enum(['low', 'moderate', 'high']),
    answers: z.record(z.string(), z.string()),
  }),
  plan: z.object({
    planHash: z.string(),
    definition: z.object({
      name: z.string(),
      version: z.string(),
      title: z.string(),
      owner: z.string(),
      digest: z.string(),
    }),
    hosts: z.number(),
    work: Work,
    source: z.enum(['history', 'few-runs', 'runbook', 'timeout']),
  }),
  items: z.array(z.string()),
  times: Times,
  approvers: z.array(
    z.object({
      level: z.string(),
      slot: z.string(),
      candidates: z.array(z.string()),
      quorum: z.string(),
      people: z.array(z.string()),
    }),
  ),
  conflicts: Conflicts,
});

export const ChangePreview: z.ZodType<ChangePreviewType> = z.object({
  problems: z.array(z.object({ code: z.string(), message: z.string() })),
  planned: Planned.nullable(),
});

export const ChangeModelList = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      title: z.string(),
      /** It comes with Mainstay; one that is published under its name takes its place. */
      isShipped: z.boolean(),
      spec: ChangeModel,
    }),
  ),
});
