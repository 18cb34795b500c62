import { failureLimit } from '../../../domain/budget';
import type { Budget } from '../../../domain/budget';
import { plannedWaves } from '../../../domain/waves';
import type { Wave } from '../../../domain/waves';
import { positionsOf, raise } from '../../batch';
import type { RolloutStep } from '../../plan';
import type { RolloutWork, RunState, UndoEntry } from '../../state';
import type { HostUndo } from '../../undo-hosts';
import { bodyOf } from './body';
import type { Body } from './body';
import { templateOf } from './template';

/** A rollout that goes on: what the plan says of it, what is derived from that, and how far it is. */
export interface Rollout {
  readonly step: RolloutStep;
  readonly path: string;
  readonly work: RolloutWork;
  readonly waves: readonly Wave[];
  readonly budget: Budget;
  readonly body: Body;
  /** Where its groups mark what they have touched; null: there is nothing to undo. */
  readonly entry: UndoEntry | null;
}

export function rolloutOf(
  step: RolloutStep,
  path: string,
  parts: { readonly work: RolloutWork; readonly entry: UndoEntry | null },
): Rollout {
  const { total, targets } = parts.work;
  const { parallel, strict } = step;
  const budget: Budget = { limit: failureLimit(step.maxFailures, total), parallel, strict };
  return { step, path, ...parts, waves: plannedWaves(step, total, targets), budget, body: bodyOf(step.steps) };
}

export function newRolloutWork(targets: readonly number[] | null, total: number, generation: number): RolloutWork {
  return {
    kind: 'rollout',
    targets,
    total,
    statuses: '.'.repeat(total),
    stage: 'before',
    wave: 1,
    next: 0,
    groups: 0,
    walk: null,
    queue: [],
    left: {},
    bakeUntil: null,
    gate: null,
    watch: null,
    verdicts: {},
    stop: null,
    undoing: false,
    backedOut: false,
    over: false,
    from: null,
    tries: 1,
    base: generation,
    last: generation,
  };
}

/** Failed, and unknown until somebody says otherwise (D1). */
export function harmed({ statuses }: RolloutWork): number {
  return positionsOf(statuses, 'f').length + positionsOf(statuses, 'u').length + positionsOf(statuses, 'b').length;
}

export function indexOf(targets: readonly number[] | null, position: number): number {
  return targets?.[position] ?? position;
}

/** How the hosts of a rollout are backed out: the same steps the other way round, as many at once. */
export function hostUndoOf(step: RolloutStep, path: string, entry: UndoEntry): HostUndo {
  const leaves = bodyOf(step.steps).undoable.map((placed) => {
    const { where, undo } = placed.step;
    const place = undo?.kind === 'operation' ? undo.where : where;
    const delegate = place.on === 'body' ? place.delegate : undefined;
    return {
      step: placed.step,
      template: templateOf(path, placed.inner, delegate !== undefined),
      delegates: delegate?.set ?? null,
    };
  });
  const { set, parallel, redundancy: limits } = step;
  return { entry, leaves, set, parallel, ...(limits === undefined ? {} : { limits }) };
}

/** Above everything that was used in this rollout. */
export function raiseIn(work: RolloutWork, state: RunState): number {
  work.last = raise(state, work.last);
  return work.last;
}
