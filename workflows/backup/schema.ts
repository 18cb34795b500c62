import { z } from 'zod';

import { Due, Duration, Id, Name, Principal, Text, Time, Value } from '../runbook/fields/schema';

/** When something is due by itself. Wall-clock forms are read in the zone of the plan (R-TIME-1). */
export const BackupSchedule = z.union([
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  z.strictObject({ cron: z.string().min(9) }),
  /** RFC 5545; `start` gives the time of day. */
  z.strictObject({ rrule: z.string().min(1), start: z.string().min(1) }),
  /** From one to the next, counted from the last. */
  z.strictObject({ every: Duration }),
]);
export type BackupSchedule = z.infer<typeof BackupSchedule>;

/** R-TIME-7: what becomes of a slot that passed while the engine was down. */
export const MissedPolicy = z.enum(['skip', 'run-once-late', 'run-all']);
export type MissedPolicy = z.infer<typeof MissedPolicy>;

export const BackupKind = z.enum(['full', 'differential', 'incremental']);
export type BackupKind = z.infer<typeof BackupKind>;

export const Repository = z.strictObject({
  /** A path or a URL as the tool of the provider knows it. */
  location: Text.min(1),
  /** A reference such as `vault:backup#password`. */
  password: Text.exactOptional(),
});
export interface Repository extends z.infer<typeof Repository> {}

const count = z.int().min(0).max(10_000);

/** R-BKP-1: how many buckets of each kind keep their newest backup. Nothing given: nothing is ever deleted (R-BKP-3). */
export const BackupRetention = z.strictObject({
  algorithm: z.enum(['independent', 'cascading']).exactOptional(),
  last: count.exactOptional(),
  hourly: count.exactOptional(),
  daily: count.exactOptional(),
  weekly: count.exactOptional(),
  monthly: count.exactOptional(),
  yearly: count.exactOptional(),
  /** Everything that is younger. */
  within: Due.exactOptional(),
  /** R-BKP-6: at least one full backup of this age, and what was recorded since. */
  fullOlderThan: Due.exactOptional(),
  /** R-BKP-7: never fewer good backups; one when absent. */
  minimumRedundancy: z.int().min(1).max(1_000).exactOptional(),
  /** R-BKP-10; 24 hours when absent. */
  grace: Duration.exactOptional(),
});
export interface BackupRetention extends z.infer<typeof BackupRetention> {}

export const BackupSelection = z.union([z.literal('latest'), z.literal('random')]);

/** A restore drill: R-DRILL-1. */
export const DrillPolicy = z.strictObject({
  schedule: BackupSchedule.exactOptional(),
  missed: MissedPolicy.exactOptional(),
  select: BackupSelection.exactOptional(),
  /** Of `random`: how old a backup may be, in days; 30 when absent, at most 365. */
  ages: z
    .strictObject({ from: z.int().min(0).max(365).exactOptional(), to: z.int().min(1).max(365).exactOptional() })
    .exactOptional(),
  /** Where it is restored to; the host of the plan when absent. */
  host: Text.exactOptional(),
  inventory: Name.exactOptional(),
  /** Folder on that host in which places are made. */
  directory: Text.exactOptional(),
  /** What must be true of the host before anything is written. */
  identity: z
    .strictObject({
      hostName: z.string().exactOptional(),
      marker: z.string().exactOptional(),
      system: z.string().exactOptional(),
    })
    .exactOptional(),
  isolate: z.boolean().exactOptional(),
  /** How long it has to answer healthy (R-RTO-1). */
  stableFor: Duration.exactOptional(),
  /** Corruptions that the assertions have to notice; `stale-backup` and those of the provider. */
  mutations: z.array(z.string().min(1)).exactOptional(),
  /** The newest passed drill may be so old: what a change on the service is measured by, and when an alarm comes. */
  maxAge: Due.exactOptional(),
});
export interface DrillPolicy extends z.infer<typeof DrillPolicy> {}

/** How one service is backed up, kept, proven and restored. */
export const BackupPlan = z.strictObject({
  /** `shop`, as in the configuration item `service/shop`. */
  service: z.string().min(1).max(200),
  /** Folder of its runbooks: `restic` stands for `backup/restic/…`. */
  provider: Name,
  inventory: Name.exactOptional(),
  host: Text.min(1),
  /** Paths, or names of databases. */
  source: z.array(Text.min(1)).min(1),
  /** Further inputs of the provider's runbooks. */
  with: z.record(Id, Value).exactOptional(),
  repositories: z.strictObject({ primary: Repository, offsite: Repository.exactOptional() }),
  backups: z
    .array(
      z.strictObject({
        id: Id,
        kind: BackupKind.exactOptional(),
        schedule: BackupSchedule.exactOptional(),
        missed: MissedPolicy.exactOptional(),
      }),
    )
    .min(1),
  /** IANA; UTC when absent. */
  zone: z.string().min(1).exactOptional(),
  /** Runbooks around every backup. The second runs whatever became of the backup. */
  quiesce: z.strictObject({ before: Name.exactOptional(), after: Name.exactOptional() }).exactOptional(),
  success: z.strictObject({ trend: z.int().min(1).max(1_000).exactOptional() }).exactOptional(),
  verify: z
    .strictObject({
      readPercent: z.int().min(1).max(100).exactOptional(),
      /** A full look besides: V1 of all bytes and V2. */
      deep: z.strictObject({ schedule: BackupSchedule, missed: MissedPolicy.exactOptional() }).exactOptional(),
    })
    .exactOptional(),
  retention: BackupRetention.exactOptional(),
  drill: DrillPolicy.exactOptional(),
  objectives: z.strictObject({ rpo: Duration.exactOptional(), rto: Duration.exactOptional() }).exactOptional(),
  watch: z
    .strictObject({
      every: Duration.exactOptional(),
      minFree: z.int().min(0).exactOptional(),
      maxClockSkew: Duration.exactOptional(),
      maxLag: Duration.exactOptional(),
    })
    .exactOptional(),
  restore: z
    .strictObject({
      /** Who approves; team of the owner when absent. Over live data two of them do (R-BKP, card of drills). */
      approvers: z.array(Principal).min(1).exactOptional(),
    })
    .exactOptional(),
  holds: z
    .strictObject({
      /** Who lifts a legal hold; team of the owner when absent. Two of them do (R-BKP-9). */
      approvers: z.array(Principal).min(1).exactOptional(),
    })
    .exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
});
export interface BackupPlan extends z.infer<typeof BackupPlan> {}

/** A point in time on the command line and in requests. */
export const PointInTime = z.union([z.literal('latest'), Time]);
