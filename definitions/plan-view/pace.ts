import { z } from 'zod';

import { plannedWaves } from '../../workflows/domain/waves';
import type { Wave } from '../../workflows/domain/waves';
import type { GateMetric, RolloutStep } from '../../workflows/runbook/plan';
import type { ShownHost } from './hosts';
import type { PlanWithBlobs } from './hosts';

export function wavesIn(step: RolloutStep, { plan }: PlanWithBlobs): readonly Wave[] {
  return plannedWaves(step, plan.targetSets[step.set]?.count ?? 0);
}

/**
 * Groups of a wave, one after another: of at most `parallel` hosts, and of no more of a redundancy group than may be out (R-ROLL-1).
 * `hosts`: all of the rollout, read only if they matter.
 */
export function turnsOf(step: RolloutStep, wave: Wave, hosts: () => readonly ShownHost[]): number {
  const byParallel = Math.ceil((wave.end - wave.start) / step.parallel);
  if (step.redundancy === undefined) return byParallel;
  const seated = hosts()
    .slice(wave.start, wave.end)
    .flatMap((host) => Seated.parse(host).steps[step.at]?.redundancy ?? []);
  const byGroup = Object.entries(step.redundancy).map(([group, limit]) =>
    Math.ceil(seated.filter((name) => name === group).length / Math.max(1, limit)),
  );
  return Math.max(byParallel, ...byGroup);
}

const Seated = z.object({
  steps: z.record(z.string(), z.object({ redundancy: z.array(z.string()).optional() })).default({}),
});

/** Metrics are measured side by side. */
export function gateMs(gate: readonly GateMetric[]): number {
  return Math.max(0, ...gate.map(({ sample }) => (sample.count - 1) * sample.everyMs));
}
