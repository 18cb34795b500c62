import { groupedBy } from './grouping';
import { lateStarts } from './missed-schedule';
import { minuteMs } from './duration';

import type { MissedPolicy } from './missed-schedule';

/** An instant at which something is to be done by itself. */
export interface ScheduleSlot {
  /** Which of the things that a plan does. */
  readonly run: string;
  readonly atMs: number;
}

export interface SlotStart extends ScheduleSlot {
  /** 0: on time. */
  readonly lateByMs: number;
}

/** A timer fires a little after its instant: up to here that is on time. */
const punctualMs = minuteMs;

/**
 * R-TIME-7: what is to be started now of the slots that have passed and nobody has dealt with, oldest first; each kind of run by its own
 * policy. One that is on time makes up for all that were missed before it, where one late run would have done so.
 */
export function slotsToStart(
  passed: readonly ScheduleSlot[],
  policyOf: (run: string) => MissedPolicy,
  nowMs: number,
): readonly SlotStart[] {
  const due = passed.filter(({ atMs }) => atMs <= nowMs);
  return [...groupedBy(due, ({ run }) => run)]
    .flatMap(([run, slots]) => startsOf(run, { slots, policy: policyOf(run) }, nowMs))
    .toSorted((a, b) => a.atMs - b.atMs || (a.run < b.run ? -1 : 1));
}

function startsOf(
  run: string,
  { slots, policy }: { readonly slots: readonly ScheduleSlot[]; readonly policy: MissedPolicy },
  nowMs: number,
): readonly SlotStart[] {
  const isMissed = ({ atMs }: ScheduleSlot): boolean => nowMs - atMs > punctualMs;
  const onTime = slots.filter((slot) => !isMissed(slot)).map(({ atMs }) => ({ run, atMs, lateByMs: 0 }));
  const missed = slots.filter(isMissed).map(({ atMs }) => atMs);
  if (policy === 'run-once-late' && onTime.length > 0) return onTime;
  const late = lateStarts(policy, missed, nowMs).map(({ dueAtMs, lateByMs }) => ({ run, atMs: dueAtMs, lateByMs }));
  return [...late, ...onTime];
}
