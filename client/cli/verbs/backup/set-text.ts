import type { BackupSetRow } from '../../../../platform/store/backup-row';
import { lastLevel, verificationLevels } from '../../../../workflows/domain/backup-levels';
import { elapsedText } from '../../../../workflows/domain/elapsed-text';
import type { RestorePointView } from '../../../backup-views';
import { utcText } from '../calendar/times';

/** One set in full, line by line. */
export function setLines(set: BackupSetRow): readonly string[] {
  const { setId, kind, parent, atMs, sizeBytes, storedBytes, repository, versions, digest } = set;
  const levels = verificationLevels.flatMap((level) => {
    const at = set.levels[level];
    return at === undefined ? [] : [`${level} ${utcText(at)}`];
  });
  const facts: readonly (readonly [string, string])[] = [
    ['taken', `${utcText(atMs)}, ${kind}${parent === '' ? '' : ` on ${parent}`}`],
    ['in', `${repository} as ${setId}`],
    ['size', `${bytesText(sizeBytes)}, ${bytesText(storedBytes)} of it new in the repository`],
    ['digest', digest],
    ['tool', [versions.tool, versions.server].filter((version) => version !== '').join(', server ')],
    ['levels', levels.join(', ')],
    ['offsite', set.offsiteAt === null ? '' : `${set.offsiteAt.location} since ${utcText(set.offsiteAt.atMs)}`],
    ['failed', set.failedTests.join('; ')],
    ['broken', set.broken],
    ['held', set.holds.map(({ name, kind: of }) => `${of} "${name}"`).join(', ')],
  ];
  return facts.filter(([, text]) => text !== '').map(([name, text]) => `  ${name.padEnd(8)} ${text}`);
}

export const setHeading = ['SET', 'TAKEN', 'KIND', 'SIZE', 'LEVEL', 'LOSS', 'MARKS', 'PROBLEM'] as const;

/** A point on the timeline: what going back to it would lose, and what speaks against it. */
export function setRow(point: RestorePointView): readonly string[] {
  return [
    point.id,
    utcText(point.atMs),
    point.kind,
    bytesText(point.sizeBytes),
    lastLevel(point.levels) ?? '-',
    elapsedText(point.lossMs),
    marksOf(point).join(' ') || '-',
    point.problem === '' ? '-' : point.problem,
  ];
}

function marksOf(set: BackupSetRow): readonly string[] {
  return [
    ...(set.offsite ? ['offsite'] : []),
    ...set.holds.map(({ name, kind }) => `${kind}:${name}`),
    ...set.pins.map((by) => `in-use:${by}`),
    ...(set.expiring ? ['expiring'] : []),
    ...(set.late ? ['late'] : []),
    ...(set.failedTests.length > 0 ? ['failed'] : []),
  ];
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1.5 GiB` */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? 'B'}`;
}
