import { z } from 'zod';

import { Count, Expression, Id, Value } from '../../fields/schema';
import { Locks, stepBase } from '../base/schema';
import { Steps } from '../schema';

/** `key` names each item in paths; without it an item is its index. */
export const ForEachSpec = z.strictObject({
  in: z.union([Expression, z.array(Value)]),
  as: Id.exactOptional(),
  key: Expression.exactOptional(),
  parallel: Count.exactOptional(),
  maxFailures: Count.exactOptional(),
});
export type ForEachSpec = z.infer<typeof ForEachSpec>;

export const ForEachStep = z.strictObject({
  verb: z.literal('forEach'),
  ...stepBase,
  forEach: ForEachSpec,
  steps: z.lazy(() => Steps),
  locks: Locks.exactOptional(),
  rescue: z.lazy(() => Steps).exactOptional(),
});
export interface ForEachStep extends z.infer<typeof ForEachStep> {}
