import { z } from 'zod';

import { Count, Defaults, Duration, Id, Reference, Single, Text, Value } from './fields/schema';
import { Inputs, Output } from './inputs/schema';
import { Steps } from './steps/schema';

/** At most `limit` runs with the same `key` at a time. */
export const Concurrency = z.strictObject({
  key: Text,
  limit: Count.exactOptional(),
  onConflict: z.enum(['wait', 'refuse']).exactOptional(),
});
export type Concurrency = z.infer<typeof Concurrency>;

/** What authors write in a document of kind `Runbook`, below `spec`. */
export const Runbook = z.strictObject({
  inputs: Inputs.exactOptional(),
  vars: z.record(Id, Value).exactOptional(),
  secrets: z.record(Id, Single).exactOptional(),
  /** A file beside the document or the name of an inventory. */
  inventory: z.string().min(1).exactOptional(),
  defaults: Defaults.exactOptional(),
  /** `host`: one host of a rollout's body; inlined there. */
  scope: z.enum(['run', 'host']).exactOptional(),
  implements: Reference.exactOptional(),
  onFailure: z.enum(['stop', 'undo', 'ask']).exactOptional(),
  timeout: Duration.exactOptional(),
  concurrency: Concurrency.exactOptional(),
  locks: z.array(Text).min(1).exactOptional(),
  steps: Steps,
  finally: Steps.exactOptional(),
  outputs: z.record(Id, Output).exactOptional(),
});
export interface Runbook extends z.infer<typeof Runbook> {}
