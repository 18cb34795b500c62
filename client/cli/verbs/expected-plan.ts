import { diffPlans } from '../../../definitions/plan-diff';
import { RequestError } from '../../api/errors';
import { bareHash } from '../../../activities/plans/plan-bundle';
import type { PlanBundle } from '../../../activities/plans/plan-bundle';
import type { ApiClient } from '../api-client';
import type { Cli } from '../cli';
import { readPlanFile } from '../plan-file';
import { planOfRuns } from '../known-plans';

/** Refuses a plan that is not the expected one, and shows what changed where the expected one can be found. */
export async function expectPlan(
  cli: Cli,
  api: ApiClient,
  given: { readonly bundle: PlanBundle; readonly expected: string },
): Promise<void> {
  const { bundle, expected } = given;
  const known = expected.endsWith('.json') ? await readPlanFile(expected) : null;
  const hash = known?.plan.planHash ?? expected;
  if (bareHash(hash) === bareHash(bundle.plan.planHash)) return;
  const before = known ?? (await planOfRuns(api, hash));
  if (before !== null) for (const line of diffPlans(before, bundle)) cli.terminal.note(line);
  throw new RequestError('PLAN_CHANGED', `Cannot start the run: the plan is ${bundle.plan.planHash}, expected ${hash}`);
}
