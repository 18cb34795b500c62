import { lastLevel } from './backup-levels';
import { ancestry, isGood, newestFirst, setsById } from './backup-set';
import { elapsedText } from './elapsed-text';

import type { VerificationLevel } from './backup-levels';
import type { BackupKind, BackupSet } from './backup-set';

/** What of a set bears on going back to it. */
export type PointSet = Pick<BackupSet, 'id' | 'atMs' | 'kind' | 'parent' | 'owned' | 'levels' | 'broken'>;

/** What can be gone back to. */
export interface Recoverable {
  readonly sets: readonly PointSet[];
  /** Up to where the log is archived, so that any instant after a set can be reached; null: only the sets themselves. */
  readonly archivedUntilMs: number | null;
}

export interface RestorePoint {
  readonly id: string;
  readonly kind: BackupKind;
  readonly level: VerificationLevel | null;
  /** From here on up to `latestMs` every instant can be reached; both the same: only this one. */
  readonly earliestMs: number;
  readonly latestMs: number;
  /** Why it is not chosen by itself; empty: nothing speaks against it. */
  readonly problem: string;
}

/** The timeline, newest first. */
export function restorePoints({ sets, archivedUntilMs }: Recoverable): readonly RestorePoint[] {
  const byId = setsById(sets);
  return newestFirst(sets).map((set) => ({
    id: set.id,
    kind: set.kind,
    level: lastLevel(set.levels),
    earliestMs: set.atMs,
    latestMs: Math.max(set.atMs, archivedUntilMs ?? set.atMs),
    problem: problemOf(set, byId),
  }));
}

export interface RestoreWish {
  /** Null: the newest good one from which the target can be reached. */
  readonly set: string | null;
  /** Epoch ms; 0: as the set is, -1: as late as can be. */
  readonly targetMs: number;
}

export type RestoreChoice =
  | {
      readonly kind: 'chosen';
      readonly point: RestorePoint;
      /** The instant whose state will be there. */
      readonly recoversToMs: number;
      readonly loss: RestoreLoss;
    }
  | { readonly kind: 'none'; readonly reason: string };

export interface RestoreLoss {
  /** What was written from there until now. */
  readonly sinceMs: number;
  /** By how much it misses what was wished for; 0: not at all. */
  readonly missedMs: number;
  readonly text: string;
}

/**
 * R-DRILL-2: where a log is archived the target lies in [earliest, last archived], or the wish is refused: it is never bent to what there
 * is. Where there is none the backup itself is all that can be had, and by how much it misses the target is told.
 */
export function chooseRestorePoint(recoverable: Recoverable, wish: RestoreWish, nowMs: number): RestoreChoice {
  const points = restorePoints(recoverable);
  const { archivedUntilMs } = recoverable;
  const point = wish.set === null ? points.find((each) => isFit(each, wish)) : points.find(({ id }) => id === wish.set);
  if (point === undefined) return { kind: 'none', reason: noPointText(wish, points) };
  const outside = wish.targetMs > 0 && archivedUntilMs !== null ? outsideText(point, wish.targetMs) : null;
  if (outside !== null) return { kind: 'none', reason: outside };
  const recoversToMs = reachedFrom(point, wish.targetMs, archivedUntilMs !== null);
  return { kind: 'chosen', point, recoversToMs, loss: lossOf(recoversToMs, wish.targetMs, nowMs) };
}

/** A named one may be broken: it can be all that is left, and the person who named it was told. */
function isFit({ problem, earliestMs }: RestorePoint, { targetMs }: RestoreWish): boolean {
  return problem === '' && (targetMs <= 0 || earliestMs <= targetMs);
}

function reachedFrom({ earliestMs, latestMs }: RestorePoint, targetMs: number, archives: boolean): number {
  if (targetMs === 0 || !archives) return earliestMs;
  return targetMs > 0 ? targetMs : latestMs;
}

function outsideText({ id, earliestMs, latestMs }: RestorePoint, targetMs: number): string | null {
  if (targetMs < earliestMs) {
    return `Cannot recover "${id}" to the target: it lies ${elapsedText(earliestMs - targetMs)} before what the backup holds`;
  }
  if (targetMs <= latestMs) return null;
  return `Cannot recover "${id}" to the target: it lies ${elapsedText(targetMs - latestMs)} after the end of the archive`;
}

function noPointText({ set, targetMs }: RestoreWish, points: readonly RestorePoint[]): string {
  if (set !== null) return `Cannot restore backup "${set}": it is not there`;
  const good = points.filter(({ problem }) => problem === '');
  const oldest = good.at(-1);
  if (oldest === undefined) return 'Cannot restore: no backup is good';
  return `Cannot restore: the oldest good backup is ${elapsedText(oldest.earliestMs - targetMs)} younger than the target`;
}

function lossOf(recoversToMs: number, targetMs: number, nowMs: number): RestoreLoss {
  const sinceMs = Math.max(0, nowMs - recoversToMs);
  const missedMs = targetMs > 0 ? Math.abs(targetMs - recoversToMs) : 0;
  const lost = sinceMs === 0 ? 'nothing is lost' : `what was written in the last ${elapsedText(sinceMs)} is lost`;
  if (missedMs === 0) return { sinceMs, missedMs, text: lost };
  const side = recoversToMs < targetMs ? 'before' : 'after';
  return { sinceMs, missedMs, text: `${lost}; it is ${elapsedText(missedMs)} ${side} the target` };
}

function problemOf(set: PointSet, byId: ReadonlyMap<string, PointSet>): string {
  const { members, whole } = ancestry(set, byId);
  const broken = members.find((member) => member.broken !== '');
  if (!whole) return 'what it needs is not there';
  if (broken !== undefined) return broken.id === set.id ? broken.broken : `"${broken.id}", which it needs, is broken`;
  if (!set.owned) return 'it was not made by Mainstay';
  return isGood(set, byId) ? '' : 'it is not at V1';
}
