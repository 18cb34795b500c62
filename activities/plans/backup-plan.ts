import { neededRoles, providerRunbooks } from '../../definitions/backup-provider';
import type { LoadedBackupPlan } from '../../definitions/document';
import { resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import { defaultOldestDays } from '../../definitions/lint/backup-plan';
import type { DrillInForce, DrillSelect, PlanInForce, RepositoryInForce } from '../../workflows/backup/messages';
import type { BackupPlan, DrillPolicy, Repository } from '../../workflows/backup/schema';
import { hourMs, minuteMs, parseDuration, secondMs } from '../../workflows/domain/duration';
import { defaultGraceMs } from '../../workflows/domain/retention-grace';
import { isEmptyPolicy } from '../../workflows/domain/retention-policy';
import type { Lookups } from '../../workflows/effects';
import { backupScope } from './plan-scope';
import type { PublishedShelf } from './published-shelf';
import { retentionPolicy } from './retention-policy';

/** What a plan that says nothing means. Of sizes and shares: percent. */
const defaults = {
  trendPercent: 30,
  readPercent: 100,
  missed: 'run-once-late',
  /** Of a drill: how long the restored service has to answer healthy. */
  stableForMs: 10 * secondMs,
  directory: '/var/tmp/mainstay',
  watchEveryMs: 15 * minuteMs,
  /** Below it every file system is in trouble, whatever the next backup takes. */
  minFreeBytes: 256 * 1024 * 1024,
  /** R-BKP-4. */
  maxClockSkewMs: 5 * minuteMs,
  maxLagMs: 15 * minuteMs,
} as const;

const dayMs = 24 * hourMs;

export type PlanShelf = Pick<PublishedShelf, 'documents' | 'shipped'>;

/** The newest published version; null: none is. */
export async function findBackupPlan(
  shelf: PlanShelf,
  plan: string,
): Promise<{ readonly document: LoadedBackupPlan; readonly tiers: Tiers } | null> {
  const { documents } = await shelf.documents();
  const found = resolveReference('BackupPlan', plan, [documents]);
  return found.ok ? { document: found.document, tiers: [documents, shelf.shipped] } : null;
}

export async function backupPlan(
  shelf: PlanShelf,
  { plan }: Lookups['backupPlan']['asked'],
): Promise<Lookups['backupPlan']['answer']> {
  const found = await findBackupPlan(shelf, plan);
  if (found === null) return { gone: true };
  const { document, tiers } = found;
  const roles = [...providerRunbooks(document.spec.provider, tiers).keys()];
  const missing = neededRoles.filter((role) => !roles.includes(role));
  if (missing.length > 0) {
    const message = `Cannot keep the plan "${plan}": its provider "${document.spec.provider}" has no runbook for ${missing.join(', ')}`;
    return { problems: [{ code: 'PROVIDER_INCOMPLETE', message }] };
  }
  return { inForce: { ...planInForce(document, roles), scope: backupScope(document, tiers) } };
}

/** With every default filled in: processes know no other. */
export function planInForce({ metadata, spec, digest }: LoadedBackupPlan, roles: readonly string[]): PlanInForce {
  const owner = metadata.owner ?? '';
  const { quiesce = {}, verify = {}, objectives = {}, watch = {}, inventory } = spec;
  const { primary, offsite } = spec.repositories;
  return {
    name: metadata.name,
    version: metadata.version,
    digest,
    owner,
    service: spec.service,
    provider: spec.provider,
    roles,
    inventory: inventory ?? null,
    host: spec.host,
    source: spec.source,
    with: spec.with ?? {},
    repositories: {
      primary: repositoryInForce(primary),
      offsite: offsite === undefined ? null : repositoryInForce(offsite),
    },
    backups: spec.backups.map(({ id, kind, schedule, missed }) => ({
      id,
      kind: kind ?? 'full',
      scheduled: schedule !== undefined,
      missed: missed ?? defaults.missed,
    })),
    zone: spec.zone ?? 'UTC',
    quiesce: { before: quiesce.before ?? null, after: quiesce.after ?? null },
    trendPercent: spec.success?.trend ?? defaults.trendPercent,
    readPercent: verify.readPercent ?? defaults.readPercent,
    deepVerify: verify.deep === undefined ? null : { missed: verify.deep.missed ?? defaults.missed },
    prunes: !isEmptyPolicy(retentionPolicy(spec, 0)),
    minimumRedundancy: retentionPolicy(spec, 0).minimumRedundancy,
    graceMs: msOr(spec.retention?.grace, defaultGraceMs),
    drill: spec.drill === undefined ? null : drillInForce(spec.drill, spec),
    objectives: { rpoMs: msOr(objectives.rpo, null), rtoMs: msOr(objectives.rto, null) },
    watch: {
      everyMs: msOr(watch.every, defaults.watchEveryMs),
      minFreeBytes: watch.minFree ?? defaults.minFreeBytes,
      maxClockSkewMs: msOr(watch.maxClockSkew, defaults.maxClockSkewMs),
      maxLagMs: msOr(watch.maxLag, defaults.maxLagMs),
    },
    approvers: {
      restore: spec.restore?.approvers ?? [owner],
      holds: spec.holds?.approvers ?? [owner],
    },
  };
}

function repositoryInForce({ location, password }: Repository): RepositoryInForce {
  return { location, password: password ?? null };
}

function drillInForce(drill: DrillPolicy, { host, inventory }: Pick<BackupPlan, 'host' | 'inventory'>): DrillInForce {
  const { hostName = '', marker = '', system = '' } = drill.identity ?? {};
  return {
    scheduled: drill.schedule !== undefined,
    missed: drill.missed ?? defaults.missed,
    select: selectionOf(drill),
    host: drill.host ?? host,
    inventory: drill.inventory ?? inventory ?? null,
    directory: drill.directory ?? defaults.directory,
    identity: { hostName, marker, system },
    isolate: drill.isolate ?? true,
    stableForMs: msOr(drill.stableFor, defaults.stableForMs),
    mutations: drill.mutations ?? [],
    maxAgeMs: msOr(drill.maxAge, null),
  };
}

function selectionOf({ select, ages = {} }: DrillPolicy): DrillSelect {
  if (select !== 'random') return { how: 'latest' };
  return { how: 'random', fromDays: ages.from ?? 0, toDays: ages.to ?? defaultOldestDays };
}

/** Days are 24 hours here: what is compared with an age is not a date. */
export function msOr<D>(text: string | undefined, otherwise: D): number | D {
  if (text === undefined) return otherwise;
  const parsed = parseDuration(text);
  switch (parsed.kind) {
    case 'ms':
      return parsed.ms;
    case 'days':
      return parsed.days * dayMs;
    case 'invalid':
      return otherwise;
  }
}
