import { z } from 'zod';

import { Defaults, Duration } from '../../fields/schema';
import { ApprovalSpec } from '../approval/schema';
import { Locks, stepBase } from '../base/schema';
import { Steps } from '../schema';

/** `steps` alone: a sequence with one condition, one rescue, one time limit. */
export const GroupStep = z.strictObject({
  verb: z.literal('steps'),
  ...stepBase,
  steps: z.lazy(() => Steps),
  defaults: Defaults.exactOptional(),
  timeout: Duration.exactOptional(),
  locks: Locks.exactOptional(),
  pointOfNoReturn: z.lazy(() => z.strictObject({ approval: ApprovalSpec })).exactOptional(),
  rescue: z.lazy(() => Steps).exactOptional(),
});
export interface GroupStep extends z.infer<typeof GroupStep> {}
