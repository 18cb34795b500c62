import { z } from 'zod';

import { Defaults, Duration } from '../../fields/schema';
import { PointOfNoReturn } from '../approval/schema';
import { Locks, stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

/** `steps` alone: a sequence with one condition, one rescue, one time limit. */
export function groupStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('steps'),
    ...stepBase,
    steps: steps,
    defaults: Defaults.exactOptional(),
    timeout: Duration.exactOptional(),
    locks: Locks.exactOptional(),
    pointOfNoReturn: PointOfNoReturn.exactOptional(),
    rescue: steps.exactOptional(),
  });
}
export interface GroupStep extends z.infer<ReturnType<typeof groupStep>> {}
