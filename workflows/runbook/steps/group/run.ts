import type { Here, Opened } from '../../here';
import { within } from '../../here';
import type { GroupStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { withDeadline } from '../../time-limit';

export async function runGroup(step: GroupStep, { path, frame }: Opened, here: Here): Promise<StepEnd> {
  const until = step.timeoutMs === undefined ? null : frame.startedAt + step.timeoutMs;
  const failure = await withDeadline(until, here, (inner) => inner.runSteps(step.steps, within(inner, { path })));
  return failure === null ? { ...ended, changed: true } : failedEnd(failure);
}
