import { isJsonObject } from '../domain/json-shape';
import { textOf } from '../domain/render';
import type { Failure } from '../domain/failure';
import type { JsonObject } from '../domain/json';
import type { Value } from '../domain/value';
import { ask } from './ask';
import type { Decision, Question } from './ask';
import type { Here } from './here';
import type { ApprovalSpec, Due, Reads } from './plan';
import { render } from './scope';

export type Approval =
  { readonly ok: true; readonly decision: Decision } | { readonly ok: false; readonly failure: Failure };

/** Asks for an approval and says how it ended; `onReject` is left to the caller. */
export async function approve(
  spec: ApprovalSpec,
  about: { readonly path: string; readonly reads: Reads },
  here: Here,
): Promise<Approval> {
  const shown = await renderShown(spec.title, spec.show, { reads: about.reads, here });
  if (!shown.ok) return shown;
  const { policy } = spec;
  const question: Question = {
    kind: 'approval',
    path: about.path,
    title: shown.title,
    show: shown.show,
    candidates: policy.approvers,
    options: ['approve', 'reject'],
    min: policy.min,
    rejectOn: policy.rejectOn,
    excludeRequester: policy.excludeRequester,
    form: null,
    dueAt: await dueAt(spec.due, here),
    onDue: silentChoice(spec),
    hosts: [],
  };
  const { asked } = here.state;
  const escalated = `escalated:${about.path}`;
  if (asked[escalated] === undefined) {
    const decision = await ask(question, here);
    if (decision.reason !== 'due' || spec.onDue !== 'escalate') return verdict(decision, spec);
    // Whoever enters again from here on must not ask those first again.
    asked[escalated] = about.path;
  }
  const approval = await escalate(question, spec, here);
  delete asked[escalated];
  return approval;
}

/** Silence never means consent unless the policy says so by name. */
function silentChoice(spec: ApprovalSpec): string {
  return spec.onDue === 'approve' && !spec.policy.silenceMeansConsent ? 'reject' : spec.onDue;
}

/** Once more, to those asked before and the one above them; silence then is a rejection. */
async function escalate(question: Question, spec: ApprovalSpec, here: Here): Promise<Approval> {
  const { escalateTo } = spec.policy;
  const candidates = escalateTo === undefined ? question.candidates : [...question.candidates, escalateTo];
  const again = {
    ...question,
    path: `${question.path}/escalated`,
    candidates,
    dueAt: await dueAt(spec.due, here),
    onDue: 'reject',
  };
  return verdict(await ask(again, here), spec);
}

function verdict(decision: Decision, spec: ApprovalSpec): Approval {
  if (decision.choice === 'approve') return { ok: true, decision };
  // Silence that is a rejection goes on like one.
  if (spec.onReject === 'continue' && decision.choice === 'reject') return { ok: true, decision };
  if (decision.reason === 'due') return overdue(decision.task.task.title);
  const by = decision.by.join(', ');
  return {
    ok: false,
    failure: {
      code: 'APPROVAL_REJECTED',
      message: `Cannot go on: rejected by ${by}${decision.comment === '' ? '' : ` (${decision.comment})`}`,
    },
  };
}

export function overdue(title: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code: 'TASK_OVERDUE', message: `Cannot go on: nobody answered "${title}" in time` } };
}

export async function dueAt(due: Due, here: Here): Promise<number> {
  const from = here.effects.now();
  if ('ms' in due) return from + due.ms;
  return (await here.effects.lookUp('calendarDue', { from, days: due.days, zone: due.zone })).at;
}

export type Shown =
  | { readonly ok: true; readonly title: string; readonly show: JsonObject }
  | { readonly ok: false; readonly failure: Failure };

/** What people see is rendered once, kept with the task, and signed by the vote. */
export async function renderShown(
  title: Value,
  show: { readonly [name: string]: Value },
  where: { readonly reads: Reads; readonly here: Here },
): Promise<Shown> {
  const text = await render(title, where.reads, where.here);
  if (!text.ok) return text;
  const shown = await render({ map: show }, where.reads, where.here);
  if (!shown.ok) return shown;
  return {
    ok: true,
    title: textOf(text.value) ?? JSON.stringify(text.value),
    show: isJsonObject(shown.value) ? shown.value : {},
  };
}
