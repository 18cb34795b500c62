import { textOf } from '../../../domain/render';
import type { Failure } from '../../../domain/failure';
import type { Here, Opened } from '../../here';
import type { AssertStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { evaluate, render } from '../../scope';

/** The first claim that does not hold fails the step, with the author's own words where there are any. */
export async function runAssert(step: AssertStep, _opened: Opened, here: Here): Promise<StepEnd> {
  if (here.input.check) return ended;
  for (const claim of step.that) {
    const held = await evaluate(claim.expression, step.reads, here);
    if (!held.ok) return failedEnd(held.failure);
    if (held.value !== true) return failedEnd(await refuted(step, claim, here));
  }
  return ended;
}

async function refuted(step: AssertStep, claim: AssertStep['that'][number], here: Here): Promise<Failure> {
  const message = claim.message === undefined ? null : await render(claim.message, step.reads, here);
  const words = message?.ok === true ? textOf(message.value) : null;
  return { code: 'ASSERTION_FAILED', message: words ?? `Cannot go on: "${claim.expression}" does not hold` };
}
