import type { Program } from '../../workflows/runbook/plan';
import { allSteps } from '../../workflows/runbook/program';

/** Whether there is a step after which nothing can be taken back (R-ROLL-9). */
export function hasPointOfNoReturn({ steps, finally: last }: Program): boolean {
  for (const step of allSteps([...steps, ...last])) if (step.pointOfNoReturn !== undefined) return true;
  return false;
}

/** Steps that change something and say nothing of how it is undone; `undo: none` says so on purpose. */
export function stepsWithoutUndo({ steps }: Program): readonly string[] {
  const found: string[] = [];
  for (const step of allSteps(steps)) {
    if (step.kind === 'task' && step.operation.effect !== 'read' && step.undo === undefined) found.push(step.at);
    if (step.kind === 'runbook' && step.undoable)
      found.push(...stepsWithoutUndo(step.program).map((at) => `${step.at}/${at}`));
  }
  return found;
}
