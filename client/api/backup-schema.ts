import { z } from 'zod';

import type {
  BackupOperationRow as OperationRowType,
  BackupPlanRow,
  BackupSetRow as SetRowType,
  PruningRow,
} from '../../platform/store/backup-row';
import type { BackupOperationView as OperationViewType } from '../backup-operation-view';
import type { PlanScore as PlanScoreType } from '../backup-score';
import type {
  BackupPlanSummary as PlanSummaryType,
  BackupPlanView as PlanViewType,
  DrillCalendar as DrillCalendarType,
  RestorePoints as RestorePointsType,
  RetentionView as RetentionViewType,
} from '../backup-views';
import { PlanInForce } from './backup-plan-schema';
import { Scope, TaskRow } from './schema';
import { Next } from './page';

/** Shapes of what the API answers about backups. Times are epoch milliseconds. */

const JsonObject = z.record(z.string(), z.json());
const EpochMs = z.number();
const Level = z.enum(['V0', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6']);
const Slot = z.object({ run: z.string(), atMs: EpochMs });

const Hold = z.object({
  name: z.string(),
  kind: z.enum(['legal', 'permanent', 'plain']),
  untilMs: EpochMs.nullable(),
  by: z.string(),
  reason: z.string(),
});

const set = {
  id: z.string(),
  setId: z.string(),
  plan: z.string(),
  service: z.string(),
  group: z.string(),
  atMs: EpochMs,
  endedAtMs: EpochMs,
  kind: z.enum(['full', 'differential', 'incremental']),
  parent: z.string(),
  sizeBytes: z.number(),
  storedBytes: z.number(),
  digest: z.string(),
  versions: z.object({ tool: z.string(), server: z.string() }),
  repository: z.string(),
  late: z.boolean(),
  owned: z.boolean(),
  levels: z.object({
    V0: EpochMs.exactOptional(),
    V1: EpochMs.exactOptional(),
    V2: EpochMs.exactOptional(),
    V3: EpochMs.exactOptional(),
    V4: EpochMs.exactOptional(),
    V5: EpochMs.exactOptional(),
    V6: EpochMs.exactOptional(),
  }),
  readPercent: z.number().nullable(),
  broken: z.string(),
  failedTests: z.array(z.string()),
  holds: z.array(Hold),
  pins: z.array(z.string()),
  offsite: z.boolean(),
  offsiteAt: z.object({ location: z.string(), atMs: EpochMs }).nullable(),
  expiring: z.boolean(),
  hasManifest: z.boolean(),
  prunedAt: EpochMs.nullable(),
};

const BackupSet: z.ZodType<SetRowType> = z.object(set);

const operation = {
  id: z.string(),
  plan: z.string(),
  service: z.string(),
  keeper: z.string(),
  kind: z.string(),
  requester: z.string(),
  work: JsonObject,
  state: z.string(),
  openedAt: EpochMs,
  endedAt: EpochMs.nullable(),
  outcome: z.string().nullable(),
  reason: z.string(),
  set: z.string().nullable(),
  scope: Scope,
  alarms: JsonObject,
  verdict: z.object({ verdict: z.string(), at: z.string() }).nullable(),
  measured: z
    .object({ rtoMs: z.number().nullable(), rpoMs: z.number().nullable(), reported: z.string(), times: JsonObject })
    .nullable(),
};

export const BackupOperation: z.ZodType<OperationRowType> = z.object(operation);

export const OperationList = z.object({ operations: z.array(BackupOperation), next: Next });

export const ToldFact = z.object({ at: EpochMs, actor: z.string(), text: z.string() });

const RunOfOperation = z.object({
  id: z.string(),
  number: z.number(),
  runbook: z.string(),
  state: z.enum(['pending', 'running', 'waiting', 'paused', 'closed']),
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'undone', 'undo-failed', 'checked']).nullable(),
  startedAt: EpochMs.nullable(),
  endedAt: EpochMs.nullable(),
});

export const OperationView: z.ZodType<OperationViewType> = z.object({
  ...operation,
  made: BackupSet.nullable(),
  steps: z.array(z.object({ what: z.string(), startedAt: EpochMs, endedAt: EpochMs, detail: JsonObject })),
  assertions: z.array(z.object({ mutation: z.string(), results: z.json() })),
  evidence: z.json(),
  runs: z.array(RunOfOperation),
  tasks: z.array(TaskRow),
  timeline: z.array(ToldFact),
});

const Paused: z.ZodType<BackupPlanRow['paused']> = z
  .object({ reason: z.string(), by: z.string(), at: EpochMs })
  .nullable();

const Pruning: z.ZodType<PruningRow> = z.object({
  sets: z.array(z.string()),
  explained: z.json(),
  madeAt: EpochMs,
  notBeforeMs: EpochMs,
  notAfterMs: EpochMs,
});

const plan = {
  name: z.string(),
  service: z.string(),
  provider: z.string(),
  version: z.string(),
  paused: Paused,
  alarms: z.array(z.object({ alarm: z.string(), text: z.string(), since: EpochMs })),
  problems: z.array(z.string()),
};

const PlanSummary: z.ZodType<PlanSummaryType> = z.object({
  ...plan,
  lastSet: BackupSet.nullable(),
  next: Slot.nullable(),
  open: z.number(),
});

export const PlanList = z.object({ plans: z.array(PlanSummary), next: Next });

export const PlanView: z.ZodType<PlanViewType> = z.object({
  ...plan,
  keeper: z.string(),
  inForce: PlanInForce.nullable(),
  kept: z.object({ version: z.string(), at: EpochMs }).nullable(),
  next: z.array(Slot),
  open: z.array(BackupOperation),
  pruning: Pruning.nullable(),
  tasks: z.array(TaskRow),
  timeline: z.array(ToldFact),
});

export const RestorePoints: z.ZodType<RestorePointsType> = z.object({
  plan: z.string(),
  points: z.array(z.object({ ...set, problem: z.string(), lossMs: z.number() })),
});

export const RetentionView: z.ZodType<RetentionViewType> = z.object({
  plan: z.string(),
  expiring: z.array(z.string()),
  explained: z.array(z.object({ set: z.string(), keep: z.boolean(), reasons: z.array(z.string()) })),
  pruning: Pruning.nullable(),
});

export const DrillCalendar: z.ZodType<DrillCalendarType> = z.object({
  planned: z.array(z.object({ plan: z.string(), service: z.string(), atMs: EpochMs })),
  past: z.array(BackupOperation),
});

const ScoredSet = z.object({ id: z.string(), atMs: EpochMs, ageMs: z.number(), level: Level.nullable() });

const Trend = z.object({
  count: z.number(),
  lastMs: z.number().nullable(),
  p50Ms: z.number().nullable(),
  p90Ms: z.number().nullable(),
  missed: z.number(),
  unknown: z.number(),
  direction: z.enum(['better', 'worse', 'steady', 'too-few']),
});

const Risk = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('known'), id: z.string(), atMs: EpochMs, riskMs: z.number() }),
  z.object({ kind: z.literal('unbounded') }),
]);

const PlanScore: z.ZodType<PlanScoreType> = z.object({
  plan: z.string(),
  service: z.string(),
  sets: z.number(),
  objectives: z.object({ rpoMs: z.number().nullable(), rtoMs: z.number().nullable() }),
  card: z.object({
    service: z.string(),
    lastBackup: ScoredSet.nullable(),
    lastVerified: ScoredSet.nullable(),
    lastProven: ScoredSet.nullable(),
    risk: Risk,
    lastDrill: z
      .object({
        id: z.string(),
        verdict: z.enum(['PASS', 'FAIL', 'INTERRUPTED', 'INVALID', 'BLOCKED']),
        ageMs: z.number(),
      })
      .nullable(),
    lastPassAtMs: EpochMs.nullable(),
    recoveryTime: Trend,
    recoveryPoint: Trend,
    holds: z.array(z.object({ set: z.string(), name: z.string() })),
    broken: z.array(z.string()),
    alarms: z.record(z.string(), z.string()),
    findings: z.array(z.string()),
  }),
});

export const ScoreList = z.object({ scores: z.array(PlanScore) });

/** What an act was answered with: the operation that it started, and what to look out for. */
export const BackupActed = z.object({
  plan: z.string(),
  operation: z.string().nullable(),
  warnings: z.array(z.string()),
});
