import { elapsedText } from './elapsed-text';
import { hourMs } from './duration';

/** Where a policy says nothing. */
export const defaultDrillAgeMs = 90 * 24 * hourMs;

export interface DrillAge {
  readonly service: string;
  /** When the newest drill that passed ended; null: none ever did. */
  readonly lastPassAtMs: number | null;
  /** Refused when it is older than this, not when it is just as old. */
  readonly maxAgeMs: number;
}

/** Why nobody can say that the service would come back from its backups; null: it was shown lately. */
export function drillAgeProblem({ service, lastPassAtMs, maxAgeMs }: DrillAge, nowMs: number): string | null {
  if (lastPassAtMs === null) return `no restore drill of "${service}" ever passed`;
  const ageMs = nowMs - lastPassAtMs;
  if (ageMs <= maxAgeMs) return null;
  return `the newest passed restore drill of "${service}" is ${elapsedText(ageMs)} old, ${elapsedText(maxAgeMs)} are allowed`;
}
