/**
 * How far a backup set has been verified: V0 the job ended with exit code 0, V1 the checksums of the repository are intact, V2 a sample
 * matches the source, V3 it was restored to an isolated place, V4 the restored service starts, V5 assertions on business data hold, V6
 * clients can use it.
 */
export const verificationLevels = ['V0', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;

export type VerificationLevel = (typeof verificationLevels)[number];

/** When each level was last shown, in epoch milliseconds; one that was never shown is absent. */
export type LevelDates = { readonly [L in VerificationLevel]?: number };

/** The highest level that was ever shown. */
export function lastLevel(levels: LevelDates): VerificationLevel | null {
  return verificationLevels.findLast((level) => levels[level] !== undefined) ?? null;
}

/** A set whose service was started is at V1 too, checked or not: what was restored whole was read whole. */
export function isAtLeast(levels: LevelDates, wanted: VerificationLevel): boolean {
  const last = lastLevel(levels);
  return last !== null && rankOf(last) >= rankOf(wanted);
}

/** With these levels shown at that instant. A date never goes back, whatever comes late. */
export function raised(levels: LevelDates, shown: readonly VerificationLevel[], atMs: number): LevelDates {
  const dates = shown.map((level) => [level, Math.max(levels[level] ?? atMs, atMs)] as const);
  return { ...levels, ...Object.fromEntries(dates) };
}

export interface AssertionResult {
  readonly name: string;
  readonly level: VerificationLevel;
  readonly ok: boolean;
  readonly detail: string;
}

/**
 * What a restore has shown. A level counts when something was asserted about it, all of that held, and nothing failed below it; V3 is
 * shown by the restore and V4 by the start of the service already, unless assertions speak against it.
 */
export function levelsShown(restore: {
  readonly restored: boolean;
  readonly started: boolean;
  readonly results: readonly AssertionResult[];
}): readonly VerificationLevel[] {
  if (!restore.restored) return [];
  const shown: VerificationLevel[] = [];
  for (const level of verificationLevels.slice(rankOf('V3'))) {
    const results = restore.results.filter((result) => result.level === level);
    if (results.some(({ ok }) => !ok)) break;
    if (results.length > 0 || level === 'V3' || (level === 'V4' && restore.started)) shown.push(level);
  }
  return shown;
}

export interface LevelAge {
  readonly level: VerificationLevel;
  readonly atMs: number;
  readonly ageMs: number;
}

/** Lowest level first. */
export function levelAges(levels: LevelDates, nowMs: number): readonly LevelAge[] {
  return verificationLevels.flatMap((level) => {
    const atMs = levels[level];
    return atMs === undefined ? [] : [{ level, atMs, ageMs: Math.max(0, nowMs - atMs) }];
  });
}

function rankOf(level: VerificationLevel): number {
  return verificationLevels.indexOf(level);
}
