import type { Scope } from '../../workflows/domain/authorization';
import type { BackupSet } from '../../workflows/domain/backup-set';
import type { Json, JsonObject } from '../../workflows/domain/json';
import type { ScopeIds } from './store';

/** Folds of what keepers of backup plans and their operations wrote in their own streams. */
export interface Backups {
  /** That a keeper has taken up, by name. */
  plans(filter?: { readonly scopeIds?: ScopeIds }): Promise<readonly BackupPlanRow[]>;
  plan(name: string): Promise<BackupPlanRow | null>;
  /** Newest first, with all that they need and without those that were pruned, unless they are asked for. */
  sets(filter: BackupSetFilter): Promise<readonly BackupSetRow[]>;
  /** By id, or an unambiguous beginning of an id; pruned ones, too. */
  findSet(reference: string): Promise<BackupSetRow | null>;
  /** Newest first. */
  operations(filter: BackupOperationFilter): Promise<readonly BackupOperationRow[]>;
  operation(id: string): Promise<BackupOperationRow | null>;
  /** By id, or an unambiguous beginning of an id. */
  findOperation(reference: string): Promise<BackupOperationRow | null>;
  /** Of these, those that have ended. */
  endedAmong(ids: readonly string[]): Promise<readonly BackupOperationRow[]>;
  /** R-DRILL-4: what was taken from the source when the set was made; null: nothing was, or it was redacted. */
  manifest(set: string): Promise<JsonObject | null>;
}

export interface BackupSetFilter {
  readonly plan: string;
  /** So many of the newest, besides those that are held, pinned or expiring. */
  readonly limit: number;
  readonly pruned?: boolean;
}

export interface BackupOperationFilter {
  readonly plan?: string;
  readonly kind?: string;
  /** All but those of this kind. */
  readonly except?: string;
  readonly open?: boolean;
  readonly limit: number;
  /** Instant of opening to go on below. */
  readonly before?: number;
  /** The last one of the page before. */
  readonly behind?: { readonly openedAt: number; readonly id: string };
  readonly scopeIds?: ScopeIds;
}

export interface BackupPlanRow {
  /** Of its keeper. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly service: string;
  readonly provider: string;
  /** As its keeper goes by it. */
  readonly inForce: Json;
  readonly keptAt: number;
  readonly scope: Scope;
  readonly paused: { readonly reason: string; readonly by: string; readonly at: number } | null;
  /** Those that are on. */
  readonly alarms: readonly BackupAlarm[];
  readonly pruning: PruningRow | null;
}

export interface BackupAlarm {
  readonly alarm: string;
  readonly text: string;
  readonly since: number;
}

/** R-BKP-10: what goes between the two times unless something speaks for it until then. */
export interface PruningRow {
  readonly sets: readonly string[];
  readonly explained: Json;
  readonly madeAt: number;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export interface BackupSetRow extends BackupSet {
  readonly plan: string;
  readonly service: string;
  readonly group: string;
  readonly digest: string;
  readonly versions: { readonly tool: string; readonly server: string };
  readonly hasManifest: boolean;
  readonly endedAtMs: number;
  readonly storedBytes: number;
  readonly repository: string;
  readonly late: boolean;
  /** R-BKP-11: what did not hold when it was made. */
  readonly failedTests: readonly string[];
  /** Of the last check of the repository; null: it was not checked. */
  readonly readPercent: number | null;
  readonly offsiteAt: { readonly location: string; readonly atMs: number } | null;
  readonly prunedAt: number | null;
}

export interface BackupOperationRow {
  readonly id: string;
  readonly plan: string;
  readonly service: string;
  readonly keeper: string;
  readonly kind: string;
  readonly requester: string;
  readonly work: JsonObject;
  readonly scope: Scope;
  /** Where it stands, in its own words; empty: it has not said. */
  readonly state: string;
  readonly openedAt: number;
  readonly endedAt: number | null;
  readonly outcome: string | null;
  readonly reason: string;
  readonly set: string | null;
  /** Empty also when it did not look. */
  readonly alarms: JsonObject;
  readonly verdict: { readonly verdict: string; readonly at: string } | null;
  readonly measured: {
    readonly rtoMs: number | null;
    readonly rpoMs: number | null;
    readonly reported: string;
    readonly times: JsonObject;
  } | null;
}
