import { hourMs } from './duration';
import { ruleProblem } from './approval-rule';
import { refused } from './approval-state';

import type { ApprovalEvent } from './approval-event';
import type { ApprovalRefusal, ApprovalRequest, ApprovalState } from './approval-state';
import type { Settled } from './approval-settle';

/** R-APPR-6. Days of the calendar are made instants by who knows the zone; without one a day is 24 hours. */
export const responseDays = { standard: 7, most: 30 } as const;

const dayMs = 24 * hourMs;
/** Thirty calendar days across the autumn change of the clocks are an hour longer. */
const longestResponseMs = responseDays.most * dayMs + hourMs;

/** When the answers of a round are due; null: after the standard time. */
export interface Due {
  readonly at: number;
  readonly respondBy: number | null;
}

/** A round of asking: no vote stands yet, and the first level is open. */
export function beginRound(request: ApprovalRequest, due: Due): Settled {
  const respondBy = deadlineOf(request, due);
  const state: ApprovalState = {
    request,
    openedAt: due.at,
    respondBy,
    phase: { name: 'pending', level: 0 },
    start: null,
    votes: [],
    left: [],
    extra: {},
    remindedPercent: 0,
    shortfalls: [],
    answered: {},
  };
  const opened: ApprovalEvent = { at: due.at, kind: 'approval.opened', hash: request.hash, respondBy };
  return { state, events: [opened, ...levelOpened(state, due.at)] };
}

export function levelOpened({ phase, request }: ApprovalState, at: number): readonly ApprovalEvent[] {
  const level = phase.name === 'pending' ? request.rule.levels[phase.level] : undefined;
  if (level === undefined) return [];
  return [{ at, kind: 'approval.level-opened', level: level.id, slots: level.slots.map(({ id }) => id) }];
}

/** An approval after the window would be of no use: nobody is asked longer. */
export function deadlineOf({ window }: ApprovalRequest, { at, respondBy }: Due): number {
  return Math.min(respondBy ?? at + responseDays.standard * dayMs, window?.end ?? Infinity);
}

/** Null: people can be asked to approve this. */
export function roundRefusal(request: ApprovalRequest, { at, respondBy }: Due): ApprovalRefusal | null {
  const no = (code: string, found: string): ApprovalRefusal =>
    refused(code, `Cannot ask for approval "${request.id}": ${found}`);
  const problem = ruleProblem(request.rule);
  if (problem !== null) return no('RULE_INVALID', problem);
  if (request.rule.silenceMeansConsent && !maySilenceConsent(request))
    return no(
      'SILENCE_FORBIDDEN',
      'silence means consent only at low risk, without privileged access and not for publishing',
    );
  if (request.window !== null && request.window.end <= at) return no('WINDOW_OVER', 'its window has ended');
  if (respondBy !== null && respondBy <= at) return no('RESPONSE_DUE', 'the response deadline has passed');
  if (respondBy !== null && respondBy - at > longestResponseMs)
    return no('RESPONSE_TOO_LONG', `answers would be due after more than ${responseDays.most} days`);
  return null;
}

/** R-APPR-6: the opt-in is not for everything. R-SOD-1: nor for publishing, where an author might then be the only one who approved. */
export function maySilenceConsent({ rule, risk, privileged, authors }: ApprovalRequest): boolean {
  return rule.silenceMeansConsent && risk === 'low' && !privileged && authors.length === 0;
}
