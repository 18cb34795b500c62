import { z } from 'zod';

import { Expression, Text } from '../../fields/schema';
import { stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

export const Assertion = z.strictObject({ that: Expression, message: Text.exactOptional() });
export type Assertion = z.infer<typeof Assertion>;

/** One assertion, or a list of them. */
export function assertStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('assert'),
    ...stepBase,
    assert: z.union([Assertion, z.array(Assertion).min(1)]),
    rescue: steps.exactOptional(),
  });
}
export interface AssertStep extends z.infer<ReturnType<typeof assertStep>> {}
