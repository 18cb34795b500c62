import { z } from 'zod';

/** Any fields; they come back as the result. */
export const EchoInput = z.record(z.string(), z.json());
export type EchoInput = z.infer<typeof EchoInput>;

export const FailInput = z.strictObject({
  code: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'Expected a failure code such as DISK_FULL')
    .default('CORE_FAILED'),
  message: z.string().default('Cannot go on: core.fail was asked to fail'),
  /** Fails only while the runbook's own retry counter is below this; absent: always. */
  until: z.int().min(0).optional(),
  /** Answers that nobody can tell, instead of a failure. */
  unknown: z.boolean().default(false),
});
export type FailInput = z.infer<typeof FailInput>;

export const FailOutput = z.strictObject({ generation: z.int() });

export const SleepInput = z.strictObject({ for: z.string() });
export type SleepInput = z.infer<typeof SleepInput>;

export const SleepOutput = z.strictObject({ sleptMs: z.int() });
