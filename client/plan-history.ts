import { describePlan } from '../definitions/plan-view';
import type { PlanDescription } from '../definitions/plan-view';
import { estimatePlan } from '../definitions/plan-view/estimate';
import { definitionsIn, historyOf } from '../definitions/plan-view/estimate/history';
import type { PlanBundle } from '../activities/plans/plan-bundle';
import type { Store } from '../platform/store/store';

/** A part of a plan, and how long it usually takes. */
interface UsualUnit {
  readonly path: string;
  /** Of a rollout; null: a step as a whole. */
  readonly wave: number | null;
  readonly usuallyMs: number | null;
}

/** A plan as people read it, with what earlier runs took. */
export async function describeWithHistory(
  { views }: Store,
  bundle: PlanBundle,
): Promise<{ readonly description: PlanDescription; readonly units: UsualUnit[] }> {
  const names = definitionsIn(bundle.plan.program);
  const taken = await Promise.all(names.map(async (name) => [name, await views.durations(name)] as const));
  const earlier = historyOf(new Map(taken));
  const { units } = estimatePlan(bundle, { historyOf: earlier });
  return {
    description: describePlan(bundle, new Map(), earlier),
    units: units.map(({ path, wave, estimate }) => ({
      path,
      wave,
      usuallyMs: estimate.source === 'none' ? null : estimate.p50Ms,
    })),
  };
}
