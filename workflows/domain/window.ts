import { minuteMs } from './duration';

import type { Interval } from './intervals';

/** The stretch that a change may use, its back-out included. */
export interface ChangeWindow extends Interval {
  /** No task starts after `end − cutoff`. */
  readonly cutoffMs: number;
}

/** How long a plan takes by its estimates. */
export interface PlannedWork {
  readonly p95Ms: number;
  /** From the start of the work to the start of its last task, at p95. */
  readonly lastTaskStartP95Ms: number;
  readonly backOutP95Ms: number;
}

export interface WindowTimes {
  readonly endMs: number;
  /** The last instant at which a task may start (R-WIN-1). */
  readonly cutoffAtMs: number;
  /** The duty manager is asked. */
  readonly askAtMs: number;
  /** T_decide: without an answer the back-out starts. */
  readonly decideAtMs: number;
}

const smallestSafetyMs = 5 * minuteMs;
const askAheadMs = 5 * minuteMs;

/** A timer fires a little after its instant: up to here that is the planned start and not a missed one. */
const punctualMs = minuteMs;

/** R-WIN-2: safety = max(10 % of the back-out p95, 5 min); T_decide = end − back-out p95 − safety; asked 5 min before. */
export function windowTimes({ endMs, cutoffMs }: ChangeWindow, backOutP95Ms: number): WindowTimes {
  const safetyMs = Math.max(Math.ceil(backOutP95Ms / 10), smallestSafetyMs);
  const decideAtMs = endMs - backOutP95Ms - safetyMs;
  return { endMs, cutoffAtMs: endMs - cutoffMs, askAtMs: decideAtMs - askAheadMs, decideAtMs };
}

/** The cutoff binds what goes forward; back-out and verification start whenever they must. */
export type TaskPurpose = 'forward' | 'back-out' | 'verification';

export type TaskStart =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'too-early'; readonly earliestMs: number }
  | { readonly kind: 'after-cutoff'; readonly cutoffAtMs: number };

/** The last instant at which a task that goes forward may start: `end − cutoff`, that instant included, but never the end itself. */
export function lastStartMs({ endMs, cutoffMs }: ChangeWindow): number {
  return Math.min(endMs - cutoffMs, endMs - 1);
}

export function isPastCutoff(lastStartAtMs: number, nowMs: number): boolean {
  return nowMs > lastStartAtMs;
}

/** R-WIN-1: a task may start from the window's start to `end − cutoff`. */
export function taskStart(window: ChangeWindow, purpose: TaskPurpose, nowMs: number): TaskStart {
  if (purpose !== 'forward') return { kind: 'allowed' };
  if (nowMs < window.startMs) return { kind: 'too-early', earliestMs: window.startMs };
  const cutoffAtMs = window.endMs - window.cutoffMs;
  return isPastCutoff(lastStartMs(window), nowMs) ? { kind: 'after-cutoff', cutoffAtMs } : { kind: 'allowed' };
}

export type AdmissionProblem =
  | { readonly kind: 'starts-outside-window' }
  /** Work and back-out together need so much more. */
  | { readonly kind: 'back-out-does-not-fit'; readonly missingMs: number }
  | { readonly kind: 'last-task-after-cutoff'; readonly missingMs: number };

/**
 * Whether a change can be let in at all: at p95 it is through before T_decide, so that its back-out with its safety still fits, and
 * its last task starts by the cutoff. Empty: admitted.
 */
export function admissionProblems(
  window: ChangeWindow,
  startMs: number,
  work: PlannedWork,
): readonly AdmissionProblem[] {
  const { decideAtMs, cutoffAtMs } = windowTimes(window, work.backOutP95Ms);
  const problems: AdmissionProblem[] = [];
  if (startMs < window.startMs || startMs >= window.endMs) problems.push({ kind: 'starts-outside-window' });
  const backOutMissingMs = startMs + work.p95Ms - decideAtMs;
  if (backOutMissingMs > 0) problems.push({ kind: 'back-out-does-not-fit', missingMs: backOutMissingMs });
  const cutoffMissingMs = startMs + work.lastTaskStartP95Ms - cutoffAtMs;
  if (cutoffMissingMs > 0) problems.push({ kind: 'last-task-after-cutoff', missingMs: cutoffMissingMs });
  return problems;
}

export type ChangeStart =
  | { readonly kind: 'too-early'; readonly earliestMs: number }
  | { readonly kind: 'on-time' }
  /** Flagged, and calendars and conflicts are checked again. */
  | { readonly kind: 'late'; readonly lateByMs: number; readonly latestMs: number }
  | { readonly kind: 'missed'; readonly latestMs: number };

/** R-WIN-5: a late start needs start ≤ min(end − cutoff, T_decide) − planned duration. */
export function changeStart(
  window: ChangeWindow,
  { plannedStartMs, work }: { readonly plannedStartMs: number; readonly work: PlannedWork },
  nowMs: number,
): ChangeStart {
  if (nowMs < plannedStartMs) return { kind: 'too-early', earliestMs: plannedStartMs };
  if (nowMs <= plannedStartMs + punctualMs && nowMs < window.endMs) return { kind: 'on-time' };
  const { decideAtMs, cutoffAtMs } = windowTimes(window, work.backOutP95Ms);
  const latestMs = Math.min(cutoffAtMs, decideAtMs) - work.p95Ms;
  return nowMs <= latestMs
    ? { kind: 'late', lateByMs: nowMs - plannedStartMs, latestMs }
    : { kind: 'missed', latestMs };
}

export interface Execution {
  readonly startedAtMs: number;
  /** Null: still at it. */
  readonly endedAtMs: number | null;
  /** Somebody who may approved a start outside the window. */
  readonly startApproved: boolean;
}

/** Two flags beside any outcome, never an outcome of their own. */
export interface ExecutionFlags {
  readonly overrun: boolean;
  readonly unauthorised: boolean;
  /** An overrun must be reviewed. */
  readonly reviewRequired: boolean;
}

/** R-WIN-4: ending after the window's end, extensions included, is an overrun; starting outside it without approval, unauthorised. */
export function executionFlags(window: Interval, execution: Execution, nowMs: number): ExecutionFlags {
  const overrun = (execution.endedAtMs ?? nowMs) > window.endMs;
  const outside = execution.startedAtMs < window.startMs || execution.startedAtMs >= window.endMs;
  return { overrun, unauthorised: outside && !execution.startApproved, reviewRequired: overrun };
}
