import type { RestorePoint } from './backup-types';
import { highestLevel } from './backup-words';

/** Restore points on a line of time: where each stands, and how much is known of it. */
export interface PlacedPoint {
  readonly point: RestorePoint;
  /** 0 is the left end of the line, 1 is now. */
  readonly place: number;
  readonly standing: PointStanding;
}

export type PointStanding = 'proven' | 'verified' | 'made' | 'doubtful';

export function standingOf({ problem, levels }: Pick<RestorePoint, 'problem' | 'levels'>): PointStanding {
  if (problem !== '') return 'doubtful';
  const level = highestLevel(levels);
  if (level === null || level === 'V0') return 'made';
  return level >= 'V4' ? 'proven' : 'verified';
}

/** The line begins with the oldest point. */
export function placedPoints(points: readonly RestorePoint[], nowMs: number): readonly PlacedPoint[] {
  const oldest = Math.min(nowMs, ...points.map(({ atMs }) => atMs));
  const lengthMs = Math.max(1, nowMs - oldest);
  return points.map((point) => ({
    point,
    place: Math.min(1, (point.atMs - oldest) / lengthMs),
    standing: standingOf(point),
  }));
}
