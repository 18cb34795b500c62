import type { WindowTimes } from './window';

/** What the duty manager can be offered when the window closes in on a change. */
export type DutyOption = 'continue' | 'extend' | 'back-out' | 'pause';

export interface DutyAnswer {
  readonly choice: DutyOption;
  readonly atMs: number;
}

/** What is left to do, by its estimates; null where nobody can tell, and what nobody can tell is not offered. */
export interface RemainingWork {
  readonly p90Ms: number | null;
  /** From now to the start of the last task that has not started; 0 when all have. */
  readonly lastTaskStartP90Ms: number | null;
}

export interface DutyQuestion {
  readonly remaining: RemainingWork;
  readonly extensionPossible: boolean;
  readonly passedNoReturn: boolean;
}

/**
 * R-WIN-2: continuing is offered only if the remaining p90 < end − now, and its last task can still start by the cutoff. After a point
 * of no return there is nothing to back out to: pausing takes its place.
 */
export function dutyOptions(times: WindowTimes, question: DutyQuestion, nowMs: number): readonly DutyOption[] {
  const { p90Ms, lastTaskStartP90Ms } = question.remaining;
  const ends = p90Ms !== null && p90Ms < times.endMs - nowMs;
  const starts = lastTaskStartP90Ms === 0 || (lastTaskStartP90Ms ?? Infinity) <= times.cutoffAtMs - nowMs;
  return [
    ...(ends && starts ? (['continue'] as const) : []),
    ...(question.extensionPossible ? (['extend'] as const) : []),
    question.passedNoReturn ? 'pause' : 'back-out',
  ];
}

export type WindowDuty =
  /** Nothing to decide until then. */
  | { readonly kind: 'work'; readonly wakeAtMs: number }
  | { readonly kind: 'ask'; readonly answerBeforeMs: number }
  /** An extension was asked for. Until it is granted the old times hold. */
  | { readonly kind: 'await-extension'; readonly grantBeforeMs: number }
  | { readonly kind: 'back-out' }
  /** After a point of no return, in place of a back-out: nothing starts until somebody decides. */
  | { readonly kind: 'pause' }
  /** Told to continue, but tasks are left that may not start any more (R-WIN-1): ask again. */
  | { readonly kind: 'stuck' }
  | { readonly kind: 'overrun' };

export interface UnfinishedWork {
  readonly answer: DutyAnswer | null;
  readonly passedNoReturn: boolean;
  /** Tasks that have not started. */
  readonly tasksLeft: boolean;
}

/**
 * What the window demands of unfinished work at an instant. The question is open in [T_decide − 5 min, T_decide): an answer given at
 * T_decide is too late, since the back-out starts then. A granted extension is a new window: call with its times and no answer.
 */
export function windowDuty(times: WindowTimes, work: UnfinishedWork, nowMs: number): WindowDuty {
  const answer = countedAnswer(times, work);
  switch (answer) {
    case 'back-out':
      return work.passedNoReturn ? { kind: 'pause' } : { kind: 'back-out' };
    case 'pause':
      return { kind: 'pause' };
    case 'continue':
      return whileContinuing(times, work, nowMs);
    case 'extend':
    case null:
      return untilDecided(times, { answer, passedNoReturn: work.passedNoReturn }, nowMs);
  }
}

/** A back-out can be ordered at any time; a pause is an answer only where there is nothing to back out to, and has no deadline there. */
function countedAnswer({ decideAtMs }: WindowTimes, { answer, passedNoReturn }: UnfinishedWork): DutyOption | null {
  if (answer === null) return null;
  if (answer.choice === 'back-out' || passedNoReturn) return answer.choice;
  return answer.choice !== 'pause' && answer.atMs < decideAtMs ? answer.choice : null;
}

function whileContinuing(times: WindowTimes, { tasksLeft }: UnfinishedWork, nowMs: number): WindowDuty {
  if (nowMs >= times.endMs) return { kind: 'overrun' };
  if (!tasksLeft || times.cutoffAtMs >= times.endMs) return { kind: 'work', wakeAtMs: times.endMs };
  return nowMs > times.cutoffAtMs ? { kind: 'stuck' } : { kind: 'work', wakeAtMs: times.cutoffAtMs + 1 };
}

function untilDecided(
  { askAtMs, decideAtMs }: WindowTimes,
  { answer, passedNoReturn }: { readonly answer: 'extend' | null; readonly passedNoReturn: boolean },
  nowMs: number,
): WindowDuty {
  if (nowMs >= decideAtMs) return passedNoReturn ? { kind: 'pause' } : { kind: 'back-out' };
  if (answer === 'extend') return { kind: 'await-extension', grantBeforeMs: decideAtMs };
  return nowMs < askAtMs ? { kind: 'work', wakeAtMs: askAtMs } : { kind: 'ask', answerBeforeMs: decideAtMs };
}
