import type { Step, SwitchStep } from './plan';

/** A step on the way from the runbook to the one that is looked for. */
export interface Link {
  readonly step: Step;
  /** Within its sequence, or its branches. */
  readonly index: number;
  /** The case of a switch that holds it. */
  readonly chosen: string | null;
}

export type Chain = readonly Link[];

/** What is looked for: the ids that lead there, or the last of them alone. */
interface Wanted {
  readonly ids: readonly string[];
  readonly inChildren: boolean;
}

/** Null: there is none. In the run of a child only if nothing else is meant. */
export function chainTo(steps: readonly Step[], ids: readonly string[]): Chain | null {
  return chainIn(steps, { ids, inChildren: false }, null) ?? chainIn(steps, { ids, inChildren: true }, null);
}

function chainIn(steps: readonly Step[], wanted: Wanted, chosen: string | null): Chain | null {
  const [first, ...rest] = wanted.ids;
  for (const [index, step] of steps.entries()) {
    const link = { step, index, chosen };
    if (step.id === first && rest.length === 0) return [link];
    const left = step.id === first ? rest : rest.length === 0 ? wanted.ids : null;
    const inner = left === null ? null : insideOf(step, { ...wanted, ids: left });
    if (inner !== null) return [link, ...inner];
  }
  return null;
}

function insideOf(step: Step, wanted: Wanted): Chain | null {
  switch (step.kind) {
    case 'group':
    case 'forEach':
    case 'rollout':
      return chainIn(step.steps, wanted, null);
    case 'parallel':
      return chainIn(step.branches, wanted, null);
    case 'switch':
      return caseWith(step, wanted);
    case 'runbook':
      return wanted.inChildren ? chainIn(step.program.steps, wanted, null) : null;
    case 'task':
    case 'approval':
    case 'manual':
    case 'wait':
    case 'assert':
    case 'set':
      return null;
  }
}

function caseWith(step: SwitchStep, wanted: Wanted): Chain | null {
  for (const [value, steps] of Object.entries(step.cases)) {
    const chain = chainIn(steps, wanted, value);
    if (chain !== null) return chain;
  }
  return chainIn(step.default ?? [], wanted, otherValue(step));
}

/** Any value that is none of the cases. */
function otherValue({ cases }: SwitchStep): string {
  let value = 'default';
  while (Object.hasOwn(cases, value)) value += '+';
  return value;
}
