import { z } from 'zod';

import { Expression, Text } from '../../fields/schema';
import { stepBase } from '../base/schema';
import { Steps } from '../schema';

export const Assertion = z.strictObject({ that: Expression, message: Text.exactOptional() });
export type Assertion = z.infer<typeof Assertion>;

/** One assertion, or a list of them. */
export const AssertStep = z.strictObject({
  verb: z.literal('assert'),
  ...stepBase,
  assert: z.union([Assertion, z.array(Assertion).min(1)]),
  rescue: z.lazy(() => Steps).exactOptional(),
});
export interface AssertStep extends z.infer<typeof AssertStep> {}
