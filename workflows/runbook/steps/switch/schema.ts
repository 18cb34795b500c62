import { z } from 'zod';

import { Duration, Expression } from '../../fields/schema';
import { Locks, stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

export function switchStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('switch'),
    ...stepBase,
    switch: Expression,
    cases: z.record(z.string(), steps),
    default: steps.exactOptional(),
    timeout: Duration.exactOptional(),
    locks: Locks.exactOptional(),
    rescue: steps.exactOptional(),
  });
}
export interface SwitchStep extends z.infer<ReturnType<typeof switchStep>> {}
