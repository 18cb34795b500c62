import type { AssertionsTold, ReplayTold, RestoreTold } from '../domain/drill-verdict';
import type { Here } from './here';
import { hasRole } from './provider';
import { assertIn, replayIn, restoreInto } from './recovery-roles';
import type { Recovery, ReplayTimes } from './recovery-roles';

export type RecoveryStep = 'restore' | 'replay' | 'assert';

export interface RecoveryCourse {
  /** Around each of its steps. */
  step<R>(step: RecoveryStep, work: () => Promise<R>): Promise<R>;
  /** What was restored is there, and answers; false: it goes no further. */
  beforeAsserting?(): Promise<boolean>;
}

/** What was found on the way; what it did not come to is null. It went on for as long as nothing spoke against the backup. */
export interface Recovered {
  readonly startedAtMs: number;
  readonly restored: RestoreTold | null;
  /** Null also where the provider starts nothing. */
  readonly replayed: ReplayTimes | null;
  readonly asserted: AssertionsTold | null;
  /** When the last step was through. */
  readonly endedAtMs: number;
  readonly replayedAtMs: number | null;
  /** The surroundings failed. */
  readonly fault: { readonly step: RecoveryStep; readonly reason: string } | null;
}

/** Restore → replay → assertions (R-DRILL-1). */
export async function recover(recovery: Recovery, course: RecoveryCourse, here: Here): Promise<Recovered> {
  const { effects } = here;
  const { targetMs } = recovery;
  let found: Recovered = {
    startedAtMs: effects.now(),
    restored: null,
    replayed: null,
    asserted: null,
    endedAtMs: effects.now(),
    replayedAtMs: null,
    fault: null,
  };
  const restored = await course.step('restore', () => restoreInto(recovery, here));
  found = { ...found, endedAtMs: effects.now() };
  if (!restored.ok) return { ...found, fault: { step: 'restore', reason: restored.reason } };
  found = { ...found, restored: restored.told };
  if (!isInRange(restored.told, targetMs)) return found;
  const replayed = hasRole(here, 'replay') ? await course.step('replay', () => replayIn(recovery, here)) : null;
  found = { ...found, endedAtMs: effects.now() };
  if (replayed?.ok === false) return { ...found, fault: { step: 'replay', reason: replayed.reason } };
  if (replayed !== null) found = { ...found, replayed: replayed.told, replayedAtMs: effects.now() };
  if (replayed !== null && !isAtTarget(replayed.told, targetMs)) return found;
  if ((await course.beforeAsserting?.()) === false) return found;
  const atManifest = recovery.atManifest ?? isAtManifest(targetMs, restored.told);
  const asserted = await course.step('assert', () => assertIn({ ...recovery, atManifest }, here));
  found = { ...found, endedAtMs: effects.now() };
  if (!asserted.ok) return { ...found, fault: { step: 'assert', reason: asserted.reason } };
  return { ...found, asserted: asserted.told };
}

/** Counts and sums can be equal only there. Where nothing but the set itself can be recovered, every target is there. */
export function isAtManifest(targetMs: number, { latestMs }: Pick<RestoreTold, 'latestMs'>): boolean {
  return targetMs === 0 || latestMs === 0;
}

/** R-DRILL-2. */
function isInRange({ restored, fault, earliestMs, latestMs }: RestoreTold, targetMs: number): boolean {
  return restored && fault === '' && (targetMs <= 0 || (earliestMs <= targetMs && targetMs <= latestMs));
}

/** Whether the last commit is near enough is known by the heartbeat, and that is asserted. */
function isAtTarget({ started, fault, endedAtTarget }: ReplayTold, targetMs: number): boolean {
  return started && fault === '' && (targetMs <= 0 || endedAtTarget);
}
