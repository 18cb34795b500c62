import { z } from 'zod';

import { Duration, EventName, Id, Principal, Time, Value } from '../runbook/fields/schema';

/** What an effect answers in a rehearsal. The first entry that matches wins. */
export const Outcome = z.strictObject({
  step: z.string().min(1),
  host: z.string().exactOptional(),
  item: z.string().exactOptional(),
  wave: z.int().min(0).exactOptional(),
  sample: z.int().min(1).exactOptional(),
  /** `do` when absent; `*` matches both. */
  phase: z.enum(['do', 'undo', 'probe', '*']).exactOptional(),
  attempt: z.int().min(1).exactOptional(),
  exitCode: z.int().exactOptional(),
  stdout: z.string().exactOptional(),
  stderr: z.string().exactOptional(),
  result: Value.exactOptional(),
  status: z.enum(['succeeded', 'failed', 'unknown']).exactOptional(),
  changed: z.boolean().exactOptional(),
  /** A failure code: the operation fails with it. */
  fail: z.string().exactOptional(),
  /** The reply is lost: before the effect happened, or after it. */
  lose: z.enum(['beforeEffect', 'afterEffect']).exactOptional(),
  takes: Duration.exactOptional(),
});
export type Outcome = z.infer<typeof Outcome>;

export const ScriptedAnswer = z.strictObject({
  task: z.string().min(1),
  by: Principal,
  choose: z.string().min(1),
  after: Duration.exactOptional(),
  comment: z.string().exactOptional(),
  form: Value.exactOptional(),
  hosts: z.array(z.string()).exactOptional(),
});
export type ScriptedAnswer = z.infer<typeof ScriptedAnswer>;

export const ScriptedEvent = z.strictObject({
  name: EventName,
  after: Duration.exactOptional(),
  data: Value.exactOptional(),
});
export type ScriptedEvent = z.infer<typeof ScriptedEvent>;

/** A status of a step, or of each host named. */
export const ExpectedStep = z.union([z.string(), z.record(z.string(), z.string())]);
export type ExpectedStep = z.infer<typeof ExpectedStep>;

export const Expectation = z.strictObject({
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'undone', 'undo-failed', 'checked']).exactOptional(),
  degraded: z.boolean().exactOptional(),
  steps: z.record(z.string(), ExpectedStep).exactOptional(),
  outputs: z.record(z.string(), Value).exactOptional(),
  /** What must not have been done: a step, on a host or on any. */
  never: z
    .array(
      z.strictObject({
        step: z.string().min(1),
        host: z.string().exactOptional(),
        phase: z.enum(['do', 'undo', 'probe', '*']).exactOptional(),
      }),
    )
    .exactOptional(),
});
export type Expectation = z.infer<typeof Expectation>;

/** A runbook played on a virtual clock with scripted answers: the unit test of a runbook. */
export const Rehearsal = z.strictObject({
  runbook: z.string().min(1),
  inputs: z.record(Id, Value).exactOptional(),
  /** A file beside the document or the name of an inventory. */
  inventory: z.string().min(1).exactOptional(),
  start: Time.exactOptional(),
  requester: Principal.exactOptional(),
  outcomes: z.array(Outcome).exactOptional(),
  answers: z.array(ScriptedAnswer).exactOptional(),
  events: z.array(ScriptedEvent).exactOptional(),
  expect: Expectation.exactOptional(),
});
export interface Rehearsal extends z.infer<typeof Rehearsal> {}
