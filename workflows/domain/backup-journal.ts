import type { Scope } from './authorization';
import type { Json, JsonObject } from './json';

/** What keepers of backup plans and their operations write, by kind. */
export interface BackupPayloads {
  /** The keeper of a plan goes by this version from now on. */
  'backup.kept': {
    readonly plan: string;
    readonly version: string;
    readonly service: string;
    readonly provider: string;
    readonly inForce: Json;
    /** What grants go by; absent: its service. */
    readonly scope?: Scope;
  };
  'backup.opened': {
    readonly plan: string;
    readonly service: string;
    readonly keeper: string;
    readonly kind: string;
    readonly requester: string;
    readonly work: JsonObject;
    /** That of its plan; absent: its service. */
    readonly scope?: Scope;
  };
  /** What somebody asked the keeper for, and whether it was granted. */
  'backup.act': {
    readonly action: string;
    readonly accepted: boolean;
    readonly reason: string;
    readonly detail: JsonObject;
  };
  /** `paused`, `resumed`; of an operation where it stands. */
  'backup.state': { readonly state: string; readonly reason: string };
  /** A slot that did not begin in time, and what its policy made of it (R-TIME-7). */
  'backup.missed': { readonly run: string; readonly atMs: number; readonly policy: string; readonly taken: boolean };
  /** The set has the id of the operation that made it. `parent`: id of the set that it needs, empty: it stands alone. */
  'backup.set': {
    readonly set: string;
    readonly plan: string;
    readonly service: string;
    /** Of the same service and sources (R-BKP-5). */
    readonly group: string;
    readonly toolId: string;
    readonly kind: string;
    readonly parent: string;
    readonly atMs: number;
    readonly endedAtMs: number;
    readonly sizeBytes: number;
    readonly storedBytes: number;
    readonly digest: string;
    readonly versions: { readonly tool: string; readonly server: string };
    readonly repository: string;
    readonly late: boolean;
  };
  /** Taken from the source at backup time, kept apart from the backup (R-DRILL-4). */
  'backup.manifest': { readonly set: string; readonly manifest: JsonObject };
  /** R-BKP-11: tests that did not hold; none: the backup succeeded. */
  'backup.success': { readonly set: string; readonly failed: readonly string[] };
  'backup.level': {
    readonly set: string;
    readonly levels: readonly string[];
    readonly atMs: number;
    readonly readPercent: number;
  };
  'backup.replicated': { readonly set: string; readonly location: string; readonly atMs: number };
  'backup.broken': { readonly set: string; readonly reason: string };
  /** An operation works with them from now on, or no more: they are not deleted meanwhile. */
  'backup.pinned': { readonly sets: readonly string[]; readonly by: string; readonly pinned: boolean };
  /** A prune plan; it is carried out between `notBeforeMs` and `notAfterMs`, or made anew (R-BKP-10). */
  'backup.expiring': {
    readonly plan: string;
    readonly sets: readonly string[];
    readonly explained: Json;
    readonly notBeforeMs: number;
    readonly notAfterMs: number;
  };
  'backup.pruned': { readonly sets: readonly string[]; readonly freedBytes: number; readonly intact: boolean };
  'backup.held': {
    readonly set: string;
    readonly name: string;
    readonly kind: string;
    readonly untilMs: number | null;
    readonly reason: string;
  };
  'backup.released': { readonly set: string; readonly name: string; readonly reason: string };
  'backup.alarm': {
    readonly plan: string;
    readonly alarm: string;
    readonly active: boolean;
    readonly text: string;
  };
  /** Of a restore or a drill. `what`: `selected`, `opened`, `closed`, `restored`, `replayed`, `mutated`, `swapped`, `settled`. */
  'backup.step': { readonly what: string; readonly startedAt: number; readonly detail: JsonObject };
  'backup.asserted': { readonly set: string; readonly mutation: string; readonly results: Json };
  /** Epoch ms and ms; null: not known. `reported` says which figure stands for the whole (R-RTO-1). */
  'backup.measured': {
    readonly set: string;
    readonly times: JsonObject;
    readonly rtoMs: number | null;
    readonly rpoMs: number | null;
    readonly reported: string;
  };
  /** R-DRILL-5; `at` is the step or the assertion that decided, and the evidence is that of R-DRILL-7. */
  'backup.verdict': {
    readonly plan: string;
    readonly service: string;
    readonly set: string | null;
    readonly verdict: string;
    readonly at: string;
    readonly reason: string;
    readonly evidence: Json;
  };
  'backup.ended': {
    readonly kind: string;
    readonly outcome: string;
    readonly reason: string;
    readonly set: string | null;
    readonly alarms: JsonObject;
    readonly stateDigest: string;
  };
}
