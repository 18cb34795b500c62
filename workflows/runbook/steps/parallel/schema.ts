import { z } from 'zod';

import { Locks, stepBase } from '../base/schema';
import { Steps } from '../schema';

export const ParallelStep = z.strictObject({
  verb: z.literal('parallel'),
  ...stepBase,
  parallel: z.lazy(() => Steps),
  locks: Locks.exactOptional(),
  rescue: z.lazy(() => Steps).exactOptional(),
});
export interface ParallelStep extends z.infer<typeof ParallelStep> {}
