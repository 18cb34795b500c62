import type { Here, Opened } from '../../here';
import { within } from '../../here';
import type { GroupStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';

export async function runGroup(step: GroupStep, { path }: Opened, here: Here): Promise<StepEnd> {
  const failure = await here.runSteps(step.steps, within(here, { path }));
  return failure === null ? { ...ended, changed: true } : failedEnd(failure);
}
