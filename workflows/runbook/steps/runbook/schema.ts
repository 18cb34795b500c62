import { z } from 'zod';

import { Duration, Id, Reference, Value } from '../../fields/schema';
import { PointOfNoReturn } from '../approval/schema';
import { Locks, stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

/** Undone by the child's own undo; `none` says that it is not. */
export function runbookStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('runbook'),
    ...stepBase,
    runbook: Reference,
    with: z.record(Id, Value).exactOptional(),
    undo: z.enum(['none']).exactOptional(),
    timeout: Duration.exactOptional(),
    locks: Locks.exactOptional(),
    pointOfNoReturn: PointOfNoReturn.exactOptional(),
    rescue: steps.exactOptional(),
  });
}
export interface RunbookStep extends z.infer<ReturnType<typeof runbookStep>> {}
