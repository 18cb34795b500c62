import { z } from 'zod';

import { Id, Value } from '../../fields/schema';
import { stepBase } from '../base/schema';
import { Steps } from '../schema';

export const SetStep = z.strictObject({
  verb: z.literal('set'),
  ...stepBase,
  set: z.record(Id, Value),
  rescue: z.lazy(() => Steps).exactOptional(),
});
export interface SetStep extends z.infer<typeof SetStep> {}
