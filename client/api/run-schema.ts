import { z } from 'zod';

import type { StepView as StepViewType } from '../engine';
import { PlanDescription } from './plan-schema';
import { Refusals } from './refusals';
import { StepStatus, StepView, TaskRow } from './schema';

/** Shapes of what the API answers about parts of a run. */

const StepSummary: z.ZodType<Omit<StepViewType, 'hosts'>> = StepView.omit({ hosts: true });

export const StepList = z.object({ steps: z.array(StepSummary) });

/**
 * What a step came to on one host, short: a grid of thousands is one answer. What is left out is usual: phase `do`, generation 1,
 * unchanged, no delegate, no exit code, no error.
 */
export const HostCell = z.object({
  host: z.string(),
  step: z.string(),
  /** Addresses the output. */
  path: z.string(),
  status: StepStatus,
  phase: z.string().exactOptional(),
  generation: z.number().exactOptional(),
  delegate: z.string().exactOptional(),
  changed: z.literal(true).exactOptional(),
  exitCode: z.number().exactOptional(),
  durationMs: z.number().exactOptional(),
  error: z.object({ code: z.string(), message: z.string() }).exactOptional(),
});
export type HostCell = z.infer<typeof HostCell>;

export const HostPage = z.object({
  hosts: z.array(HostCell),
  /** Ask on with this as `after`; null: there is nothing further. */
  next: z.string().nullable(),
});
export type HostPage = z.infer<typeof HostPage>;

export const RunPlan = z.object({
  planHash: z.string(),
  planDigest: z.string(),
  /** As people read it before they approve it. */
  description: PlanDescription,
  /** How long its parts usually take, by earlier runs: a step at the top, or a wave of a rollout. Null: nobody knows. */
  units: z.array(z.object({ path: z.string(), wave: z.number().nullable(), usuallyMs: z.number().nullable() })),
});

const ChainProblem = z.object({
  seq: z.number(),
  key: z.string(),
  kind: z.enum(['changed', 'missing', 'added', 'reordered']),
  message: z.string(),
});

export const Verified = z.object({
  ok: z.boolean(),
  count: z.number(),
  head: z.string(),
  problems: z.array(ChainProblem),
});
export type Verified = z.infer<typeof Verified>;

const PreviewedStep = z.object({ path: z.string(), id: z.string(), verb: z.string(), status: StepStatus });

export const ResumePreview = z.object({
  /** Why it would be refused as things stand; null: it would not. */
  refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Top-level steps that stand as they are. */
  keeps: z.array(PreviewedStep),
  /** Top-level steps that run again, or for the first time. */
  runs: z.array(PreviewedStep),
  /** Steps of `finally`; they always run. */
  finally: z.array(PreviewedStep),
  /** Where the first of them goes on: hosts that failed or were cut off, or those that were named. Empty: it has no hosts, or none was begun. */
  hosts: z.array(z.string()),
});
export type ResumePreview = z.infer<typeof ResumePreview>;

export const TaskComment = z.object({ id: z.string(), at: z.number(), actor: z.string(), text: z.string() });
export type TaskComment = z.infer<typeof TaskComment>;

export const TaskView = z.object({
  task: TaskRow,
  /** What asks: `run 7`, `CHG-12`. */
  subject: z.string(),
  comments: z.array(TaskComment),
  /** What the caller may not do to it, and why. */
  refused: Refusals,
});
