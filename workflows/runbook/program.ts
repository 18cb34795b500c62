import type { Program, Step } from './plan';

/** The step at an address, wherever it stands in the program: also in bodies, rescues and finally. */
export function stepAt(program: Program, at: string): Step | null {
  return find([...program.steps, ...program.finally], at);
}

/** Every step, containers before what they hold. */
export function* allSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* allSteps(childrenOf(step));
    yield* allSteps(step.rescue ?? []);
  }
}

function find(steps: readonly Step[], at: string): Step | null {
  for (const step of allSteps(steps)) if (step.at === at) return step;
  return null;
}

function childrenOf(step: Step): readonly Step[] {
  switch (step.kind) {
    case 'group':
    case 'forEach':
    case 'rollout':
      return step.steps;
    case 'parallel':
      return step.branches;
    case 'switch':
      return [...Object.values(step.cases).flat(), ...(step.default ?? [])];
    case 'task':
      return step.undo?.kind === 'steps' ? step.undo.steps : [];
    case 'runbook':
    case 'approval':
    case 'manual':
    case 'wait':
    case 'assert':
    case 'set':
      return [];
  }
}
