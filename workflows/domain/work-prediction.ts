import { inSequence, remainingOf, sideBySide } from './estimate';

import type { Estimate, KnownEstimate } from './estimate';
import type { PlannedWork } from './window';
import type { RemainingWork } from './window-duty';

export interface StepEstimate {
  readonly step: string;
  readonly estimate: Estimate;
}

/** Steps in the order in which they run; what runs side by side is one estimate already. */
export interface WorkEstimates {
  readonly forward: readonly StepEstimate[];
  readonly backOut: readonly StepEstimate[];
}

/** A plan with a step that nobody can tell the length of cannot be held against a window. */
export type WorkPrediction =
  | { readonly kind: 'predicted'; readonly work: PlannedWork; readonly source: KnownEstimate['source'] }
  | { readonly kind: 'unpredictable'; readonly steps: readonly string[] };

export function predictWork({ forward, backOut }: WorkEstimates): WorkPrediction {
  const all = inSequence([...forward, ...backOut].map(({ estimate }) => estimate));
  if (all.source === 'none') return { kind: 'unpredictable', steps: unknownSteps({ forward, backOut }) };
  const work = {
    p95Ms: p95Of(forward),
    lastTaskStartP95Ms: p95Of(forward.slice(0, -1)),
    backOutP95Ms: p95Of(backOut),
  };
  return { kind: 'predicted', work, source: all.source };
}

export interface RunningStep {
  readonly estimate: Estimate;
  readonly elapsedMs: number;
}

/** What is left while some steps run, side by side, and others are still to start after them, in order. */
export function remainingWork(running: readonly RunningStep[], toStart: readonly Estimate[]): RemainingWork {
  const ending = sideBySide(running.map(({ estimate, elapsedMs }) => remainingOf(estimate, elapsedMs)));
  const untilLastStarts = inSequence([ending, ...toStart.slice(0, -1)]);
  return {
    p90Ms: p90Of(inSequence([ending, ...toStart])),
    lastTaskStartP90Ms: toStart.length === 0 ? 0 : p90Of(untilLastStarts),
  };
}

function unknownSteps({ forward, backOut }: WorkEstimates): readonly string[] {
  return [...forward, ...backOut].filter(({ estimate }) => estimate.source === 'none').map(({ step }) => step);
}

function p95Of(steps: readonly StepEstimate[]): number {
  const total = inSequence(steps.map(({ estimate }) => estimate));
  return total.source === 'none' ? 0 : total.p95Ms;
}

function p90Of(estimate: Estimate): number | null {
  return estimate.source === 'none' ? null : estimate.p90Ms;
}
