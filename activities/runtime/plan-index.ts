import type {
  GateMetric,
  OperationPlan,
  PlanHost,
  PollPlan,
  Program,
  Step,
  UndoPlan,
  Where,
} from '../../workflows/runbook/plan';
import type { Reads } from '../../workflows/runbook/plan';

/** What stands at an address of a plan, as far as a worker needs it. */
export interface PlannedCall {
  readonly at: string;
  /** The program around the step: its secrets, connections and owner count. */
  readonly program: Program;
  readonly reads: Reads;
  /** Fields of the record that travel back into workflow state. */
  readonly keep: readonly string[];
  readonly work: PlannedWork;
  /** Of the step itself: what was decided per host stands under it, for its undo too. */
  readonly stepAt: string;
  /** Present where each host decides. */
  readonly condition: string | null;
}

export type PlannedWork =
  | {
      readonly kind: 'operation';
      readonly operation: OperationPlan;
      readonly where: Where;
      readonly poll: PollPlan | null;
      readonly probe: OperationPlan | null;
    }
  | { readonly kind: 'sample'; readonly operation: OperationPlan; readonly where: Where; readonly metric: GateMetric }
  | { readonly kind: 'assert'; readonly step: Extract<Step, { kind: 'assert' }> }
  | { readonly kind: 'set'; readonly step: Extract<Step, { kind: 'set' }> };

export type PlanIndex = ReadonlyMap<string, PlannedCall>;

/** Every address of a plan that an activity may be asked for: steps, their undo, gates, and those of embedded programs. */
export function indexProgram(program: Program): PlanIndex {
  const index = new Map<string, PlannedCall>();
  addProgram(index, program);
  return index;
}

function addProgram(index: Map<string, PlannedCall>, program: Program): void {
  addSteps(index, program, program.steps);
  addSteps(index, program, program.finally);
}

function addSteps(index: Map<string, PlannedCall>, program: Program, steps: readonly Step[]): void {
  for (const step of steps) addStep(index, program, step);
}

function addStep(index: Map<string, PlannedCall>, program: Program, step: Step): void {
  const call = callOf(program, step);
  if (call !== null) index.set(step.at, call);
  addSteps(index, program, step.rescue ?? []);
  switch (step.kind) {
    case 'task':
      if (step.undo !== undefined) addUndo(index, program, { step, undo: step.undo });
      return;
    case 'group':
    case 'forEach':
      return addSteps(index, program, step.steps);
    case 'rollout':
      for (const metric of [...step.gate, ...(step.undoGate ?? [])]) index.set(metric.at, metricCall(program, metric));
      return addSteps(index, program, step.steps);
    case 'parallel':
      return addSteps(index, program, step.branches);
    case 'switch':
      for (const steps of [...Object.values(step.cases), step.default ?? []]) addSteps(index, program, steps);
      return;
    case 'runbook':
      return addProgram(index, step.program);
    case 'assert':
    case 'set':
    case 'wait':
    case 'approval':
    case 'manual':
      return;
  }
}

function callOf(program: Program, step: Step): PlannedCall | null {
  const common = {
    at: step.at,
    stepAt: step.at,
    program,
    reads: step.reads,
    keep: step.keep,
    condition: step.if?.perHost === true ? step.if.expression : null,
  };
  if (step.kind === 'assert') return { ...common, work: { kind: 'assert', step } };
  if (step.kind === 'set') return { ...common, work: { kind: 'set', step } };
  if (step.kind !== 'task') return null;
  const { operation, where } = step;
  const work = { kind: 'operation', operation, where, poll: step.poll ?? null, probe: step.probe ?? null } as const;
  return { ...common, work };
}

function addUndo(
  index: Map<string, PlannedCall>,
  program: Program,
  { step, undo }: { readonly step: Step; readonly undo: UndoPlan },
): void {
  if (undo.kind === 'steps') return addSteps(index, program, undo.steps);
  if (undo.kind === 'none') return;
  const { operation, where } = undo;
  const work = { kind: 'operation', operation, where, poll: null, probe: null } as const;
  const { at, reads } = undo;
  index.set(at, { at, stepAt: step.at, program, reads, keep: step.keep, condition: null, work });
}

function metricCall(program: Program, metric: GateMetric): PlannedCall {
  const { at, operation, where, reads } = metric;
  const work = { kind: 'sample', operation, where, metric } as const;
  return { at, stepAt: at, program, reads, keep: [], condition: null, work };
}

/** What the compiler had decided for this host and step. */
export function hostStep(host: PlanHost, call: PlannedCall): PlanHost['steps'][string] {
  return host.steps[call.at] ?? host.steps[call.stepAt] ?? {};
}
