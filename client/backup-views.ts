import type { BackupOperationRow, BackupPlanRow, BackupSetRow, PruningRow } from '../platform/store/backup-row';
import type { Store, TaskRow } from '../platform/store/store';
import { drillSlot } from '../workflows/backup/messages';
import type { PlanInForce, SetReasons, Slot } from '../workflows/backup/messages';
import { restorePoints } from '../workflows/domain/restore-point';
import { streamOf } from '../workflows/domain/streams';
import { RequestError } from './api/errors';
import { unknownPlan } from './backup-act';
import type { BackupDependencies } from './backup-engine';
import { keeperIdOf } from './backup-keepers';
import type { BackupSources } from './backup-sources';
import { keeperKinds, tellAll } from './backup-timeline';
import type { ToldFact } from './backup-timeline';

/** What is shown of a plan among others. */
export interface BackupPlanSummary {
  readonly name: string;
  readonly service: string;
  readonly provider: string;
  readonly version: string;
  readonly paused: BackupPlanRow['paused'];
  readonly alarms: BackupPlanRow['alarms'];
  /** Why it cannot be gone by; empty: it can. */
  readonly problems: readonly string[];
  readonly lastSet: BackupSetRow | null;
  readonly next: Slot | null;
  readonly open: number;
}

/** One plan in full: what is in force, what comes next, what is wrong, what is about to be deleted. */
export interface BackupPlanView extends Omit<BackupPlanSummary, 'next' | 'open' | 'lastSet'> {
  readonly keeper: string;
  /** Null: see the problems. */
  readonly inForce: PlanInForce | null;
  /** What its keeper goes by; null: it has not begun. */
  readonly kept: { readonly version: string; readonly at: number } | null;
  readonly next: readonly Slot[];
  readonly open: readonly BackupOperationRow[];
  readonly pruning: PruningRow | null;
  readonly tasks: readonly TaskRow[];
  /** Of the keeper, the newest last. */
  readonly timeline: readonly ToldFact[];
}

export interface RestorePointsFilter {
  readonly limit: number;
  readonly pruned?: boolean;
}

export interface RestorePoints {
  readonly plan: string;
  readonly points: readonly RestorePointView[];
}

export interface RestorePointView extends BackupSetRow {
  /** Why it is not chosen by itself; empty: nothing speaks against it. */
  readonly problem: string;
  /** What was written since then. */
  readonly lossMs: number;
}

export interface RetentionView {
  readonly plan: string;
  readonly expiring: readonly string[];
  readonly explained: readonly SetReasons[];
  /** What was decided and waits for its grace. */
  readonly pruning: PruningRow | null;
}

export interface DrillCalendar {
  readonly planned: readonly { readonly plan: string; readonly service: string; readonly atMs: number }[];
  /** Newest first. */
  readonly past: readonly BackupOperationRow[];
}

const dayMs = 24 * 3_600_000;
const slotsShown = 10;
/** How far a next slot is looked for. */
const horizonMs = 400 * dayMs;
const entriesTold = 500;
const pastDrills = 200;
const drillSlotsOfPlan = 5_000;

export async function listBackupPlans(dependencies: BackupDependencies): Promise<readonly BackupPlanSummary[]> {
  const { store, sources } = dependencies;
  const kept = new Map((await store.backups.plans()).map((row) => [row.name, row] as const));
  const names = await sources.published();
  const all: BackupPlanSummary[] = [];
  for (const name of names) all.push(await summaryOf(dependencies, name, kept.get(name) ?? null));
  return all;
}

async function summaryOf(
  { store, sources, now }: BackupDependencies,
  name: string,
  row: BackupPlanRow | null,
): Promise<BackupPlanSummary> {
  const published = await sources.read(name);
  const inForce = published !== null && 'inForce' in published ? published.inForce : null;
  const [lastSet] = await store.backups.sets({ plan: name, limit: 1 });
  const open = await store.backups.operations({ plan: name, open: true, limit: entriesTold });
  const [next] = await sources.slots(name, { fromMs: now(), untilMs: now() + horizonMs, limit: 1 });
  return {
    name,
    service: inForce?.service ?? row?.service ?? '',
    provider: inForce?.provider ?? row?.provider ?? '',
    version: inForce?.version ?? row?.version ?? '',
    paused: row?.paused ?? null,
    alarms: row?.alarms ?? [],
    problems: published !== null && 'problems' in published ? published.problems : [],
    lastSet: lastSet ?? null,
    next: next ?? null,
    open: open.length,
  };
}

export async function readBackupPlan(dependencies: BackupDependencies, name: string): Promise<BackupPlanView> {
  const { store, sources, now } = dependencies;
  const row = await store.backups.plan(name);
  await requirePlan(sources, row, name);
  const keeper = keeperIdOf(name);
  const [summary, published, next, open, tasks, timeline] = await Promise.all([
    summaryOf(dependencies, name, row),
    sources.read(name),
    sources.slots(name, { fromMs: now(), untilMs: now() + horizonMs, limit: slotsShown }),
    store.backups.operations({ plan: name, open: true, limit: entriesTold }),
    store.views.tasks({ runId: keeper, open: true }),
    keeperTimeline(store, keeper),
  ]);
  const { lastSet: _lastSet, ...shown } = summary;
  return {
    ...shown,
    keeper,
    inForce: published !== null && 'inForce' in published ? published.inForce : null,
    kept: row === null ? null : { version: row.version, at: row.keptAt },
    next,
    open,
    pruning: row?.pruning ?? null,
    tasks,
    timeline,
  };
}

/** A plan that nobody publishes any more is known as long as its keeper's journal is. */
async function requirePlan(sources: BackupSources, row: BackupPlanRow | null, name: string): Promise<void> {
  if (row === null && (await sources.read(name)) === null) throw unknownPlan(name);
}

async function keeperTimeline({ journal }: Store, keeper: string): Promise<readonly ToldFact[]> {
  const { count } = await journal.head(streamOf(keeper));
  const after = Math.max(0, count - entriesTold);
  return tellAll(await journal.read(streamOf(keeper), { after, kinds: keeperKinds }));
}

export async function readRestorePoints(
  { store, sources, now }: BackupDependencies,
  plan: string,
  filter: RestorePointsFilter,
): Promise<RestorePoints> {
  await requirePlan(sources, await store.backups.plan(plan), plan);
  const sets = await store.backups.sets({ plan, ...filter });
  const problems = new Map(restorePoints({ sets, archivedUntilMs: null }).map(({ id, problem }) => [id, problem]));
  const nowMs = now();
  const points = sets.map((set) => ({
    ...set,
    problem: set.prunedAt === null ? (problems.get(set.id) ?? '') : 'it was deleted',
    lossMs: Math.max(0, nowMs - set.atMs),
  }));
  return { plan, points };
}

export async function explainRetention(
  { store, sources, now }: BackupDependencies,
  plan: string,
): Promise<RetentionView> {
  if ((await sources.read(plan)) === null) throw unknownPlan(plan);
  const row = await store.backups.plan(plan);
  const computed = await sources.retention(plan, now());
  if ('problems' in computed)
    throw new RequestError(
      'DOCUMENT_INVALID',
      `Cannot explain retention of "${plan}": ${computed.problems.join('; ')}`,
    );
  const { expiring, explained } = computed;
  return { plan, expiring, explained, pruning: row?.pruning ?? null };
}

export async function listDrills({ store, sources, now }: BackupDependencies, days: number): Promise<DrillCalendar> {
  const planned: DrillCalendar['planned'][number][] = [];
  const nowMs = now();
  for (const plan of await sources.published()) {
    const published = await sources.read(plan);
    if (published === null || 'problems' in published || published.inForce.drill?.scheduled !== true) continue;
    const { service } = published.inForce;
    const time = { fromMs: nowMs, untilMs: nowMs + days * dayMs, limit: drillSlotsOfPlan };
    for (const { run, atMs } of await sources.slots(plan, time))
      if (run === drillSlot) planned.push({ plan, service, atMs });
  }
  planned.sort((a, b) => a.atMs - b.atMs);
  return { planned, past: await store.backups.operations({ kind: 'drill', limit: pastDrills }) };
}
