import { askedBy, barOf, eligibleIn } from './approval-electorate';
import { deadlineOf, maySilenceConsent } from './approval-round';
import { grant, settle, sweep } from './approval-settle';
import { phaseRefusal, refused } from './approval-state';

import type { Asked } from './approval-electorate';
import type { ApprovalEvent } from './approval-event';
import type { ApprovalState, ApprovalTransition } from './approval-state';
import type { Moment, Settled } from './approval-settle';

/** R-APPR-7. */
const reminderPercents = [50, 75, 90] as const;

export interface Start extends Moment {
  /** Of the plan as it is computed now. */
  readonly hash: string;
  /** R-APPR-12: when one business day has passed, by the calendar of the caller; only an emergency needs it. */
  readonly regulariseBy: number | null;
}

/** What was approved begins. R-APPR-12: an emergency may begin on one approval; the others are still asked. */
export function startApproved(state: ApprovalState, start: Start): ApprovalTransition {
  const { at, hash, regulariseBy } = start;
  const closed = phaseRefusal(state, 'start');
  if (closed !== null) return closed;
  const { phase, request } = state;
  const cannot = `Cannot start what approval "${request.id}" is about`;
  if (state.start !== null) return refused('ALREADY_STARTED', `${cannot}: it has started`);
  if (hash !== request.hash) return refused('PLAN_CHANGED', `${cannot}: another plan was approved`);
  const validUntil = validUntilOf(state);
  if (validUntil !== null && at >= validUntil) return refused('APPROVAL_EXPIRED', `${cannot}: the approval has ended`);
  if (phase.name === 'approved') {
    const events: readonly ApprovalEvent[] = [{ at, kind: 'approval.started', regulariseBy: null }];
    return { accepted: true, state: { ...state, start: { kind: 'approved', at, expiredAt: null } }, events };
  }
  const swept = sweep(state, start);
  if (!request.emergency || regulariseBy === null || regulariseBy <= at)
    return refused('APPROVAL_MISSING', `${cannot}: it is not approved`);
  if (at >= state.respondBy) return refused('RESPONSE_DUE', `${cannot}: answers were due`);
  if (!swept.state.votes.some(({ choice }) => choice === 'approve'))
    return refused('APPROVAL_MISSING', `${cannot}: an emergency needs one approval before its start`);
  const started: ApprovalState = { ...swept.state, start: { kind: 'emergency', at, regulariseBy, overdue: false } };
  const settled = settle(started, start);
  const event: ApprovalEvent = { at, kind: 'approval.started', regulariseBy };
  return { accepted: true, state: settled.state, events: [...swept.events, event, ...settled.events] };
}

/** Whatever is due at this instant; `nextDueAt` says when to ask. */
export function expireApproval(state: ApprovalState, at: number): ApprovalTransition {
  const expired = overdueResponse(state, at) ?? overdueRegularisation(state, at) ?? endedValidity(state, at);
  return expired === null
    ? refused('NOTHING_DUE', `Cannot expire approval "${state.request.id}": nothing is due`)
    : { accepted: true, ...expired };
}

/** R-APPR-8 and its ruling: the addendum moves the end of validity and voids nothing. */
export function extendValidity(state: ApprovalState, { at, until }: { at: number; until: number }): ApprovalTransition {
  const closed = phaseRefusal(state, 'extend');
  if (closed !== null) return closed;
  const { phase, start, request } = state;
  if (phase.name !== 'approved' || phase.validUntil === null || until <= phase.validUntil)
    return refused('NOT_AN_EXTENSION', `Cannot extend approval "${request.id}": it is valid as long already`);
  if (start === null && at >= phase.validUntil)
    return refused('APPROVAL_EXPIRED', `Cannot extend approval "${request.id}": it has ended`);
  const running = start?.kind === 'approved' ? { ...start, expiredAt: null } : start;
  return {
    accepted: true,
    state: { ...state, phase: { ...phase, validUntil: until }, start: running },
    events: [{ at, kind: 'approval.extended', validUntil: until }],
  };
}

/** R-APPR-7: one reminder however late it is; with the last, the managers of those who are silent are asked as well. */
export function remindApprovers(
  state: ApprovalState,
  { managers, ...moment }: Moment & { managers: { readonly [person: string]: string } },
): ApprovalTransition {
  const closed = phaseRefusal(state, 'remind');
  if (closed !== null) return closed;
  const { at } = moment;
  const percent = reminderPercents.findLast((each) => each > state.remindedPercent && reminderAt(state, each) <= at);
  if (percent === undefined || state.start !== null || at >= state.respondBy)
    return refused('NOTHING_DUE', `Cannot remind of approval "${state.request.id}": no reminder is due`);
  const asked = askedBy(state, moment.electorate, at);
  const people = [...new Set(asked.map(({ actor }) => actor))];
  const reminded = { ...state, remindedPercent: percent };
  const added = percent === 90 ? withManagers(reminded, { asked, managers, moment }) : { state: reminded, events: [] };
  const settled = settle(added.state, moment);
  const event: ApprovalEvent = { at, kind: 'approval.reminded', percent, people };
  return { accepted: true, state: settled.state, events: [event, ...added.events, ...settled.events] };
}

/** When `remindApprovers` or `expireApproval` next has something to do; null: never. */
export function nextDueAt(state: ApprovalState): number | null {
  const { phase, start, respondBy } = state;
  if (phase.name === 'pending' && start === null) {
    const reminder = reminderPercents.find((each) => each > state.remindedPercent);
    return reminder === undefined ? respondBy : Math.min(reminderAt(state, reminder), respondBy);
  }
  if (phase.name === 'pending') return start?.kind === 'emergency' && !start.overdue ? start.regulariseBy : null;
  if (phase.name !== 'approved') return null;
  return start === null || (start.kind === 'approved' && start.expiredAt === null) ? phase.validUntil : null;
}

/** R-APPR-8: whether another wave may start. */
export function mayStartWave(state: ApprovalState, at: number): boolean {
  const { phase, start } = state;
  const validUntil = validUntilOf(state);
  const isGood = phase.name === 'approved' || phase.name === 'pending';
  return isGood && start !== null && (validUntil === null || at < validUntil);
}

/** R-APPR-12: started without its second approval, and that is overdue or was refused; it blocks the requester's standard changes. */
export function isUnregularised({ phase, start }: ApprovalState): boolean {
  return start?.kind === 'emergency' && (phase.name === 'rejected' || (phase.name === 'pending' && start.overdue));
}

function validUntilOf({ phase, request }: ApprovalState): number | null {
  return phase.name === 'approved' ? phase.validUntil : (request.window?.end ?? null);
}

/** Of the time to the earlier of the response deadline and the lead before the window. */
function reminderAt({ openedAt, request, respondBy }: ApprovalState, percent: number): number {
  const { window, rule } = request;
  const wanted = Math.min(
    deadlineOf(request, { at: openedAt, respondBy }),
    window === null ? Infinity : window.start - rule.leadMs,
  );
  return openedAt + Math.floor((Math.max(0, wanted - openedAt) * percent) / 100);
}

/** R-APPR-6: an answer that did not come is no approval, but where a rule says so by name and nothing speaks against it. */
function overdueResponse(state: ApprovalState, at: number): Settled | null {
  const { phase, start, respondBy, request, votes, shortfalls } = state;
  if (phase.name !== 'pending' || start !== null || at < respondBy) return null;
  const isSilent = !votes.some(({ choice }) => choice === 'reject') && shortfalls.length === 0;
  if (maySilenceConsent(request) && isSilent) return grant(state, { at, silence: true });
  return {
    state: { ...state, phase: { name: 'timed-out', at }, shortfalls: [] },
    events: [{ at, kind: 'approval.timed-out' }],
  };
}

function overdueRegularisation(state: ApprovalState, at: number): Settled | null {
  const { phase, start } = state;
  if (phase.name !== 'pending' || start?.kind !== 'emergency' || start.overdue || at < start.regulariseBy) return null;
  return { state: { ...state, start: { ...start, overdue: true } }, events: [{ at, kind: 'approval.unregularised' }] };
}

function endedValidity(state: ApprovalState, at: number): Settled | null {
  const { phase, start } = state;
  if (phase.name !== 'approved' || phase.validUntil === null || at < phase.validUntil) return null;
  if (start === null)
    return { state: { ...state, phase: { name: 'lapsed', at } }, events: [{ at, kind: 'approval.lapsed' }] };
  if (start.kind === 'emergency' || start.expiredAt !== null) return null;
  return {
    state: { ...state, start: { ...start, expiredAt: at } },
    events: [{ at, kind: 'approval.expired-while-running' }],
  };
}

function withManagers(
  state: ApprovalState,
  found: { asked: readonly Asked[]; managers: { readonly [person: string]: string }; moment: Moment },
): Settled {
  const { asked, managers, moment } = found;
  let extra = state.extra;
  const events: ApprovalEvent[] = [];
  for (const { slot, person: of } of asked) {
    const person = managers[of];
    if (person === undefined || barOf(state, person) !== null) continue;
    if (eligibleIn({ ...state, extra }, moment.electorate, slot).includes(person)) continue;
    extra = { ...extra, [slot]: [...(extra[slot] ?? []), person] };
    events.push({ at: moment.at, kind: 'approval.approver-added', slot, person, of });
  }
  return { state: { ...state, extra }, events };
}
