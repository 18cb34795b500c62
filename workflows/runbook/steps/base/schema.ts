import { z } from 'zod';

import { Duration, Expression, Id, Single, Text } from '../../fields/schema';

/** Fields of every step but `rescue`, which each verb adds itself since it holds steps again. */
export const stepBase = {
  id: Id.exactOptional(),
  name: Text.exactOptional(),
  if: Expression.exactOptional(),
  onFailure: z.enum(['stop', 'continue', 'ask']).exactOptional(),
  estimate: Duration.exactOptional(),
};

/** Names of what the step must have for itself: `host/db1`, `service/shop`. */
export const Locks = z.array(Text).min(1);
export type Locks = z.infer<typeof Locks>;

/** `attempts` counts the first one. `on`: failure codes; absent means every definitive failure. */
export const Retry = z.strictObject({
  attempts: z.int().min(1).max(1000),
  delay: Duration.exactOptional(),
  backoff: z.number().min(1).max(100).exactOptional(),
  maxDelay: Duration.exactOptional(),
  within: Duration.exactOptional(),
  on: z.array(z.string()).min(1).exactOptional(),
});
export type Retry = z.infer<typeof Retry>;

/** Repeats a `read` step until it passes `consecutive` times. */
export const Poll = z.strictObject({
  every: Duration,
  within: Duration,
  consecutive: z.int().min(1).exactOptional(),
});
export type Poll = z.infer<typeof Poll>;

export const CaptureFormat = z.enum(['text', 'lines', 'json', 'secret', 'none']);
export type CaptureFormat = z.infer<typeof CaptureFormat>;

/** `from: file` reads `$MAINSTAY_OUTPUT`; `schema` is a JSON Schema that a `json` capture must satisfy. */
export const Capture = z.union([
  CaptureFormat,
  z.strictObject({
    format: CaptureFormat,
    from: z.enum(['stdout', 'file']).exactOptional(),
    schema: z.record(z.string(), z.json()).exactOptional(),
  }),
]);
export type Capture = z.infer<typeof Capture>;

export const Effect = z.enum(['read', 'idempotent', 'keyed', 'journaled', 'probed', 'unsafe']);
export type Effect = z.infer<typeof Effect>;

/** Who does it: the user to become, and the connection to use. */
export const identity = {
  as: Single.exactOptional(),
  connection: Single.exactOptional(),
};
