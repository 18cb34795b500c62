import type { DeskState } from '../approvals/desk-state';
import { awaitDesk, openDesk } from '../approvals/desk';
import { commentOf } from '../approvals/desk-journal';
import type { ApprovalFacts } from '../domain/approval-candidate';
import type { ApprovalLevel, ApprovalRule } from '../domain/approval-rule';
import type { ApprovalPhase, ApprovalRequest } from '../domain/approval-state';
import type { Failure } from '../domain/failure';
import { isJsonObject } from '../domain/json-shape';
import type { JsonObject } from '../domain/json';
import { textOf } from '../domain/render';
import type { Value } from '../domain/value';
import { isInterruption } from '../effects';
import { closeDesk, deskContext } from './desks';
import type { Here } from './here';
import { goingOn, nowWaiting } from './life';
import type { ApprovalSpec, Due, PolicyRule, Reads } from './plan';
import { render } from './scope';

/** How an approval ended; nobody has chosen `onDue`. */
export interface Decision {
  readonly choice: string;
  readonly by: readonly string[];
  readonly reason: 'answered' | 'due';
  readonly comment: string;
  /** What was asked. */
  readonly title: string;
}

export type Approval =
  { readonly ok: true; readonly decision: Decision } | { readonly ok: false; readonly failure: Failure };

interface Asking {
  readonly spec: ApprovalSpec;
  readonly path: string;
  readonly reads: Reads;
  readonly rule: ApprovalRule;
  readonly onDue: string;
}

/** Asks for an approval and says how it ended; `onReject` is left to the caller. */
export async function approve(
  spec: ApprovalSpec,
  about: { readonly path: string; readonly reads: Reads },
  here: Here,
): Promise<Approval> {
  const onDue = silentChoice(spec);
  const asking: Asking = { ...about, spec, rule: ruleOf(spec.policy, onDue), onDue };
  const { asked } = here.state;
  const escalated = `escalated:${about.path}`;
  if (asked[escalated] === undefined) {
    const first = await decide(asking, here);
    if (!first.ok) return first;
    if (first.decision.reason !== 'due' || spec.onDue !== 'escalate') return verdict(first.decision, spec);
    // Whoever enters again from here on must not ask those first again.
    asked[escalated] = about.path;
  }
  // Once more, to those asked before and the one above them; silence then is a rejection.
  const again = { ...asking, path: `${about.path}/escalated`, rule: escalatedRule(spec.policy), onDue: 'reject' };
  const second = await decide(again, here);
  delete asked[escalated];
  return second.ok ? verdict(second.decision, spec) : second;
}

/** Entered again, it waits on for the same answers. */
async function decide(asking: Asking, here: Here): Promise<Approval> {
  const { state, effects } = here;
  const context = deskContext(here);
  const found = await deskAt(asking, here);
  if (!found.ok) return found;
  const { desk } = found;
  try {
    const phase = await awaitDesk(desk, context);
    const decision = decisionOf(phase, desk);
    closeDesk(desk, { state, effects });
    goingOn(desk.id, decision.reason, here);
    return { ok: true, decision };
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') {
      closeDesk(desk, { ...here, withdraw: 'nobody waits for it any more' });
      goingOn(desk.id, 'withdrawn', here);
    }
    throw error;
  }
}

async function deskAt(
  asking: Asking,
  here: Here,
): Promise<{ readonly ok: true; readonly desk: DeskState } | { readonly ok: false; readonly failure: Failure }> {
  const { desks } = here.state;
  const { path, spec, reads, onDue } = asking;
  const known = desks[path];
  if (known !== undefined) return { ok: true, desk: known };
  const shown = await renderShown(spec.title, spec.show, { reads, here });
  if (!shown.ok) return shown;
  const { title, show } = shown;
  const respondBy = await dueAt(spec.due, here);
  const opening = { request: requestOf(asking, here), facts: factsOf(here), path, title, show, respondBy, onDue };
  const opened = await openDesk(opening, deskContext(here));
  if (!opened.opened) {
    const code = opened.code === 'QUORUM_UNREACHABLE' ? opened.code : 'APPROVAL_IMPOSSIBLE';
    return { ok: false, failure: { code, message: opened.reason } };
  }
  desks[path] = opened.desk;
  nowWaiting({ about: opened.desk.id, reason: title, held: false }, here);
  return { ok: true, desk: opened.desk };
}

/** A run is what its requester asked for and its plan says: there is no window, and no risk that somebody has assessed. */
function requestOf({ path, rule }: Asking, { input }: Here): ApprovalRequest {
  return {
    id: `${input.run.id}/${path}`,
    hash: input.planHash,
    requester: input.run.requester,
    implementers: [],
    authors: [],
    risk: 'low',
    privileged: false,
    emergency: false,
    window: null,
    rule,
  };
}

function factsOf({ input }: Here): ApprovalFacts {
  const { run, program } = input;
  const { name: runbook, owner } = program.definition;
  const { requester } = run;
  const inputs = { ...program.inputs, ...input.lateInputs };
  return { type: 'run', risk: 'low', requester, runbook, owner, items: [], inputs, labels: {} };
}

/** Silence never means consent unless the policy says so by name, and the step wants it. */
function silentChoice(spec: ApprovalSpec): string {
  return spec.onDue === 'approve' && !spec.policy.silenceMeansConsent ? 'reject' : spec.onDue;
}

function ruleOf(policy: PolicyRule, onDue: string): ApprovalRule {
  const { levels, validForMs, leadMs, excludeRequester, silenceMeansConsent } = policy;
  const isConsent = silenceMeansConsent && onDue === 'approve';
  return { levels, validForMs, leadMs, excludeRequester, silenceMeansConsent: isConsent };
}

function escalatedRule(policy: PolicyRule): ApprovalRule {
  const { escalateTo } = policy;
  const rule = ruleOf(policy, 'reject');
  const wider = (level: ApprovalLevel): ApprovalLevel => ({
    ...level,
    slots: level.slots.map((slot) => ({
      ...slot,
      candidates: [...slot.candidates, ...(escalateTo === undefined ? [] : [escalateTo])],
    })),
  });
  return { ...rule, levels: rule.levels.map(wider) };
}

function decisionOf(phase: ApprovalPhase, desk: DeskState): Decision {
  const { title } = desk;
  switch (phase.name) {
    case 'approved':
      return { choice: 'approve', by: phase.by, reason: 'answered', comment: commentOf(desk, 'approve'), title };
    case 'rejected':
      return { choice: 'reject', by: phase.by, reason: 'answered', comment: commentOf(desk, 'reject'), title };
    case 'pending':
    case 'timed-out':
    case 'lapsed':
    case 'withdrawn':
      return { choice: desk.onDue ?? '', by: [], reason: 'due', comment: '', title };
  }
}

function verdict(decision: Decision, spec: ApprovalSpec): Approval {
  const { choice, reason, by, comment, title } = decision;
  if (choice === 'approve') return { ok: true, decision };
  // Silence that is a rejection goes on like one.
  if (spec.onReject === 'continue' && choice === 'reject') return { ok: true, decision };
  if (reason === 'due') return overdue(title);
  return {
    ok: false,
    failure: {
      code: 'APPROVAL_REJECTED',
      message: `Cannot go on: rejected by ${by.join(', ')}${comment === '' ? '' : ` (${comment})`}`,
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
