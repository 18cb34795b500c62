import { awaitDesk, openDesk, startDesk, withdrawDesk } from '../approvals/desk';
import type { DeskContext, DeskOpening } from '../approvals/desk-state';
import type { ApprovalRequest } from '../domain/approval-state';
import type { JsonObject } from '../domain/json';
import { isInterruption } from '../effects';
import { nextTaskId } from './here';
import type { Here } from './here';
import type { RestoreChosen, RestoreWork } from './restore-choice';

export type RestoreApproval =
  | { readonly kind: 'approved'; readonly by: readonly string[] }
  | { readonly kind: 'not-approved'; readonly reason: string }
  /** It could never be: too few people, for one. */
  | { readonly kind: 'impossible'; readonly reason: string };

/** One person besides the requester; over what is live, two (R-BKP, card of restores). Nothing is restored before. */
export async function approveRestore(chosen: RestoreChosen, work: RestoreWork, here: Here): Promise<RestoreApproval> {
  const { state, effects } = here;
  const context: DeskContext = { effects, nextTaskId: () => nextTaskId(here) };
  const show = shownOf(chosen, work, here);
  const { digest: hash } = await effects.lookUp('digest', { value: { ...show, plan: here.input.plan.digest } });
  const opened = await openDesk(openingOf({ show, hash, over: work.over }, here), context);
  if (!opened.opened) return { kind: 'impossible', reason: opened.reason };
  const { desk } = opened;
  state.approval = desk;
  try {
    const phase = await awaitDesk(desk, context);
    if (phase.name !== 'approved')
      return { kind: 'not-approved', reason: 'by' in phase ? `rejected by ${phase.by.join(', ')}` : phase.name };
    const started = await startDesk(desk, { hash, regulariseBy: null }, context);
    if (!started.accepted) return { kind: 'not-approved', reason: started.reason };
    return { kind: 'approved', by: phase.by };
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel')
      withdrawDesk(desk, state.calledOff ?? 'it was called off', context);
    throw error;
  }
}

/** What people see, and what they sign. */
function shownOf({ set, recoversToMs, loss, problem }: RestoreChosen, work: RestoreWork, here: Here): JsonObject {
  const { plan, operation } = here.input;
  return {
    service: plan.service,
    host: plan.host,
    source: [...plan.source],
    backup: set.id,
    takenAt: new Date(set.atMs).toISOString(),
    recoversTo: new Date(recoversToMs).toISOString(),
    loss,
    over: work.over,
    reason: work.reason,
    requester: operation.requester,
    ...(problem === '' ? {} : { problem }),
  };
}

interface Asked {
  readonly show: JsonObject;
  readonly hash: string;
  readonly over: boolean;
}

function openingOf({ show, hash, over }: Asked, { input }: Here): DeskOpening {
  const { operation, plan } = input;
  const { requester, id } = operation;
  const risk = over ? 'high' : 'moderate';
  const slot = {
    id: 'restore',
    candidates: plan.approvers.restore,
    quorum: { mode: 'n', n: over ? 2 : 1 },
  } as const;
  const request: ApprovalRequest = {
    id,
    hash,
    requester,
    implementers: [],
    authors: [],
    risk,
    privileged: false,
    emergency: false,
    window: null,
    rule: {
      levels: [{ id: 'restore', slots: [slot], rejectOn: 1, countsApart: false }],
      validForMs: null,
      leadMs: 0,
      silenceMeansConsent: false,
      excludeRequester: true,
    },
  };
  const items = [`service/${plan.service}`, `host/${plan.host}`];
  return {
    request,
    path: 'approve',
    title: `Restore ${plan.service} ${over ? 'over what is live' : 'beside what is live'}`,
    show,
    facts: { type: 'restore', risk, requester, runbook: '', owner: plan.owner, items, inputs: {}, labels: {} },
    respondBy: null,
    onDue: null,
  };
}
