import { joinPath } from '../../../domain/effect-path';
import type { Step, TaskStep } from '../../plan';

/** Steps of a body in the order of the document; a leaf is what hosts carry out, the others only hold some. */
export interface Body {
  readonly orderOf: ReadonlyMap<string, number>;
  /** Order of the last step inside, its rescue included. */
  readonly lastOf: ReadonlyMap<string, number>;
  /** What hosts carry out, in the order of running. */
  readonly leaves: readonly Placed<Step>[];
  /** Leaves with an undo, in the order of running. */
  readonly undoable: readonly PlacedStep[];
}

/** `inner`: path below the rollout. */
export interface Placed<S extends Step> {
  readonly step: S;
  readonly inner: string;
}

export type PlacedStep = Placed<TaskStep>;

export function bodyOf(steps: readonly Step[]): Body {
  const orderOf = new Map<string, number>();
  const lastOf = new Map<string, number>();
  const leaves: Placed<Step>[] = [];
  const undoable: PlacedStep[] = [];
  const seen: Seen = {
    enter(step, inner) {
      orderOf.set(step.at, orderOf.size);
      if (innerSteps(step) === null) leaves.push({ step, inner });
      if (step.kind === 'task' && step.undo !== undefined && step.undo.kind !== 'none') undoable.push({ step, inner });
    },
    leave(step) {
      lastOf.set(step.at, orderOf.size - 1);
    },
  };
  visit(steps, '', seen);
  return { orderOf, lastOf, leaves, undoable };
}

interface Seen {
  enter(step: Step, inner: string): void;
  leave(step: Step): void;
}

function visit(steps: readonly Step[], path: string, seen: Seen): void {
  for (const step of steps) {
    const inner = joinPath(path, step.id);
    seen.enter(step, inner);
    visit(innerSteps(step) ?? [], inner, seen);
    visit(step.rescue ?? [], joinPath(inner, 'rescue'), seen);
    seen.leave(step);
  }
}

/** Steps inside a container of a body; null for a leaf. The compiler has inlined runbooks of scope `host`. */
export function innerSteps(step: Step): readonly Step[] | null {
  switch (step.kind) {
    case 'group':
      return step.steps;
    case 'task':
    case 'assert':
    case 'set':
    case 'wait':
      return null;
    case 'runbook':
    case 'approval':
    case 'manual':
    case 'parallel':
    case 'forEach':
    case 'switch':
    case 'rollout':
      throw new Error(`Cannot run step "${step.at}" in a rollout: its kind is "${step.kind}"`);
  }
}
