import { z } from 'zod';

import { Count, Duration, Expression, Id, Value } from '../../fields/schema';
import { Locks, stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

/** `key` names each item in paths; without it an item is its index. */
export const ForEachSpec = z.strictObject({
  in: z.union([Expression, z.array(Value)]),
  as: Id.exactOptional(),
  key: Expression.exactOptional(),
  parallel: Count.exactOptional(),
  maxFailures: Count.exactOptional(),
});
export type ForEachSpec = z.infer<typeof ForEachSpec>;

export function forEachStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('forEach'),
    ...stepBase,
    forEach: ForEachSpec,
    steps: steps,
    timeout: Duration.exactOptional(),
    locks: Locks.exactOptional(),
    rescue: steps.exactOptional(),
  });
}
export interface ForEachStep extends z.infer<ReturnType<typeof forEachStep>> {}
