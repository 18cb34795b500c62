import type { BackupOperationRow, BackupPlanRow } from '../platform/store/backup-row';
import type { PlanInForce } from '../workflows/backup/messages';
import { scoreCard } from '../workflows/domain/backup-score';
import type { ScoreCard, ScoredDrill } from '../workflows/domain/backup-score';
import type { BackupDependencies } from './backup-engine';

/** How well one plan protects its service. */
export interface PlanScore {
  readonly plan: string;
  readonly service: string;
  readonly objectives: PlanInForce['objectives'];
  readonly card: ScoreCard;
  /** Sets that are there, the foreign ones not among them. */
  readonly sets: number;
}

/** As many as the trend of drills is made of. */
const drillsScored = 50;
const setsScored = 500;

export async function readScoreCards(
  dependencies: BackupDependencies,
  service?: string,
): Promise<readonly PlanScore[]> {
  const { store, sources } = dependencies;
  const kept = new Map((await store.backups.plans()).map((row) => [row.name, row] as const));
  const scores: PlanScore[] = [];
  for (const name of await sources.published()) {
    const published = await sources.read(name);
    // One that cannot be gone by is named with its problems where plans are listed.
    if (published === null || 'problems' in published) continue;
    if (service !== undefined && published.inForce.service !== service) continue;
    scores.push(await scoreOf(dependencies, published.inForce, kept.get(name) ?? null));
  }
  return scores;
}

async function scoreOf(
  { store, now }: BackupDependencies,
  inForce: PlanInForce,
  row: BackupPlanRow | null,
): Promise<PlanScore> {
  const { name: plan, service, objectives, repositories, drill } = inForce;
  const sets = await store.backups.sets({ plan, limit: setsScored });
  const drills = await store.backups.operations({ plan, kind: 'drill', open: false, limit: drillsScored });
  const facts = {
    service,
    sets,
    drills: drills.flatMap(scoredDrill),
    objectives,
    offsite: repositories.offsite !== null,
    maxDrillAgeMs: drill?.maxAgeMs ?? null,
    alarms: Object.fromEntries((row?.alarms ?? []).map(({ alarm, text }) => [alarm, text])),
  };
  return { plan, service, objectives, card: scoreCard(facts, now()), sets: sets.filter(({ owned }) => owned).length };
}

function scoredDrill({ id, verdict, endedAt, measured }: BackupOperationRow): readonly ScoredDrill[] {
  if (verdict === null || endedAt === null || !isVerdict(verdict.verdict)) return [];
  const { rtoMs, rpoMs } = measured ?? { rtoMs: null, rpoMs: null };
  return [{ id, verdict: verdict.verdict, endedAtMs: endedAt, recoveryTimeMs: rtoMs, recoveryPointMs: rpoMs }];
}

const verdicts: { readonly [V in ScoredDrill['verdict']]: true } = {
  PASS: true,
  FAIL: true,
  INTERRUPTED: true,
  INVALID: true,
  BLOCKED: true,
};

function isVerdict(verdict: string): verdict is ScoredDrill['verdict'] {
  return Object.hasOwn(verdicts, verdict);
}
