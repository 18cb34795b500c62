import { elapsedText } from './elapsed-text';
import { secondMs } from './duration';
import { versionProblem } from './tool-version';

export interface RepositoryLock {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly holder: 'alive' | 'gone' | 'unknown';
  readonly sinceMs: number;
}

/** What was found around a backup. */
export interface Surroundings {
  readonly toolVersion: string;
  /** Empty: no server is backed up. */
  readonly serverVersion: string;
  readonly freeBytes: number;
  readonly neededBytes: number;
  readonly clock: ClockReading;
  /** -1: nothing is archived. */
  readonly lagSeconds: number;
  readonly locks: readonly RepositoryLock[];
}

/** The host read its clock at some instant between asking and answering. */
export interface ClockReading {
  readonly hostMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

export interface WatchLimits {
  /** What must be left after the next backup. */
  readonly minFreeBytes: number;
  /** R-BKP-4; alarm when it is more. */
  readonly maxClockSkewMs: number;
  readonly maxLagMs: number;
}

export type PreflightAlarm = 'space' | 'clock' | 'versions' | 'lag';

export type PreflightNext =
  | { readonly kind: 'go' }
  /** The backup would fail, or do harm: a full repository stops what archives into it. */
  | { readonly kind: 'stop'; readonly reason: string }
  /** Somebody works with the repository. */
  | { readonly kind: 'wait'; readonly locks: readonly RepositoryLock[] }
  /** Nobody can prove that its holder is gone: a person decides. */
  | { readonly kind: 'ask'; readonly locks: readonly RepositoryLock[] }
  | { readonly kind: 'unlock'; readonly locks: readonly RepositoryLock[] };

export interface PreflightVerdict {
  readonly next: PreflightNext;
  /** By name; what does not stop a backup is told all the same. */
  readonly alarms: { readonly [A in PreflightAlarm]?: string };
}

export function preflightVerdict(found: Surroundings, limits: WatchLimits): PreflightVerdict {
  const alarms = {
    ...alarm('space', spaceText(found, limits)),
    ...alarm('clock', clockText(found.clock, limits)),
    ...alarm('versions', versionProblem({ tool: found.toolVersion, server: found.serverVersion })),
    ...alarm('lag', lagText(found, limits)),
  };
  return { next: nextOf(found, alarms), alarms };
}

/** By how far the host's clock is off for certain; 0 when it may be right. */
export function clockSkewMs({ hostMs, askedAtMs, answeredAtMs }: ClockReading): number {
  return Math.max(0, askedAtMs - hostMs, hostMs - answeredAtMs);
}

function nextOf(found: Surroundings, alarms: PreflightVerdict['alarms']): PreflightNext {
  if (found.freeBytes < found.neededBytes) return { kind: 'stop', reason: alarms.space ?? 'there is no space' };
  if (alarms.versions !== undefined) return { kind: 'stop', reason: alarms.versions };
  return lockDuty(found.locks);
}

/** R-BKP-12: only a lock whose holder is proven gone is broken, and none while another one's holder is at work. */
function lockDuty(locks: readonly RepositoryLock[]): PreflightNext {
  const held = (holder: RepositoryLock['holder']): readonly RepositoryLock[] =>
    locks.filter((lock) => lock.holder === holder);
  if (held('alive').length > 0) return { kind: 'wait', locks: held('alive') };
  if (held('unknown').length > 0) return { kind: 'ask', locks: held('unknown') };
  return locks.length > 0 ? { kind: 'unlock', locks } : { kind: 'go' };
}

function spaceText({ freeBytes, neededBytes }: Surroundings, { minFreeBytes }: WatchLimits): string | null {
  if (freeBytes - neededBytes >= minFreeBytes) return null;
  const limit = minFreeBytes > 0 ? `, and ${minFreeBytes} must be left` : '';
  return `${freeBytes} bytes are free, the next backup takes ${neededBytes}${limit}`;
}

function clockText(clock: ClockReading, { maxClockSkewMs }: WatchLimits): string | null {
  const skewMs = clockSkewMs(clock);
  if (skewMs <= maxClockSkewMs) return null;
  const side = clock.hostMs < clock.askedAtMs ? 'behind' : 'ahead';
  return `the clock of the host is ${elapsedText(skewMs)} ${side}, ${elapsedText(maxClockSkewMs)} are allowed`;
}

function lagText({ lagSeconds }: Surroundings, { maxLagMs }: WatchLimits): string | null {
  const lagMs = lagSeconds * secondMs;
  return lagMs > maxLagMs
    ? `archiving of the log is ${elapsedText(lagMs)} behind, ${elapsedText(maxLagMs)} are allowed`
    : null;
}

function alarm(name: PreflightAlarm, text: string | null): PreflightVerdict['alarms'] {
  return text === null ? {} : { [name]: text };
}
