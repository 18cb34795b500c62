import type { Here } from '../../here';
import type { RolloutStep } from '../../plan';
import type { RolloutStop } from '../../state';
import type { Rollout } from './rollout';

/** R-ROLL-9: after a point of no return nothing is undone without being asked. */
export function policyOf(
  { step }: Pick<Rollout, 'step'>,
  reason: RolloutStop['reason'],
  { state }: Pick<Here, 'state'>,
): RolloutStep['onRolloutFailure'] {
  if (reason === 'gate-undecided') return 'pause';
  return step.onRolloutFailure === 'undo' && state.noReturn ? 'pause' : step.onRolloutFailure;
}
