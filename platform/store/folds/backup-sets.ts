import { raised, verificationLevels } from '../../../workflows/domain/backup-levels';
import type { LevelDates, VerificationLevel } from '../../../workflows/domain/backup-levels';
import type { BackupKind, Hold, HoldKind } from '../../../workflows/domain/backup-set';
import type { JournalPayloads } from '../../../workflows/domain/journal';
import type { BackupSetRow } from '../backup-row';
import { compareText } from '../text-order';
import type { BackupEntry } from './backup-entry';

/**
 * What one process says about one set. Many do: the operation that made it, those that verified, restored or pruned it, and the keeper
 * of its plan. Each has a row of its own (A2), and what they say together does not depend on who is heard first.
 */
export interface SetFacts {
  readonly made: JournalPayloads['backup.set'] | null;
  readonly hasManifest: boolean;
  /** Tests that did not hold; null: nobody has looked. */
  readonly failed: readonly string[] | null;
  readonly levels: LevelDates;
  readonly read: { readonly percent: number; readonly atMs: number } | null;
  readonly offsite: { readonly location: string; readonly atMs: number } | null;
  readonly broken: { readonly reason: string; readonly at: number } | null;
  readonly prunedAt: number | null;
  /** By operation, when it last took or gave up the set. */
  readonly pins: { readonly [by: string]: { readonly pinned: boolean; readonly at: number } };
  /** By name; `hold` null: it was released. */
  readonly holds: { readonly [name: string]: { readonly hold: Hold | null; readonly at: number } };
}

export const unknownSet: SetFacts = {
  made: null,
  hasManifest: false,
  failed: null,
  levels: {},
  read: null,
  offsite: null,
  broken: null,
  prunedAt: null,
  pins: {},
  holds: {},
};

/** The sets that an entry is about; none: it is about something else. */
export function setsNamedBy({ kind, payload }: BackupEntry): readonly string[] {
  switch (kind) {
    case 'backup.set':
    case 'backup.manifest':
    case 'backup.success':
    case 'backup.level':
    case 'backup.replicated':
    case 'backup.broken':
    case 'backup.held':
    case 'backup.released':
      return [payload.set];
    case 'backup.pinned':
    case 'backup.pruned':
      return payload.sets;
    case 'backup.kept':
    case 'backup.opened':
    case 'backup.state':
    case 'backup.expiring':
    case 'backup.alarm':
    case 'backup.measured':
    case 'backup.verdict':
    case 'backup.ended':
      return [];
  }
}

export function foldSet(set: SetFacts, { kind, at, actor, payload }: BackupEntry): SetFacts {
  switch (kind) {
    case 'backup.set':
      return { ...set, made: payload };
    case 'backup.manifest':
      return { ...set, hasManifest: true };
    case 'backup.success':
      return { ...set, failed: payload.failed };
    case 'backup.level':
      return foldLevel(set, payload);
    case 'backup.replicated':
      return { ...set, offsite: { location: payload.location, atMs: payload.atMs } };
    case 'backup.broken':
      return { ...set, broken: first(set.broken, { reason: payload.reason, at }) };
    case 'backup.pinned':
      return { ...set, pins: dated(set.pins, payload.by, { pinned: payload.pinned, at }) };
    case 'backup.held': {
      const { name, kind: of, untilMs, reason } = payload;
      const hold = { name, kind: holdKind(of), untilMs, by: actor, reason };
      return { ...set, holds: dated(set.holds, name, { hold, at }) };
    }
    case 'backup.released':
      return { ...set, holds: dated(set.holds, payload.name, { hold: null, at }) };
    case 'backup.pruned':
      return { ...set, prunedAt: set.prunedAt ?? at };
    case 'backup.kept':
    case 'backup.opened':
    case 'backup.state':
    case 'backup.expiring':
    case 'backup.alarm':
    case 'backup.measured':
    case 'backup.verdict':
    case 'backup.ended':
      return set;
  }
}

function foldLevel(set: SetFacts, { levels, atMs, readPercent }: JournalPayloads['backup.level']): SetFacts {
  const shown = levels.filter(isLevel);
  const read = shown.includes('V1') ? latest(set.read, { percent: readPercent, atMs }) : set.read;
  return { ...set, levels: raised(set.levels, shown, atMs), read };
}

/** A hold that nobody understands is one that only two people lift. */
function holdKind(kind: string): HoldKind {
  return kind === 'plain' || kind === 'permanent' ? kind : 'legal';
}

function isLevel(level: string): level is VerificationLevel {
  return verificationLevels.some((known) => known === level);
}

function isBackupKind(kind: string): kind is BackupKind {
  return kind === 'full' || kind === 'differential' || kind === 'incremental';
}

type ByName<T> = { readonly [name: string]: T };

/** F1 of changes: of facts of one sort the newest by its own time counts. */
function dated<T extends { readonly at: number }>(known: ByName<T>, name: string, told: T): ByName<T> {
  const before = known[name];
  return before !== undefined && told.at < before.at ? known : { ...known, [name]: told };
}

function first<T extends { readonly at: number }>(known: T | null, told: T): T {
  return known !== null && known.at <= told.at ? known : told;
}

function latest<T extends { readonly atMs: number }>(known: T | null, told: T): T {
  return known !== null && told.atMs < known.atMs ? known : told;
}

/** Does somebody want it kept, as far as this process says: it is not left out for its age. */
export function isInUse({ pins, holds }: SetFacts): boolean {
  return Object.values(pins).some(({ pinned }) => pinned) || Object.values(holds).some(({ hold }) => hold !== null);
}

export interface FactsOf {
  readonly process: string;
  readonly facts: SetFacts;
}

/** Null: nobody has said that it was made. */
export function backupSetRow(id: string, told: readonly FactsOf[], expiring: boolean): BackupSetRow | null {
  const maker = told.find(({ process }) => process === id) ?? told.find(({ facts }) => facts.made !== null);
  const made = maker?.facts.made ?? null;
  if (maker === undefined || made === null) return null;
  const all = told.toSorted((a, b) => compareText(a.process, b.process)).map(({ facts }) => facts);
  const prunedAt = leastOf(all.map((facts) => facts.prunedAt));
  return {
    id,
    setId: made.toolId,
    plan: made.plan,
    service: made.service,
    group: made.group,
    atMs: made.atMs,
    endedAtMs: made.endedAtMs,
    kind: isBackupKind(made.kind) ? made.kind : 'full',
    parent: made.parent,
    sizeBytes: made.sizeBytes,
    storedBytes: made.storedBytes,
    digest: made.digest,
    versions: made.versions,
    repository: made.repository,
    late: made.late,
    // A set is ours when the operation that has its id says so (R-BKP: never anything that the engine does not own).
    owned: maker.process === id,
    levels: all.reduce<LevelDates>((levels, facts) => mergedLevels(levels, facts.levels), {}),
    readPercent: all.map(({ read }) => read).reduce(newestRead, null)?.percent ?? null,
    broken: brokenReason(all),
    failedTests: all.flatMap(({ failed }) => failed ?? []),
    holds: all.flatMap(({ holds }) => Object.values(holds).flatMap(({ hold }) => (hold === null ? [] : [hold]))),
    pins: all.flatMap(({ pins }) => Object.entries(pins).flatMap(([by, { pinned }]) => (pinned ? [by] : []))),
    offsite: all.some(({ offsite }) => offsite !== null),
    offsiteAt: all.find(({ offsite }) => offsite !== null)?.offsite ?? null,
    expiring: expiring && prunedAt === null,
    hasManifest: all.some(({ hasManifest }) => hasManifest),
    prunedAt,
  };
}

function mergedLevels(levels: LevelDates, more: LevelDates): LevelDates {
  return verificationLevels.reduce((known, level) => {
    const atMs = more[level];
    return atMs === undefined ? known : raised(known, [level], atMs);
  }, levels);
}

function newestRead(known: SetFacts['read'], told: SetFacts['read']): SetFacts['read'] {
  return told === null ? known : latest(known, told);
}

function brokenReason(all: readonly SetFacts[]): string {
  const told = all.reduce<SetFacts['broken']>(
    (known, { broken }) => (broken === null ? known : first(known, broken)),
    null,
  );
  return told?.reason ?? '';
}

function leastOf(times: readonly (number | null)[]): number | null {
  const known = times.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}
