import type { ApprovalFacts } from '../domain/approval-candidate';
import type { ApprovalRequest } from '../domain/approval-state';
import type { ApprovalRule } from '../domain/approval-rule';
import type { JsonObject } from '../domain/json';
import { changeWindowProblems } from '../domain/change-window';
import { formatDuration } from '../domain/duration';
import { asJson, note } from './facts';
import { signedFacts } from './difference';
import { nameOf } from './here';
import type { Here } from './here';
import type { ChangeProblem, PlannedForChange } from './messages';

export type Prepared = { readonly ok: true; readonly planned: PlannedForChange } | ProblemsFound;
export interface ProblemsFound {
  readonly ok: false;
  readonly problems: readonly ChangeProblem[];
}

/** Plan, model and risk as the published definitions give them now. Nothing of it is kept yet. */
export async function prepare(here: Here): Promise<Prepared> {
  const { state, effects, input } = here;
  state.counters.plans += 1;
  const answer = await effects.lookUp('planChange', {
    changeId: input.change.id,
    generation: state.counters.plans,
    requester: input.change.requester,
    draft: state.draft,
    previous: state.plan?.planDigest ?? null,
    at: effects.now(),
  });
  return 'problems' in answer ? { ok: false, problems: answer.problems } : { ok: true, planned: answer };
}

/** What keeps a change from ever being carried out where it is planned (R-WIN-1, R-WIN-2, lead time). */
export function windowProblems({ model, plan }: PlannedForChange, here: Here): readonly ChangeProblem[] {
  const { window, signed } = here.state;
  // Lead time is for whoever approves: a start that was submitted in time stays in time, whatever else changes.
  const isKept = signed !== null && signed.window.startMs === window.startMs;
  const wanted = isKept ? { ...model, leadTimeMs: 0 } : model;
  return changeWindowProblems(window, { model: wanted, work: plan.work }, here.effects.now());
}

/** Keeps what was prepared: from here on it is the plan of this change. */
export async function adopt(planned: PlannedForChange, here: Here): Promise<void> {
  const { state, effects } = here;
  state.model = planned.model;
  state.assessment = planned.assessment;
  state.plan = planned.plan;
  state.signed = signedFacts(planned, here);
  state.hash = (await effects.lookUp('digest', { value: materialFacts(planned, here) })).digest;
  const { type } = planned.model;
  const { score, risk } = planned.assessment;
  note(here, 'change.assessed', { type, score, risk, by: 'engine' });
  noteSchedule('submitted', here);
}

export function noteSchedule(reason: string, here: Here): void {
  const { state } = here;
  const { window, model, draft } = state;
  const { startMs, endMs, cutoffMs } = window;
  const preparationMs = model?.preparationMs ?? 0;
  note(here, 'change.scheduled', { startMs, endMs, cutoffMs, preparationMs, assignees: draft.assignees ?? [], reason });
}

/** R-APPR-9: what a vote signs. Titles and descriptions are not among it. */
function materialFacts({ plan, assessment, model }: PlannedForChange, { state }: Here): JsonObject {
  return {
    planHash: plan.planHash,
    window: asJson(state.window),
    risk: assessment.risk,
    type: model.type,
    rule: asJson(model.rule),
    items: [...(state.draft.items ?? [])],
  };
}

/** What the desk is asked: the people and the facts as they stand. */
export function approvalRequest(rule: ApprovalRule, here: Here): ApprovalRequest {
  const { state, input } = here;
  const { startMs: start, endMs: end } = state.window;
  return {
    id: input.change.id,
    hash: state.hash,
    requester: input.change.requester,
    implementers: state.draft.implementers ?? [],
    authors: [],
    risk: state.assessment?.risk ?? 'high',
    privileged: false,
    emergency: state.model?.type === 'emergency',
    window: { start, end },
    // R-SOD-1: a policy may make an exception for runs, never for a change.
    rule: { ...rule, excludeRequester: true },
  };
}

/** What people see next to the question. */
export function shownFacts(here: Here): JsonObject {
  const { state, input } = here;
  const { draft, plan, assessment, window, model } = state;
  return {
    change: nameOf(here),
    title: draft.title,
    ...(draft.description === undefined ? {} : { description: draft.description }),
    ...(draft.reason === undefined ? {} : { reason: draft.reason }),
    ...(draft.backOutPlan === undefined ? {} : { backOutPlan: draft.backOutPlan }),
    requester: input.change.requester,
    model: model?.name ?? draft.model,
    risk: assessment?.risk ?? '',
    score: assessment?.score ?? 0,
    runbook: `${plan?.definition.name ?? draft.runbook}@${plan?.definition.version ?? ''}`,
    hosts: plan?.hosts ?? 0,
    window: {
      start: new Date(window.startMs).toISOString(),
      end: new Date(window.endMs).toISOString(),
      zone: draft.window.zone ?? 'UTC',
    },
    plan: plan?.planHash ?? '',
    duration: {
      p95: formatDuration(plan?.work.p95Ms ?? 0),
      backOut: formatDuration(plan?.work.backOutP95Ms ?? 0),
      source: plan?.source ?? '',
    },
  };
}

/** What expressions among the candidates read. */
export function changeFacts({ state, input }: Here): ApprovalFacts {
  const { draft, assessment, model, plan } = state;
  return {
    type: model?.type ?? '',
    risk: assessment?.risk ?? '',
    requester: input.change.requester,
    runbook: plan?.definition.name ?? draft.runbook,
    owner: plan?.definition.owner ?? '',
    items: draft.items ?? [],
    inputs: draft.inputs ?? {},
    labels: draft.labels ?? {},
  };
}
