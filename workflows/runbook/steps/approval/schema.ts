import { z } from 'zod';

import { Due, Reference, Text, Value } from '../../fields/schema';
import { stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

/** Recorded outputs that a vote signs together with the plan. */
export const Show = z.record(z.string(), Value);
export type Show = z.infer<typeof Show>;

/** `onDue` has no default: what silence means is said by the author. `approve` needs a policy with `silenceMeansConsent`. */
export const ApprovalSpec = z.strictObject({
  policy: Reference,
  title: Text,
  show: Show.exactOptional(),
  due: Due.exactOptional(),
  onDue: z.enum(['reject', 'escalate', 'fail', 'approve']),
  onReject: z.enum(['fail', 'continue']).exactOptional(),
});
export type ApprovalSpec = z.infer<typeof ApprovalSpec>;

/** Asks right before the step: after it nothing is undone by itself. */
export const PointOfNoReturn = z.strictObject({ approval: ApprovalSpec });
export type PointOfNoReturn = z.infer<typeof PointOfNoReturn>;

export function approvalStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('approval'),
    ...stepBase,
    approval: ApprovalSpec,
    rescue: steps.exactOptional(),
  });
}
export interface ApprovalStep extends z.infer<ReturnType<typeof approvalStep>> {}
