import { momentOf, wallAt } from '../../kit/zone-days';
import { instantOf } from '../../kit/wall-time';
import type { DraftForm } from './draft-model';

type Window = Pick<DraftForm, 'start' | 'end'>;

/** How long the window is; null: its ends are not known yet, or the wrong way round. */
export function lengthOf({ start, end, zone }: Pick<DraftForm, 'start' | 'end' | 'zone'>): number | null {
  if (instantOf(start, zone) === '' || instantOf(end, zone) === '') return null;
  const lengthMs = momentOf(end, zone) - momentOf(start, zone);
  return lengthMs > 0 ? lengthMs : null;
}

/** A window that is moved keeps its length; the first start that is typed makes it two hours long. */
export function windowAt(start: string, now: Window): Window {
  const length = isWall(now.start) && isWall(now.end) ? wallMs(now.end) - wallMs(now.start) : 2 * 3_600_000;
  if (!isWall(start) || length <= 0) return { start, end: now.end };
  return { start, end: new Date(wallMs(start) + length).toISOString().slice(0, 16) };
}

/** The window at a moment, on the clock of the zone. */
export function windowFrom(startMs: number, lengthMs: number, zone: string): Window {
  return { start: wallAt(startMs, zone), end: wallAt(startMs + lengthMs, zone) };
}

function isWall(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text);
}

/** On a clock that is never changed: only for lengths. */
function wallMs(wall: string): number {
  return Date.parse(`${wall}Z`);
}
