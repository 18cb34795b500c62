import { joinPath } from '../domain/effect-path';
import type { Failure } from '../domain/failure';
import type { Here } from './here';
import { freeLocksBelow } from './locks';
import type { Step } from './plan';
import { runStep } from './step';

/** Step after step. The cursor stays where a step failed, and at the end, until the container is through (ST1, ST2). */
export async function runSteps(steps: readonly Step[], here: Here): Promise<Failure | null> {
  const { cursors } = here.state;
  const from = cursors[here.path] ?? 0;
  for (const [index, step] of steps.entries()) {
    if (index < from) continue;
    cursors[here.path] = index;
    const failure = await runStep(step, here);
    if (failure !== null) return failure;
    cursors[here.path] = index + 1;
    await freeLocksBelow(joinPath(here.path, step.id), here);
  }
  return null;
}
