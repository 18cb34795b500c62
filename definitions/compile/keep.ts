import type { Step } from '../../workflows/runbook/plan';

/** Puts into every step which fields of its record some expression reads: only those travel back into workflow state. */
export function withKeep(steps: readonly Step[], fields: ReadonlyMap<string, ReadonlySet<string>>): readonly Step[] {
  return steps.map((step) => keepOne(step, fields));
}

type Fields = ReadonlyMap<string, ReadonlySet<string>>;

function keepOne(step: Step, fields: Fields): Step {
  const keep = [...(fields.get(step.id) ?? [])].sort();
  const rescue = step.rescue === undefined ? {} : { rescue: withKeep(step.rescue, fields) };
  switch (step.kind) {
    case 'task': {
      const { undo } = step;
      const inner = undo?.kind === 'steps' ? { undo: { ...undo, steps: withKeep(undo.steps, fields) } } : {};
      return { ...step, ...rescue, ...inner, keep };
    }
    case 'group':
    case 'forEach':
    case 'rollout':
      return { ...step, ...rescue, steps: withKeep(step.steps, fields), keep };
    case 'parallel':
      return { ...step, ...rescue, branches: withKeep(step.branches, fields), keep };
    case 'switch': {
      const cases = Object.fromEntries(
        Object.entries(step.cases).map(([value, inner]) => [value, withKeep(inner, fields)]),
      );
      return {
        ...step,
        ...rescue,
        cases,
        ...(step.default === undefined ? {} : { default: withKeep(step.default, fields) }),
        keep,
      };
    }
    case 'approval':
    case 'manual':
    case 'wait':
    case 'assert':
    case 'set':
    case 'runbook':
      return { ...step, ...rescue, keep };
  }
}
