import { joinPath } from '../../workflows/domain/effect-path';
import { certain, inSequence } from '../../workflows/domain/estimate';
import type { Estimate } from '../../workflows/domain/estimate';
import type { StepEstimate, WorkEstimates } from '../../workflows/domain/work-prediction';
import type { Step } from '../../workflows/runbook/plan';
import { undoOf } from './estimate/back-out';
import { ofStep, unitsOf } from './estimate/forward';
import type { EstimatedUnit } from './estimate/forward';
import { childOf, inside, nothing, pathIn, programSteps, unknown, within } from './estimate/place';
import type { EstimateSources, Place } from './estimate/place';
import { planHosts } from './hosts';
import type { PlanWithBlobs, ShownHost } from './hosts';
import { gateMs } from './pace';

export interface PlanEstimate {
  readonly units: readonly EstimatedUnit[];
  /** Finer: its last part is what starts last. */
  readonly work: WorkEstimates;
  /** Every step that does something, once: on one group of hosts. */
  readonly steps: readonly StepEstimate[];
  readonly forward: Estimate;
  readonly backOut: Estimate;
}

/** How long a plan takes without the time that people take, and how long its back-out, by what earlier runs took. */
export function estimatePlan(bundle: PlanWithBlobs, sources: EstimateSources): PlanEstimate {
  const { program } = bundle.plan;
  const place: Place = {
    bundle,
    hosts: hostsOnce(bundle),
    sources,
    definition: program.definition.name,
    path: '',
    classes: [''],
  };
  const steps = [...program.steps, ...program.finally];
  const units = steps.flatMap((step) => unitsOf(step, place));
  const forward = steps.flatMap((step, index) => partsOf(step, place, index === steps.length - 1));
  const backOut = steps.toReversed().flatMap((step) => {
    const estimate = undoOf(step, place);
    return estimate === null ? [] : [{ step: pathIn(step, place), estimate }];
  });
  return {
    units,
    work: { forward, backOut },
    steps: steps.flatMap((step) => leavesOf(step, place)),
    forward: inSequence(units.map(({ estimate }) => estimate)),
    backOut: inSequence(backOut.map(({ estimate }) => estimate)),
  };
}

/** A plan of thousands of hosts is looked at once for each of its steps. */
function hostsOnce(bundle: PlanWithBlobs): Place['hosts'] {
  const known = new Map<string, readonly ShownHost[]>();
  return (set) => {
    const hosts = known.get(set) ?? planHosts(bundle, set);
    known.set(set, hosts);
    return hosts;
  };
}

/** The last part of all begins with the step that starts last; what cannot be looked into has its end for that. */
function partsOf(step: Step, place: Place, isLast: boolean): readonly StepEstimate[] {
  const units = unitsOf(step, place).map(({ path, wave, estimate }) => ({
    step: wave === null ? path : joinPath(path, `wave:${wave}`),
    estimate,
  }));
  const last = units.at(-1);
  if (!isLast || last === undefined || step.kind === 'task') return units;
  const lastLeaf = step.kind === 'rollout' ? step.steps.at(-1) : undefined;
  if (step.kind !== 'rollout' || lastLeaf === undefined) return [...units, { step: last.step, estimate: nothing }];
  const body = inside(step, place);
  const ending = inSequence([ofStep(lastLeaf, body), certain(step.bakeMs + gateMs(step.gate))]);
  return [
    ...units.slice(0, -1),
    { step: last.step, estimate: minus(last.estimate, ending) },
    { step: last.step, estimate: ending },
  ];
}

/** The ending is part of the whole, figure by figure. */
function minus(whole: Estimate, ending: Estimate): Estimate {
  if (whole.source === 'none' || ending.source === 'none') return unknown;
  const { source, p50Ms, p90Ms, p95Ms } = whole;
  return { source, p50Ms: p50Ms - ending.p50Ms, p90Ms: p90Ms - ending.p90Ms, p95Ms: p95Ms - ending.p95Ms };
}

function leavesOf(step: Step, place: Place): readonly StepEstimate[] {
  const inner = within(step, place);
  switch (step.kind) {
    case 'task':
      return [{ step: step.at, estimate: ofStep(step, place) }];
    case 'group':
    case 'forEach':
      return step.steps.flatMap((each) => leavesOf(each, inner));
    case 'parallel':
      return step.branches.flatMap((each) => leavesOf(each, inner));
    case 'switch':
      return [...Object.values(step.cases).flat(), ...(step.default ?? [])].flatMap((each) => leavesOf(each, inner));
    case 'runbook':
      return programSteps(step.program).flatMap((each) => leavesOf(each, childOf(step.program, place)));
    case 'rollout':
      return step.steps.flatMap((each) => leavesOf(each, inside(step, place)));
    case 'approval':
    case 'manual':
    case 'wait':
    case 'assert':
    case 'set':
      return [];
  }
}
