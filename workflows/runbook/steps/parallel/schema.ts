import { z } from 'zod';

import { Duration } from '../../fields/schema';
import { Locks, stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

export function parallelStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('parallel'),
    ...stepBase,
    parallel: steps,
    timeout: Duration.exactOptional(),
    locks: Locks.exactOptional(),
    rescue: steps.exactOptional(),
  });
}
export interface ParallelStep extends z.infer<ReturnType<typeof parallelStep>> {}
