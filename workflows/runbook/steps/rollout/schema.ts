import { z } from 'zod';

import { Count, CountOrPercent, Defaults, Duration, Expression, Targets, Text } from '../../fields/schema';
import { PointOfNoReturn } from '../approval/schema';
import { Locks, stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';
import { Metric } from '../task/schema';

/** Waves are cumulative and end with 100%. */
export const RolloutSpec = z.strictObject({
  targets: Targets,
  waves: z.union([z.array(CountOrPercent).min(1), Expression]).exactOptional(),
  /** Name of the label that says in which failure domain a host is. */
  domain: Text.exactOptional(),
  parallel: Count.exactOptional(),
  maxFailures: CountOrPercent.exactOptional(),
  strict: z.boolean().exactOptional(),
  allowEmpty: z.boolean().exactOptional(),
  bake: Duration.exactOptional(),
  gate: z.array(Metric).exactOptional(),
  undoGate: z.array(Metric).exactOptional(),
  onHostFailure: z.enum(['leave', 'undo']).exactOptional(),
  onFailure: z.enum(['pause', 'undo', 'stop']).exactOptional(),
  hostDeadline: Duration.exactOptional(),
});
export type RolloutSpec = z.infer<typeof RolloutSpec>;

export function rolloutStep(steps: StepsSchema) {
  return z.strictObject({
    verb: z.literal('rollout'),
    ...stepBase,
    rollout: RolloutSpec,
    defaults: Defaults.exactOptional(),
    steps: steps,
    timeout: Duration.exactOptional(),
    locks: Locks.exactOptional(),
    pointOfNoReturn: PointOfNoReturn.exactOptional(),
    rescue: steps.exactOptional(),
  });
}
export interface RolloutStep extends z.infer<ReturnType<typeof rolloutStep>> {}
