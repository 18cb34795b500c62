import { z } from 'zod';

import { Due, Principal, Text } from '../../fields/schema';
import { Show } from '../approval/schema';
import { stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

/** `options` is `[done]` by default; `onDue` is one of them, `escalate` or `fail`. */
export const ManualSpec = z.strictObject({
  title: Text,
  description: Text.exactOptional(),
  assignees: z.array(Principal).min(1),
  options: z.array(z.string().min(1)).min(1).exactOptional(),
  form: z.record(z.string(), z.json()).exactOptional(),
  show: Show.exactOptional(),
  due: Due.exactOptional(),
  onDue: z.string().min(1),
});
export type ManualSpec = z.infer<typeof ManualSpec>;

export function manualStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('manual'),
    ...stepBase,
    manual: ManualSpec,
    rescue: steps.exactOptional(),
  });
}
export interface ManualStep extends z.infer<ReturnType<typeof manualStep>> {}
