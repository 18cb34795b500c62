import type { PlanEstimate } from '../../definitions/plan-view/estimate';
import { hasPointOfNoReturn } from '../../definitions/plan-view/undoable';
import type { ChangePlan, WorkUnit } from '../../workflows/change/messages';
import type { Plan } from '../../workflows/runbook/plan';

interface Named {
  readonly plan: Plan;
  readonly planDigest: string;
  readonly generation: number;
  readonly hosts: number;
}

/** What a change's own workflow needs to know of its plan. */
export function changePlanOf(
  { plan, planDigest, generation, hosts }: Named,
  estimate: PlanEstimate,
  { work, source }: Pick<ChangePlan, 'work' | 'source'>,
): ChangePlan {
  const counts = Object.entries(plan.targetSets).map(([set, { count }]) => [set, count] as const);
  const { name, version, title, owner, digest } = plan.program.definition;
  return {
    generation,
    planHash: plan.planHash,
    planDigest,
    targetCounts: Object.fromEntries(counts),
    definition: { name, version, title, owner, digest },
    hosts,
    work,
    source,
    units: estimate.units.map(unitOf),
    pointOfNoReturn: hasPointOfNoReturn(plan.program),
  };
}

function unitOf({ path, wave, estimate }: PlanEstimate['units'][number]): WorkUnit {
  if (estimate.source === 'none') return { path, wave, p50Ms: null, p90Ms: null, p95Ms: null };
  const { p50Ms, p90Ms, p95Ms } = estimate;
  return { path, wave, p50Ms, p90Ms, p95Ms };
}
