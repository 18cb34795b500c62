import { z } from 'zod';

import { Id, Reference, Value } from '../../fields/schema';
import { ApprovalSpec } from '../approval/schema';
import { Locks, stepBase } from '../base/schema';
import { Steps } from '../schema';

/** Undone by the child's own undo; `none` says that it is not. */
export const RunbookStep = z.strictObject({
  verb: z.literal('runbook'),
  ...stepBase,
  runbook: Reference,
  with: z.record(Id, Value).exactOptional(),
  undo: z.enum(['none']).exactOptional(),
  locks: Locks.exactOptional(),
  pointOfNoReturn: z.lazy(() => z.strictObject({ approval: ApprovalSpec })).exactOptional(),
  rescue: z.lazy(() => Steps).exactOptional(),
});
export interface RunbookStep extends z.infer<typeof RunbookStep> {}
