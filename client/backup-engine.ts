import type { BackupOperationFilter, BackupOperationRow } from '../platform/store/backup-row';
import type { Store } from '../platform/store/store';
import type { BackupAction } from '../workflows/backup/messages';
import { actOnBackups, callOffOperation } from './backup-act';
import { announceToKeepers, keeperStarter } from './backup-keepers';
import { lostOperationsEnder } from './backup-lost';
import type { Published } from './backup-keepers';
import { readOperationView } from './backup-operation-view';
import type { BackupOperationView } from './backup-operation-view';
import { explainRetention, listBackupPlans, listDrills, readBackupPlan, readRestorePoints } from './backup-views';
import type {
  BackupPlanSummary,
  BackupPlanView,
  DrillCalendar,
  RestorePoints,
  RestorePointsFilter,
  RetentionView,
} from './backup-views';
import { readScoreCards } from './backup-score';
import type { PlanScore } from './backup-score';
import type { BackupSources } from './backup-sources';
import type { BackupGateway } from './run-gateway';

/** What API and CLI can do with backups. Refusals are thrown as `RequestError`. */
export interface BackupEngine {
  plans(): Promise<readonly BackupPlanSummary[]>;
  plan(name: string): Promise<BackupPlanView>;
  /** The timeline that a restore chooses from, newest first. */
  points(plan: string, filter: RestorePointsFilter): Promise<RestorePoints>;
  /** What retention says of every set now, and what is about to be deleted. */
  retention(plan: string): Promise<RetentionView>;
  operations(filter: BackupOperationFilter): Promise<readonly BackupOperationRow[]>;
  /** Null: nobody has opened it, which is so as long as it waits for its turn. */
  operation(reference: string): Promise<BackupOperationView | null>;
  /** Of every plan, or of those of one service. */
  scores(service?: string): Promise<readonly PlanScore[]>;
  drills(days: number): Promise<DrillCalendar>;
  act(plan: string, command: BackupCommand): Promise<BackupActed>;
  cancel(reference: string, request: CancelOperation): Promise<BackupOperationRow>;
  /** These definitions were published: the keepers that they concern look again, and new ones begin. */
  announce(published: readonly Published[]): Promise<void>;
  /** Starts keepers of published plans that have none, and ends operations that were lost; answers how many there were of both. */
  recover(): Promise<number>;
}

export interface BackupDependencies {
  readonly store: Store;
  readonly gateway: BackupGateway;
  readonly sources: BackupSources;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface BackupCommand {
  readonly action: BackupAction;
  readonly actor: string;
  readonly via: string;
  /** The same one twice is one act. */
  readonly id?: string;
}

export interface BackupActed {
  readonly plan: string;
  /** That was started, or waits for its turn; null: the act needs none. */
  readonly operation: string | null;
  readonly warnings: readonly string[];
}

export interface CancelOperation {
  readonly actor: string;
  readonly via: string;
  readonly reason: string;
  readonly id?: string;
}

const mostListed = 1_001;

export function createBackupEngine(dependencies: BackupDependencies): BackupEngine {
  const { store } = dependencies;
  const startKeepers = keeperStarter(dependencies);
  const endLost = lostOperationsEnder(dependencies);
  return {
    plans: () => listBackupPlans(dependencies),
    plan: (name) => readBackupPlan(dependencies, name),
    points: (plan, filter) => readRestorePoints(dependencies, plan, filter),
    retention: (plan) => explainRetention(dependencies, plan),
    operations: (filter) => store.backups.operations({ ...filter, limit: Math.min(filter.limit, mostListed) }),
    operation: async (reference) => {
      const row = await store.backups.findOperation(reference);
      return row === null ? null : readOperationView(store, row);
    },
    scores: (service) => readScoreCards(dependencies, service),
    drills: (days) => listDrills(dependencies, days),
    act: (plan, command) => actOnBackups(dependencies, plan, command),
    cancel: (reference, request) => callOffOperation(dependencies, reference, request),
    announce: (published) => announceToKeepers(dependencies, published),
    recover: async () => (await startKeepers()) + (await endLost()),
  };
}
