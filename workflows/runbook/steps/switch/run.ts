import { textOf } from '../../../domain/render';
import type { Here, Opened } from '../../here';
import { within } from '../../here';
import type { SwitchStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { evaluate } from '../../scope';

/** The case is chosen once; entered again, the run goes on in it. */
export async function runSwitch(step: SwitchStep, { path, frame }: Opened, here: Here): Promise<StepEnd> {
  if (frame.work?.kind !== 'case') {
    const value = await evaluate(step.on, step.reads, here);
    if (!value.ok) return here.input.check ? ended : failedEnd(value.failure);
    frame.work = { kind: 'case', chosen: textOf(value.value) ?? JSON.stringify(value.value) };
  }
  const { chosen } = frame.work;
  const steps = Object.hasOwn(step.cases, chosen) ? step.cases[chosen] : step.default;
  const failure = await here.runSteps(steps ?? [], within(here, { path }));
  return failure === null ? { ...ended, changed: true } : failedEnd(failure);
}
