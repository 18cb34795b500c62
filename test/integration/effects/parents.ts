import type { RunInput } from '../../../workflows/runbook/messages';
import type { ChildOutcome, ChildRun } from '../../../workflows/runbook/messages';
import { bindEffects } from '../../../workflows/temporal-effects';

export { runbookRun } from '../../../workflows/runbook/workflow';

/** A run that its child's report never reaches: it listens to no signal. */
export async function deafParent(input: RunInput, child: ChildRun): Promise<ChildOutcome> {
  return bindEffects(input).effects.startRun(child);
}

/** Entered a second time, with all that it had been told forgotten. */
export async function forgetfulParent(input: RunInput, child: ChildRun): Promise<readonly ChildOutcome[]> {
  const first = await bindEffects(input).effects.startRun(child);
  const second = await bindEffects(input).effects.startRun(child);
  return [first, second];
}
