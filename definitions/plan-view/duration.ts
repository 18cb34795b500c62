import { plannedWaves } from '../../workflows/domain/waves';
import type { GateMetric, Plan, RolloutStep, Step } from '../../workflows/runbook/plan';

export interface Prediction {
  /** Without the time that people take to answer. */
  readonly ms: number;
  /** Some step has no estimate yet and counts as nothing: it will take at least this long. */
  readonly atLeast: boolean;
  /** Somebody must answer in between. */
  readonly waitsForPeople: boolean;
}

const nothing: Prediction = { ms: 0, atLeast: false, waitsForPeople: false };

/** From the authors' estimates, until there is a history to learn from. */
export function predict(plan: Plan): Prediction {
  return oneAfterAnother([...plan.program.steps, ...plan.program.finally], plan);
}

function oneAfterAnother(steps: readonly Step[], plan: Plan): Prediction {
  return steps.map((step) => ofStep(step, plan)).reduce(add, nothing);
}

function add(left: Prediction, right: Prediction): Prediction {
  return {
    ms: left.ms + right.ms,
    atLeast: left.atLeast || right.atLeast,
    waitsForPeople: left.waitsForPeople || right.waitsForPeople,
  };
}

function longest(predictions: readonly Prediction[]): Prediction {
  const together = predictions.reduce(add, nothing);
  return { ...together, ms: Math.max(0, ...predictions.map(({ ms }) => ms)) };
}

function times(prediction: Prediction, factor: number): Prediction {
  return { ...prediction, ms: prediction.ms * factor };
}

function ofStep(step: Step, plan: Plan): Prediction {
  const noReturn = step.pointOfNoReturn === undefined ? nothing : { ...nothing, waitsForPeople: true };
  if (step.estimateMs !== undefined && step.kind !== 'rollout')
    return add({ ...nothing, ms: step.estimateMs }, noReturn);
  return add(ofKind(step, plan), noReturn);
}

function ofKind(step: Step, plan: Plan): Prediction {
  switch (step.kind) {
    case 'task':
      return { ...nothing, atLeast: true };
    case 'approval':
    case 'manual':
      return { ...nothing, waitsForPeople: true };
    case 'wait':
    case 'switch':
      return { ...nothing, atLeast: true };
    case 'assert':
    case 'set':
      return nothing;
    case 'group':
      return oneAfterAnother(step.steps, plan);
    case 'parallel':
      return longest(step.branches.map((branch) => ofStep(branch, plan)));
    case 'forEach':
      return { ...oneAfterAnother(step.steps, plan), atLeast: true };
    case 'runbook':
      return oneAfterAnother([...step.program.steps, ...step.program.finally], plan);
    case 'rollout':
      return ofRollout(step, plan);
  }
}

/** Groups one after another, then watching and the gate, for each wave. */
function ofRollout(step: RolloutStep, plan: Plan): Prediction {
  const total = plan.targetSets[step.set]?.count ?? 0;
  const waves = plannedWaves(step, total);
  const groups = waves.reduce((sum, wave) => sum + Math.ceil((wave.end - wave.start) / step.parallel), 0);
  const gateMs = step.gate.reduce((most, metric) => Math.max(most, ofGate(metric)), 0);
  const body = times(oneAfterAnother(step.steps, plan), groups);
  return { ...body, ms: body.ms + waves.length * step.bakeMs + (waves.length + 1) * gateMs };
}

function ofGate({ sample }: GateMetric): number {
  return (sample.count - 1) * sample.everyMs;
}
