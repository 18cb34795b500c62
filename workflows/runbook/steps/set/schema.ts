import { z } from 'zod';

import { Id, Value } from '../../fields/schema';
import { stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

export function setStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('set'),
    ...stepBase,
    set: z.record(Id, Value),
    rescue: steps.exactOptional(),
  });
}
export interface SetStep extends z.infer<ReturnType<typeof setStep>> {}
