import { z } from 'zod';

import { Expression } from '../../fields/schema';
import { Locks, stepBase } from '../base/schema';
import { Steps } from '../schema';

export const SwitchStep = z.strictObject({
  verb: z.literal('switch'),
  ...stepBase,
  switch: Expression,
  cases: z.record(
    z.string(),
    z.lazy(() => Steps),
  ),
  default: z.lazy(() => Steps).exactOptional(),
  locks: Locks.exactOptional(),
  rescue: z.lazy(() => Steps).exactOptional(),
});
export interface SwitchStep extends z.infer<typeof SwitchStep> {}
