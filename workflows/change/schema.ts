import { z } from 'zod';

import { Duration, Id, Name, Principal, Reference, Time, Value } from '../runbook/fields/schema';
import { Inputs } from '../runbook/inputs/schema';

export const ChangeType = z.enum(['standard', 'normal', 'emergency']);

/** One question of the risk assessment; every answer has its weight. */
export const RiskQuestion = z.strictObject({
  id: Id,
  ask: z.string().min(1),
  answers: z.record(z.string().min(1), z.int().min(0)),
});

/**
 * What a change of this kind passes on its way. What is absent follows from `type`: a standard change skips assessing and
 * authorising, an emergency change skips assessing and calendars and keeps authorising.
 */
export const ChangeModel = z.strictObject({
  type: ChangeType,
  /** Who may open such a change; absent: anybody. */
  requesters: z.array(Principal).min(1).exactOptional(),
  /** Who confirms the assessment; absent: the score alone decides. */
  assessors: z.array(Principal).min(1).exactOptional(),
  /** Between submission and the start of the window. */
  leadTime: Duration.exactOptional(),
  /** Before the start: in it the items are already taken. */
  preparation: Duration.exactOptional(),
  risk: z
    .strictObject({
      questions: z.array(RiskQuestion).min(1),
      /** The lowest score of each level; below `moderate` it is low. */
      levels: z.strictObject({ moderate: z.int().min(1), high: z.int().min(1) }),
    })
    .exactOptional(),
  /** Name of the approval policy by risk; one name stands for all. */
  approval: z.union([Name, z.strictObject({ low: Name, moderate: Name, high: Name })]).exactOptional(),
  /** All of them must be open during the whole execution (R-FREEZE-1, R-FREEZE-4). */
  calendars: z.array(Name).exactOptional(),
  /** Whose quorum lets a change pass a freeze (R-FREEZE-2). */
  freezeApproval: Name.exactOptional(),
  /** One of them votes on an extension (R-WIN-3), on a late start and on a change that is held. */
  changeManagers: z.array(Principal).min(1),
  /** Asked when the window closes in (R-WIN-2). */
  dutyManagers: z.array(Principal).min(1),
  /** Business days, for an emergency's second approval (R-APPR-12); absent: Monday to Friday, whole days, UTC. */
  businessHours: Name.exactOptional(),
  /** How many dependencies away an item is still related (R-CONF-1). */
  conflictDepth: z.int().min(0).max(10).exactOptional(),
  /** How long nothing can be predicted for a step: refused, or held to be as long as its time limit. */
  unknownDuration: z.enum(['refuse', 'timeout']).exactOptional(),
  /**
   * What is labelled `tier: critical` is refused while a service that it touches has no restore drill that passed within the
   * `drill.maxAge` of its backup plan. False: it is not looked at.
   */
  provenRestore: z.boolean().exactOptional(),
  /** When the review is due after the end. */
  reviewWithin: Duration.exactOptional(),
  /** What else is asked of whoever opens such a change. */
  fields: Inputs.exactOptional(),
});
export interface ChangeModel extends z.infer<typeof ChangeModel> {}

/** A change as somebody asks for it, and as it can be edited while it is a draft. */
export const ChangeDraft = z.strictObject({
  model: Reference,
  runbook: Reference,
  title: z.string().min(1).max(200),
  description: z.string().max(20_000).exactOptional(),
  reason: z.string().max(20_000).exactOptional(),
  backOutPlan: z.string().max(20_000).exactOptional(),
  testPlan: z.string().max(20_000).exactOptional(),
  inputs: z.record(Id, Value).exactOptional(),
  inventory: Name.exactOptional(),
  limit: z.array(z.string().min(1)).min(1).exactOptional(),
  /** Half-open; it contains the back-out. */
  window: z.strictObject({
    start: Time,
    end: Time,
    /** Nothing starts in so much time before the end (R-WIN-1); none when absent. */
    cutoff: Duration.exactOptional(),
    /** For people who read it. */
    zone: z.string().min(1).exactOptional(),
  }),
  /** By the id of the model's question. */
  answers: z.record(Id, z.string()).exactOptional(),
  fields: z.record(Id, Value).exactOptional(),
  implementers: z.array(Principal).exactOptional(),
  assignees: z.array(Principal).exactOptional(),
  /** Configuration items besides the plan's hosts: `service/shop`. */
  items: z.array(z.string().regex(/^[a-z]+\/\S+$/, 'an item such as service/shop')).exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
});
export interface ChangeDraft extends z.infer<typeof ChangeDraft> {}
