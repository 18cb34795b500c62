import type { DrillPolicy } from '../../workflows/backup/schema';
import { deepVerifySlot, drillSlot } from '../../workflows/backup/messages';
import { parseDuration } from '../../workflows/domain/duration';
import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { isSecretReference } from '../../workflows/domain/secret-reference';
import { readSchedule } from '../backup-schedule';
import { clockOf, schedulesOf } from '../backup-slots';
import type { LoadedBackupPlan } from '../document';
import { holdsExpressionPart } from '../expression-text';
import type { DocumentPath, Problem } from '../problems';
import { atKey, atValue } from './note';
import { zoneProblems } from './zone';

/** What a plan could never do is refused where it is written, not in the night in which its backup is due. */
export function lintBackupPlan(document: LoadedBackupPlan): Problem[] {
  return [
    ...ownerProblems(document),
    ...zoneProblems(document, document.spec.zone, ['spec', 'zone']),
    ...idProblems(document),
    ...scheduleProblems(document),
    ...repositoryProblems(document),
    ...drillProblems(document),
    ...durationProblems(document),
    ...expressionProblems(document),
  ];
}

/** Who is asked when something is wrong, and whose secrets the plan may name. */
function ownerProblems(document: LoadedBackupPlan): Problem[] {
  if (document.metadata.owner !== undefined) return [];
  const message = 'Cannot keep the plan: it has no owner, so nobody would be told';
  return [atKey(document, ['metadata'], { code: 'MISSING_OWNER', message, accepted: ['metadata.owner'] })];
}

function idProblems(document: LoadedBackupPlan): Problem[] {
  const { backups } = document.spec;
  return backups.flatMap(({ id }, index) => {
    const path = ['spec', 'backups', index, 'id'];
    if (id === drillSlot || id === deepVerifySlot)
      return [invalid(document, path, `Cannot call a backup "${id}": the schedule of another work has this name`)];
    if (backups.findIndex((other) => other.id === id) === index) return [];
    return [invalid(document, path, `Cannot use the id "${id}": another backup of the plan has it`)];
  });
}

function scheduleProblems(document: LoadedBackupPlan): Problem[] {
  const clock = clockOf(document.spec);
  const refused = schedulesOf(document.spec).flatMap(({ schedule, path }) => {
    const reading = readSchedule(schedule, clock);
    if (reading.ok) return [];
    const { code, field, message } = reading.problem;
    return [atValue(document, ['spec', ...path, field], { code, message })];
  });
  const { drill, backups } = document.spec;
  const idle = backups.flatMap(({ schedule, missed }, index) =>
    schedule === undefined && missed !== undefined ? [noSchedule(document, ['spec', 'backups', index, 'missed'])] : [],
  );
  if (drill?.missed !== undefined && drill.schedule === undefined)
    idle.push(noSchedule(document, ['spec', 'drill', 'missed']));
  return [...refused, ...idle];
}

function noSchedule(document: LoadedBackupPlan, path: DocumentPath): Problem {
  const message = 'Cannot use missed: without a schedule nothing is ever missed';
  return atKey(document, path, { code: 'BACKUP_PLAN_INVALID', message });
}

/** A password in clear text is not repeated in the problem. */
function repositoryProblems(document: LoadedBackupPlan): Problem[] {
  const { primary, offsite } = document.spec.repositories;
  const path = ['spec', 'repositories'];
  const passwords = Object.entries({ primary, offsite }).flatMap(([name, repository]) => {
    const password = repository?.password;
    if (password === undefined || isSecretReference(password)) return [];
    const message = 'Cannot use "password": it is not a reference to a secret, and a value is never written here';
    const accepted = ['vault:<path>#<field>', 'env:<NAME>', 'file:<path>'];
    return [atValue(document, [...path, name, 'password'], { code: 'INVALID_SECRET_REFERENCE', message, accepted })];
  });
  if (offsite?.location !== primary.location) return passwords;
  const message = 'Cannot copy to the offsite repository: it is the primary one, and what is lost there is lost twice';
  return [...passwords, invalid(document, [...path, 'offsite', 'location'], message)];
}

function drillProblems(document: LoadedBackupPlan): Problem[] {
  const { drill } = document.spec;
  if (drill === undefined) return [];
  const problems = identityProblems(document, drill);
  const { ages } = drill;
  if (ages !== undefined && drill.select !== 'random')
    problems.push(unused(document, 'ages', 'only a random selection goes by the age of a backup'));
  if (ages !== undefined && (ages.from ?? 0) >= (ages.to ?? defaultOldestDays))
    problems.push(
      invalid(document, ['spec', 'drill', 'ages'], `Cannot select a backup: ${agesText(ages)} are no days`),
    );
  if (drill.inventory !== undefined && drill.host === undefined)
    problems.push(unused(document, 'inventory', 'the drill names no host of its own'));
  const { mutations = [] } = drill;
  for (const [index, mutation] of mutations.entries())
    if (mutations.indexOf(mutation) < index)
      problems.push(
        invalid(document, ['spec', 'drill', 'mutations', index], `Cannot use "${mutation}": it stands twice`),
      );
  if (drill.directory !== undefined && !/^\/[^/]/.test(drill.directory))
    problems.push(
      invalid(
        document,
        ['spec', 'drill', 'directory'],
        `Cannot make places in "${drill.directory}": it is no absolute path of a folder`,
      ),
    );
  return problems;
}

/** R-DRILL-1: whatever writes to a host without asking which one it is writes to the wrong one some day. */
function identityProblems(document: LoadedBackupPlan, { identity, host }: DrillPolicy): Problem[] {
  if (Object.values(identity ?? {}).some((text) => text !== '')) return [];
  const state = 'nothing says how that host is told from every other one';
  const message = `Cannot restore to "${host ?? document.spec.host}": ${state}`;
  const accepted = ['drill.identity.hostName', 'drill.identity.marker', 'drill.identity.system'];
  return [atKey(document, ['spec', 'drill'], { code: 'BACKUP_PLAN_INVALID', message, accepted })];
}

/** R-DRILL-1. */
export const defaultOldestDays = 30;

function agesText({ from, to }: { readonly from?: number; readonly to?: number }): string {
  return `ages from ${from ?? 0} to ${to ?? defaultOldestDays}`;
}

function unused(document: LoadedBackupPlan, field: string, state: string): Problem {
  const message = `Cannot use ${field}: ${state}`;
  return atKey(document, ['spec', 'drill', field], { code: 'BACKUP_PLAN_INVALID', message, found: field });
}

/** A plan has no inputs that an expression could read. */
function durationProblems(document: LoadedBackupPlan): Problem[] {
  const { retention, drill, objectives, watch } = document.spec;
  const given: readonly (readonly [DocumentPath, string | undefined])[] = [
    [['retention', 'within'], retention?.within],
    [['retention', 'fullOlderThan'], retention?.fullOlderThan],
    [['retention', 'grace'], retention?.grace],
    [['drill', 'stableFor'], drill?.stableFor],
    [['drill', 'maxAge'], drill?.maxAge],
    [['objectives', 'rpo'], objectives?.rpo],
    [['objectives', 'rto'], objectives?.rto],
    [['watch', 'every'], watch?.every],
    [['watch', 'maxClockSkew'], watch?.maxClockSkew],
    [['watch', 'maxLag'], watch?.maxLag],
  ];
  return given.flatMap(([path, text]) => {
    if (text === undefined || parseDuration(text).kind !== 'invalid') return [];
    const message = `Cannot use "${text}" as ${String(path.at(-1))}: it is not a length of time`;
    return [invalid(document, ['spec', ...path], message)];
  });
}

/** Nothing evaluates them: they would reach the tools as they stand. */
function expressionProblems(document: LoadedBackupPlan): Problem[] {
  const { host, source, repositories, drill } = document.spec;
  const texts: readonly (readonly [DocumentPath, Json])[] = [
    [['host'], host],
    [['source'], [...source]],
    [['with'], document.spec.with ?? {}],
    [['repositories', 'primary', 'location'], repositories.primary.location],
    [['repositories', 'offsite', 'location'], repositories.offsite?.location ?? ''],
    [['drill', 'host'], drill?.host ?? ''],
    [['drill', 'directory'], drill?.directory ?? ''],
  ];
  return texts
    .flatMap(([path, value]) => placesOfExpressions(value, path))
    .map((path) => {
      const message = 'Cannot use an expression: a backup plan has nothing that it could read';
      return invalid(document, ['spec', ...path], message);
    });
}

function placesOfExpressions(value: Json, path: DocumentPath): readonly DocumentPath[] {
  if (typeof value === 'string') return holdsExpressionPart(value) ? [path] : [];
  if (isList(value)) return value.flatMap((item, index) => placesOfExpressions(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => placesOfExpressions(item, [...path, key]));
}

function invalid(document: LoadedBackupPlan, path: DocumentPath, message: string): Problem {
  return atValue(document, path, { code: 'BACKUP_PLAN_INVALID', message });
}
