import type { GateMetric, OperationPlan, PollPlan, Program, Step } from '../runbook/plan';
import { allSteps } from '../runbook/program';

/** What stands at an address of a program. */
export interface PlannedCall {
  readonly program: Program;
  readonly step: Step | null;
  readonly operation: OperationPlan | null;
  readonly metric: GateMetric | null;
  readonly poll: PollPlan | null;
  readonly probe: OperationPlan | null;
  /** Present where each host decides. */
  readonly condition: string | null;
  readonly delegates: string | null;
  readonly keep: readonly string[];
}

export function plannedCalls(program: Program): ReadonlyMap<string, PlannedCall> {
  const calls = new Map<string, PlannedCall>();
  addProgram(calls, program);
  return calls;
}

function addProgram(calls: Map<string, PlannedCall>, program: Program): void {
  for (const step of allSteps([...program.steps, ...program.finally])) {
    addStep(calls, program, step);
    if (step.kind === 'runbook') addProgram(calls, step.program);
  }
}

const nothing = { operation: null, metric: null, poll: null, probe: null, condition: null, delegates: null } as const;

function addStep(calls: Map<string, PlannedCall>, program: Program, step: Step): void {
  const { keep } = step;
  const condition = step.if?.perHost === true ? step.if.expression : null;
  if (step.kind === 'rollout') {
    for (const metric of [...step.gate, ...(step.undoGate ?? [])]) {
      calls.set(metric.at, { ...nothing, program, step: null, keep: [], metric, operation: metric.operation });
    }
  }
  if (step.kind === 'assert' || step.kind === 'set') calls.set(step.at, { ...nothing, program, step, keep, condition });
  if (step.kind !== 'task') return;
  const { operation, where, undo } = step;
  const delegates = where.on === 'body' ? (where.delegate?.set ?? null) : null;
  calls.set(step.at, {
    program,
    step,
    operation,
    metric: null,
    poll: step.poll ?? null,
    probe: step.probe ?? null,
    condition,
    delegates,
    keep,
  });
  if (undo?.kind !== 'operation') return;
  const undoDelegates = undo.where.on === 'body' ? (undo.where.delegate?.set ?? null) : null;
  calls.set(undo.at, { ...nothing, program, step, operation: undo.operation, delegates: undoDelegates, keep });
}
