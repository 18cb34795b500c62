import { z } from 'zod';

import { ChangeDraft } from '../change/schema';
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

/** What happens around a change, by the time since the start. One thing each. */
export const ChangeHappening = z.strictObject({
  after: Duration,
  /** Who acts; the requester when absent. */
  by: Principal.exactOptional(),
  act: z.enum(['submit', 'revise', 'cancel']).exactOptional(),
  reschedule: z.strictObject({ start: Time, end: Time }).exactOptional(),
  extend: z.strictObject({ end: Time }).exactOptional(),
  /** From here on this person is not active any more. */
  leaves: Principal.exactOptional(),
  /** A freeze is declared in a calendar of the model. */
  freeze: z
    .strictObject({
      calendar: z.string().min(1),
      title: z.string().min(1),
      start: Time,
      end: Time,
      force: z.enum(['soft', 'hard']).exactOptional(),
    })
    .exactOptional(),
  /** The engine is down from here on, for so long. */
  down: Duration.exactOptional(),
});
export type ChangeHappening = z.infer<typeof ChangeHappening>;

/** How a change ended. */
export const ExpectedChange = z.strictObject({
  phase: z.enum(['draft', 'authorising', 'scheduled', 'held', 'closed', 'cancelled', 'expired']).exactOptional(),
  outcome: z
    .enum(['successful', 'successful-with-issues', 'backed-out', 'failed', 'cancelled', 'expired'])
    .exactOptional(),
  flags: z.array(z.enum(['late', 'overrun', 'unauthorised', 'unregularised'])).exactOptional(),
});
export type ExpectedChange = z.infer<typeof ExpectedChange>;

/** A runbook played on a virtual clock with scripted answers: the unit test of a runbook. */
export const Rehearsal = z.strictObject({
  /** This or `change`. */
  runbook: z.string().min(1).exactOptional(),
  /** A change of a runbook, from its draft to its review. */
  change: ChangeDraft.exactOptional(),
  happenings: z.array(ChangeHappening).exactOptional(),
  managers: z.record(Principal, Principal).exactOptional(),
  inputs: z.record(Id, Value).exactOptional(),
  /** A file beside the document or the name of an inventory. */
  inventory: z.string().min(1).exactOptional(),
  start: Time.exactOptional(),
  requester: Principal.exactOptional(),
  outcomes: z.array(Outcome).exactOptional(),
  answers: z.array(ScriptedAnswer).exactOptional(),
  events: z.array(ScriptedEvent).exactOptional(),
  expect: Expectation.exactOptional(),
  expectChange: ExpectedChange.exactOptional(),
});
export interface Rehearsal extends z.infer<typeof Rehearsal> {}
