import { z } from 'zod';

/** One checkpoint over all journals, as it is signed. */
export const CheckpointView = z.object({
  format: z.literal('mainstay/checkpoint/1'),
  installation: z.string(),
  number: z.int(),
  at: z.number(),
  size: z.int(),
  root: z.string(),
  previous: z.object({ size: z.int(), root: z.string() }),
  consistency: z.array(z.string()),
  publicKey: z.string(),
  signature: z.string(),
});

export const CheckpointMade = z.object({
  /** Null: there is nothing to make one of. */
  checkpoint: CheckpointView.nullable(),
  /** False: no journal has grown since the one that is answered. */
  isNew: z.boolean(),
});
export type CheckpointMade = z.infer<typeof CheckpointMade>;

export const CheckpointPage = z.object({
  checkpoints: z.array(z.object({ checkpoint: CheckpointView, stamp: z.string().nullable() })),
});

/** What is wrong with a journal; of the checkpoints themselves the stream is `checkpoints`. */
export const AuditProblem = z.object({ stream: z.string(), seq: z.number().nullable(), message: z.string() });
export type AuditProblem = z.infer<typeof AuditProblem>;

export const JournalsVerified = z.object({
  streams: z.int(),
  entries: z.int(),
  problems: z.array(AuditProblem),
  /** Where to go on; null: everything was looked at. */
  next: z.string().nullable(),
});
export type JournalsVerified = z.infer<typeof JournalsVerified>;

export const CheckpointsVerified = z.object({
  checkpoints: z.int(),
  newest: CheckpointView.nullable(),
  problems: z.array(AuditProblem),
});
export type CheckpointsVerified = z.infer<typeof CheckpointsVerified>;
