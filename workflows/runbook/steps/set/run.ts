import type { Here, Opened } from '../../here';
import type { SetStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { render } from '../../scope';

export async function runSet(step: SetStep, _opened: Opened, here: Here): Promise<StepEnd> {
  const outputs = await render({ map: step.values }, step.reads, here);
  if (!outputs.ok) return here.input.check ? ended : failedEnd(outputs.failure);
  return { ...ended, fields: { outputs: outputs.value } };
}
