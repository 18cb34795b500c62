import { z } from 'zod';

import { Count, CountOrPercent, Defaults, Duration, Expression, Targets } from '../../fields/schema';
import { ApprovalSpec } from '../approval/schema';
import { Locks, stepBase } from '../base/schema';
import { Steps } from '../schema';
import { Metric } from '../task/schema';

/** Waves are cumulative and end with 100%. */
export const RolloutSpec = z.strictObject({
  targets: Targets,
  waves: z.union([z.array(CountOrPercent).min(1), Expression]).exactOptional(),
  parallel: Count.exactOptional(),
  maxFailures: CountOrPercent.exactOptional(),
  strict: z.boolean().exactOptional(),
  allowEmpty: z.boolean().exactOptional(),
  bake: Duration.exactOptional(),
  gate: z.array(z.lazy(() => Metric)).exactOptional(),
  undoGate: z.array(z.lazy(() => Metric)).exactOptional(),
  onHostFailure: z.enum(['leave', 'undo']).exactOptional(),
  onFailure: z.enum(['pause', 'undo', 'stop']).exactOptional(),
  hostDeadline: Duration.exactOptional(),
});
export type RolloutSpec = z.infer<typeof RolloutSpec>;

export const RolloutStep = z.strictObject({
  verb: z.literal('rollout'),
  ...stepBase,
  rollout: RolloutSpec,
  defaults: Defaults.exactOptional(),
  steps: z.lazy(() => Steps),
  locks: Locks.exactOptional(),
  pointOfNoReturn: z.lazy(() => z.strictObject({ approval: ApprovalSpec })).exactOptional(),
  rescue: z.lazy(() => Steps).exactOptional(),
});
export interface RolloutStep extends z.infer<typeof RolloutStep> {}
