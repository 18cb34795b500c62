import type { Scope } from '../domain/authorization';
import type { BackupKind, BackupSet, Hold } from '../domain/backup-set';
import type { JsonObject } from '../domain/json';
import type { RunIdentity } from '../runbook/messages';
import type { MissedPolicy } from './schema';

/**
 * What is sent to the keeper of a plan and to its operations, besides `answer` and `control` (cancel), which are the same Updates as for
 * runs. `act` is an Update (it may be refused); `operationEnded` and `surroundings` (its plan was published anew, an operation ended without a word) are Signals.
 */
export const backupMessageNames = {
  act: 'backupAct',
  cancel: 'cancelOperation',
  operationEnded: 'operationEnded',
  surroundings: 'surroundings',
  view: 'view',
} as const;

export const keeperWorkflowType = 'backupKeeper';
export const operationWorkflowType = 'backupOperation';

/** One for each published plan, for as long as it is published. */
export interface KeeperInput {
  /** `k` and twelve hexadecimal digits of the SHA-256 of the plan's name; its number is 0. */
  readonly keeper: RunIdentity;
  readonly plan: string;
  /** Entered again after a continue-as-new. */
  readonly stateDigest?: string;
}

/** One backup, verification, pruning, restore or drill. */
export interface OperationInput {
  /** `b` and twelve characters; its parent is the keeper, its number 0. */
  readonly operation: RunIdentity;
  readonly plan: PlanInForce;
  readonly work: OperationWork;
  readonly stateDigest?: string;
  /** Why, before it had its turn: then it ends at once. Absent: nobody has called it off. */
  readonly calledOff?: string;
}

export type OperationKind = OperationWork['kind'];

export type OperationWork =
  | {
      readonly kind: 'backup';
      /** Id of the backup in its plan. */
      readonly backup: string;
      readonly wanted: BackupKind;
      /** When it was due; null: somebody asked for it. */
      readonly slotMs: number | null;
      readonly late: boolean;
    }
  | {
      readonly kind: 'verify';
      readonly set: string;
      readonly level: 'V1' | 'V2';
      readonly readPercent: number;
      readonly seed: number;
    }
  /** What a prune plan names; looked at again before each of them is deleted. */
  | { readonly kind: 'forget'; readonly sets: readonly string[] }
  | {
      readonly kind: 'restore';
      /** Null: the newest good one from which the target can be reached. */
      readonly set: string | null;
      /** Epoch ms; 0: as the set is, -1: as late as can be. */
      readonly targetMs: number;
      /** Is it to take the place of what is live, or to stay beside it. */
      readonly over: boolean;
      readonly reason: string;
    }
  | {
      readonly kind: 'drill';
      readonly select: DrillSelect;
      readonly seed: number;
      /** As in a restore. */
      readonly targetMs: number;
      readonly slotMs: number | null;
      readonly late: boolean;
    }
  /** Looks only: space, clock, lag, locks, what is in the repository, what places are left. */
  | { readonly kind: 'watch' };

export type DrillSelect =
  | { readonly how: 'latest' }
  | { readonly how: 'random'; readonly fromDays: number; readonly toDays: number }
  | { readonly how: 'specific'; readonly set: string };

export type DrillVerdict = 'PASS' | 'FAIL' | 'INTERRUPTED' | 'INVALID' | 'BLOCKED';

/** `succeeded` of a drill is PASS. */
export type OperationOutcome = 'succeeded' | 'failed' | 'blocked' | 'cancelled' | Exclude<DrillVerdict, 'BLOCKED'>;

/** What an operation tells its keeper, and what is known of it when the telling was lost. */
export interface OperationEnd {
  readonly operation: string;
  readonly kind: OperationKind;
  readonly outcome: OperationOutcome;
  readonly reason: string;
  /** Of a backup: the set is there, whatever its tests say. Of others: the set that it worked with; null: none. */
  readonly set: string | null;
  readonly endedAt: number;
  /** What is wrong around it: of a preflight or a watch, by name of the alarm. Absent: it did not look. */
  readonly alarms?: { readonly [alarm: string]: string };
}

/** What somebody does with a plan. `id` is the idempotency key: the same one twice is one act. */
export type BackupAct = { readonly id: string; readonly actor: string; readonly via: string } & BackupAction;

export type BackupAction =
  /** The first backup of the plan when it is not named. */
  | { readonly action: 'run'; readonly backup: string | null }
  /** The newest set when none is named. */
  | {
      readonly action: 'verify';
      readonly set: string | null;
      readonly level: 'V1' | 'V2';
      readonly readPercent: number;
    }
  /** Makes a prune plan; what is due of one that was made before its grace is deleted by the keeper itself. */
  | { readonly action: 'forget' }
  | { readonly action: 'hold'; readonly set: string; readonly hold: Omit<Hold, 'by'> }
  | { readonly action: 'release'; readonly set: string; readonly name: string; readonly reason: string }
  | {
      readonly action: 'restore';
      readonly set: string | null;
      readonly targetMs: number;
      readonly over: boolean;
      readonly reason: string;
    }
  | { readonly action: 'drill'; readonly set: string | null; readonly seed: number | null; readonly targetMs: number }
  /** Of what waits for its turn; one that has begun is called off itself. */
  | { readonly action: 'cancel'; readonly operation: string; readonly reason: string }
  /** Nothing starts by itself. */
  | { readonly action: 'pause'; readonly reason: string }
  | { readonly action: 'resume'; readonly reason: string };

export type BackupReply =
  | {
      readonly accepted: true;
      /** The operation that was started, or stands in the queue; null: the act needs none. */
      readonly operation: string | null;
      readonly warnings: readonly string[];
    }
  | { readonly accepted: false; readonly code: string; readonly reason: string };

export interface RepositoryInForce {
  readonly location: string;
  /** A reference; null: it has none. */
  readonly password: string | null;
}

/** A plan as it was published last, with every default filled in. */
export interface PlanInForce {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly owner: string;
  readonly service: string;
  /** What grants go by; absent: its service. */
  readonly scope?: Scope;
  readonly provider: string;
  /** Roles that the provider has, the needed ones among them. */
  readonly roles: readonly string[];
  readonly inventory: string | null;
  readonly host: string;
  readonly source: readonly string[];
  readonly with: JsonObject;
  readonly repositories: { readonly primary: RepositoryInForce; readonly offsite: RepositoryInForce | null };
  readonly backups: readonly {
    readonly id: string;
    readonly kind: BackupKind;
    readonly scheduled: boolean;
    readonly missed: MissedPolicy;
  }[];
  readonly zone: string;
  readonly quiesce: { readonly before: string | null; readonly after: string | null };
  readonly trendPercent: number;
  readonly readPercent: number;
  readonly deepVerify: { readonly missed: MissedPolicy } | null;
  /** False: the policy is empty, nothing is ever deleted (R-BKP-3). */
  readonly prunes: boolean;
  readonly graceMs: number;
  /** R-BKP-7. */
  readonly minimumRedundancy: number;
  readonly drill: DrillInForce | null;
  readonly objectives: { readonly rpoMs: number | null; readonly rtoMs: number | null };
  readonly watch: {
    readonly everyMs: number;
    readonly minFreeBytes: number;
    readonly maxClockSkewMs: number;
    readonly maxLagMs: number;
  };
  /** Who approves a restore, and who lifts a legal hold. */
  readonly approvers: { readonly restore: readonly string[]; readonly holds: readonly string[] };
}

export interface DrillInForce {
  readonly scheduled: boolean;
  readonly missed: MissedPolicy;
  readonly select: DrillSelect;
  readonly host: string;
  readonly inventory: string | null;
  readonly directory: string;
  readonly identity: { readonly hostName: string; readonly marker: string; readonly system: string };
  readonly isolate: boolean;
  readonly stableForMs: number;
  readonly mutations: readonly string[];
  readonly maxAgeMs: number | null;
}

/** `run` of a slot: the id of a backup, or one of these two. */
export const drillSlot = 'drill';
export const deepVerifySlot = 'verify';

export interface Slot {
  /** Id of a backup of the plan, `drill`, or `verify`. */
  readonly run: string;
  readonly atMs: number;
}

/** A set with what was noted beside it; the manifest is stored apart from the backup (R-DRILL-4). */
export interface KnownSet extends BackupSet {
  readonly plan: string;
  /** R-BKP-5: no policy crosses groups. */
  readonly group: string;
  readonly digest: string;
  readonly versions: { readonly tool: string; readonly server: string };
  readonly hasManifest: boolean;
}

/** What is to be deleted, and why everything else is not. */
export interface PrunePlan {
  readonly madeAt: number;
  readonly expiring: readonly string[];
  readonly explained: readonly SetReasons[];
}

export interface SetReasons {
  readonly set: string;
  readonly keep: boolean;
  /** `kept: weekly 3 of 4`. */
  readonly reasons: readonly string[];
}
