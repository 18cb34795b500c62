import { catalogue } from '../../activities/index';
import { clockOf, slotsFrom } from '../../definitions/backup-slots';
import type { DayClock } from '../../definitions/calendar/day-clock';
import type { LoadedBackupPlan } from '../../definitions/document';
import { compareVersions, definitionFiles } from '../../definitions/library';
import { lintDocuments } from '../../definitions/lint';
import type { Problem } from '../../definitions/problems';
import { deepVerifySlot, drillSlot } from '../../workflows/backup/messages';
import type { BackupPlan, MissedPolicy } from '../../workflows/backup/schema';
import { forecastBackups } from '../../workflows/rehearsal/backup-forecast';
import type { Forecast, ForecastStretch } from '../../workflows/rehearsal/backup-forecast';
import type { ForecastPlan, ForecastSlot, ScheduledKind } from '../../workflows/rehearsal/backup-play';
import type { Durations } from './backup-durations';
import { readGiven } from './tiers';

export type Forecasted =
  { readonly ok: true; readonly forecast: Forecast } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Every BackupPlan in the files and folders, over the stretch. */
export function forecastPaths(
  paths: readonly string[],
  stretch: ForecastStretch,
  durationsOf: (plan: string) => Durations,
): Forecasted {
  const given = readGiven([...new Set(paths.flatMap(definitionFiles))]);
  const problems = [...given.problems, ...lintDocuments(given.documents, { catalogue })];
  if (problems.length > 0) return { ok: false, problems };
  const clocks = new Map<string, DayClock>();
  const plans = newestPlans(given.documents.filter((document) => document.kind === 'BackupPlan')).map(
    ({ metadata, spec }): ForecastPlan => ({
      name: metadata.name,
      slots: slotsOf(spec, stretch, sharedClock(spec, clocks)),
      durationsMs: durationsOf(metadata.name),
    }),
  );
  return { ok: true, forecast: forecastBackups(plans, stretch) };
}

function newestPlans(plans: readonly LoadedBackupPlan[]): readonly LoadedBackupPlan[] {
  const newest = new Map<string, LoadedBackupPlan>();
  for (const plan of plans) {
    const known = newest.get(plan.metadata.name);
    if (known === undefined || compareVersions(plan.metadata.version, known.metadata.version) > 0)
      newest.set(plan.metadata.name, plan);
  }
  return [...newest.values()];
}

/** Days of a zone are the same for every plan in it. */
function sharedClock(spec: BackupPlan, clocks: Map<string, DayClock>): DayClock {
  const name = spec.zone ?? 'UTC';
  const clock = clocks.get(name) ?? clockOf(spec);
  clocks.set(name, clock);
  return clock;
}

function* slotsOf(plan: BackupPlan, { fromMs, untilMs }: ForecastStretch, clock: DayClock): Generator<ForecastSlot> {
  for (const { run, atMs, change } of slotsFrom(plan, fromMs, clock)) {
    if (atMs >= untilMs) return;
    yield { run, atMs, change, kind: kindOf(run), missed: policyOf(plan, run) ?? 'run-once-late' };
  }
}

function kindOf(run: string): ScheduledKind {
  if (run === drillSlot) return 'drill';
  return run === deepVerifySlot ? 'verify' : 'backup';
}

function policyOf({ backups, drill, verify }: BackupPlan, run: string): MissedPolicy | undefined {
  if (run === drillSlot) return drill?.missed;
  if (run === deepVerifySlot) return verify?.deep?.missed;
  return backups.find(({ id }) => id === run)?.missed;
}
