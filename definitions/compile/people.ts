import { responseDays } from '../../workflows/domain/approval-round';
import { hourMs } from '../../workflows/domain/duration';
import type { ApprovalSpec as ApprovalPlan, Due, ManualStep, StepCommon } from '../../workflows/runbook/plan';
import type { Value } from '../../workflows/domain/value';
import type { ApprovalSpec } from '../../workflows/runbook/steps/approval/schema';
import type { ManualSpec } from '../../workflows/runbook/steps/manual/schema';
import { planDue } from './fields';
import type { PolicyDocument } from './session';
import { below, report, reportMissing } from './site';
import type { Site } from './site';
import { compileValue } from './values';

const dayMs = 24 * hourMs;
/** Nobody answers in a week: the task is forgotten, and what `onDue` says happens. */
const defaultDueMs = responseDays.standard * dayMs;

/** The rule is resolved and becomes part of the plan; who the members of its teams are is asked when they vote. */
export function compileApproval(site: Site, spec: ApprovalSpec): ApprovalPlan | null {
  const found = site.unit.session.surroundings.policy(spec.policy);
  if (!found.ok) {
    reportMissing(below(site, 'policy'), found, spec.policy);
    return null;
  }
  const { rule } = found.value;
  if (spec.onDue === 'approve' && !rule.silenceMeansConsent)
    report(below(site, 'onDue'), {
      code: 'SILENCE_IS_NO_CONSENT',
      message: `Cannot approve by silence: the policy "${rule.name}" does not say silenceMeansConsent: true`,
      found: 'approve',
      accepted: ['reject', 'escalate', 'fail'],
    });
  if (spec.onDue === 'escalate' && rule.escalateTo === undefined)
    report(below(site, 'onDue'), {
      code: 'NOBODY_TO_ESCALATE_TO',
      message: `Cannot escalate: the policy "${rule.name}" has no escalateTo`,
      found: 'escalate',
      accepted: ['reject', 'fail'],
    });
  return {
    policy: rule,
    title: compileValue(below(site, 'title'), spec.title, { secrets: 'refused' }),
    show: compileShow(below(site, 'show'), spec.show),
    due: spec.due === undefined ? found.value.respondWithin : approvalDue(below(site, 'due'), spec.due, found.value),
    onDue: spec.onDue,
    onReject: spec.onReject ?? 'fail',
  };
}

/** R-APPR-6. */
function approvalDue(site: Site, due: string, { zone, respondWithin }: PolicyDocument): Due {
  const planned = planDue(site, due, zone) ?? respondWithin;
  const isLong = 'days' in planned ? planned.days > responseDays.most : planned.ms > responseDays.most * dayMs;
  if (isLong)
    report(site, {
      code: 'RESPONSE_TOO_LONG',
      message: `Cannot wait so long for answers: after ${responseDays.most} days a request has timed out`,
      found: due,
    });
  return planned;
}

export function compileManual(site: Site, spec: ManualSpec): Omit<ManualStep, 'kind' | keyof StepCommon> {
  const options = spec.options ?? ['done'];
  if (![...options, 'escalate', 'fail'].includes(spec.onDue))
    report(below(site, 'onDue'), {
      code: 'INVALID_VALUE',
      message: `Cannot use "${spec.onDue}" as onDue: it is none of the options`,
      found: spec.onDue,
      accepted: [...options, 'escalate', 'fail'],
    });
  return {
    title: compileValue(below(site, 'title'), spec.title, { secrets: 'refused' }),
    assignees: spec.assignees,
    options,
    ...(spec.form === undefined ? {} : { form: spec.form }),
    show: compileShow(below(site, 'show'), spec.show),
    due:
      spec.due === undefined ? { ms: defaultDueMs } : (planDue(below(site, 'due'), spec.due) ?? { ms: defaultDueMs }),
    onDue: spec.onDue,
  };
}

function compileShow(site: Site, show: ApprovalSpec['show']): { readonly [name: string]: Value } {
  const values = Object.entries(show ?? {}).map(
    ([name, raw]) => [name, compileValue(below(site, name), raw, { secrets: 'refused' })] as const,
  );
  return Object.fromEntries(values);
}
