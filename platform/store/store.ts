import type { Scope } from '../../workflows/domain/authorization';
import type { Failure } from '../../workflows/domain/failure';
import type { AnyJournalEntry, AskedPerson, HostRow } from '../../workflows/domain/journal';
import type { JsonObject } from '../../workflows/domain/json';
import type { RunOutcome, RunState, StepStatus } from '../../workflows/domain/step-status';
import type { Answer, Task } from '../../workflows/domain/task';
import type { Audit } from './audit';
import type { AccessStore } from './access-row';
import type { Backups } from './backup-row';
import type { Changes } from './change-row';
import type { Checkpoints } from './checkpoints';
import type { Deliveries } from './deliveries';
import type { Feed } from './feed';
import type { Locks } from './lock-row';
import type { Logins } from './logins';
import type { Notices } from './outbox';
import type { Preferences } from './preferences';
import type { Scopes } from './scopes';

/**
 * The system of record: the journal, its folds, and content-addressed bytes. One interface, PostgreSQL and libsql beneath.
 *
 * - S1 `append` is the only writer of the journal and of the folds; both in one transaction (D4).
 * - S2 What a fold says can be rebuilt from the journal.
 * - S3 Blobs are immutable and named by the SHA-256 (hex) of their bytes.
 * - S4 A blob comes in one transaction with the entry that names it, so none is missing and none is left over. Only states of runs
 *   come before the entry that may name them: they are put for a time.
 */
export interface Store {
  readonly dialect: 'postgres' | 'libsql';
  readonly journal: Journal;
  readonly audit: Audit;
  readonly blobs: Blobs;
  readonly outputs: Outputs;
  readonly feed: Feed;
  readonly deliveries: Deliveries;
  readonly views: Views;
  readonly definitions: Definitions;
  readonly locks: Locks;
  readonly retention: Retention;
  readonly notices: Notices;
  readonly preferences: Preferences;
  readonly changes: Changes;
  readonly backups: Backups;
  readonly scopes: Scopes;
  readonly access: AccessStore;
  readonly logins: Logins;
  readonly checkpoints: Checkpoints;
  /** Made once, at the first migration. */
  installation(): Promise<Installation>;
  /** A number for a new run: 1, 2, 3 … */
  nextRunNumber(): Promise<number>;
  close(): Promise<void>;
}

export interface Installation {
  /** Twelve characters, random: part of every effect's identity. */
  readonly id: string;
  readonly createdAt: number;
}

export interface Journal {
  /**
   * Appends to one stream. Equal keys with an equal payload are skipped; another payload under the same key is `JOURNAL_CONFLICT`.
   * Seq and hash are assigned under the stream's head row; folds are applied in the same transaction. `blobs`: what the entries name
   * and may not be there yet (S4).
   */
  append(stream: string, entries: readonly AnyJournalEntry[], blobs?: readonly Uint8Array[]): Promise<AppendResult>;
  /** In order of seq. `kinds`: only those. */
  read(
    stream: string,
    options?: { readonly after?: number; readonly limit?: number; readonly kinds?: readonly string[] },
  ): Promise<readonly StoredEntry[]>;
  /** The entries that stand under these keys of one stream, in order of seq. At most a few hundred keys. */
  find(stream: string, keys: readonly string[]): Promise<readonly StoredEntry[]>;
  head(stream: string): Promise<JournalHead>;
  /** Applies every entry of every stream to emptied folds. */
  rebuildFolds(): Promise<{ readonly entries: number }>;
  /** Drops salt and payload of an entry, and says so in the same stream; the chain stays valid. */
  redact(stream: string, seq: number, by: RedactedBy): Promise<'redacted' | 'unchanged' | 'missing'>;
}

export interface RedactedBy {
  readonly actor: string;
  readonly via: string;
  readonly at: number;
  readonly reason: string;
}

export interface AppendResult {
  readonly appended: number;
  readonly skipped: number;
  readonly head: JournalHead;
}

export interface JournalHead {
  readonly count: number;
  readonly hash: string;
}

export interface StoredEntry {
  readonly stream: string;
  readonly seq: number;
  readonly key: string;
  readonly kind: string;
  readonly at: number;
  readonly actor: string;
  readonly via: string;
  /** Of the API, that has led to it: as in its log. */
  readonly request?: string;
  readonly payloadDigest: string;
  readonly prev: string;
  readonly hash: string;
  /** Null once redacted. */
  readonly salt: string | null;
  /** Canonical JSON text; null once redacted. */
  readonly payload: string | null;
}

export interface Blobs {
  /** Not for good: until the retention is over, unless an entry names it. Idempotent; answers the digest (hex). */
  putTemporary(bytes: Uint8Array): Promise<string>;
  get(digest: string): Promise<Uint8Array | null>;
}

/** Addresses one stream of one host's job. */
export interface OutputAddress {
  readonly runId: string;
  readonly path: string;
  readonly phase: string;
  readonly generation: number;
}

export interface Outputs {
  /** Idempotent by (address, stream, offset): a re-attached job writes the same bytes at the same place. */
  write(address: OutputAddress, stream: OutputStream, offset: number, bytes: Uint8Array): Promise<void>;
  read(address: OutputAddress, stream: OutputStream, from: number, limitBytes: number): Promise<Uint8Array>;
  /** How much of it has arrived without a gap. */
  size(address: OutputAddress, stream: OutputStream): Promise<number>;
  /**
   * Chunks of a whole run in order of arrival, after a position (below 1: from the start); for `logs` and live tail. A chunk may repeat
   * bytes of another one where two attempts cut the stream differently: place them by `offset`.
   */
  tail(runId: string, after: number, limit: number): Promise<readonly OutputChunk[]>;
}

/** `secret`: what a step captured, sealed. It is read by its address alone, and goes when the output of the run goes. */
export type OutputStream = 'stdout' | 'stderr' | 'secret';

export interface OutputChunk extends OutputAddress {
  readonly position: number;
  readonly stream: 'stdout' | 'stderr';
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface Views {
  /** Newest first. */
  runs(filter: RunFilter): Promise<readonly RunRow[]>;
  /** Not further than `upTo`. */
  countRuns(selection: RunSelection & { readonly upTo: number }): Promise<number>;
  run(id: string): Promise<RunRow | null>;
  /** By number, id, or an unambiguous beginning of an id. */
  findRun(reference: string): Promise<RunRow | null>;
  steps(runId: string): Promise<readonly StepRow[]>;
  /**
   * Newest generation of each (path, phase), in byte order of the path. `after` is the path of the last row of the page before;
   * a page never splits the phases of one path, so it may be a little longer than `limit`.
   */
  hosts(
    runId: string,
    filter?: {
      readonly step?: string;
      readonly hosts?: readonly string[];
      readonly after?: string;
      readonly limit?: number;
    },
  ): Promise<readonly HostRow[]>;
  tasks(filter: {
    readonly runId?: string;
    readonly open?: boolean;
    readonly id?: string;
    /** The beginning of an id. */
    readonly begins?: string;
    readonly limit?: number;
    /** The last one of the page before. */
    readonly after?: TaskPlace;
    readonly scopeIds?: ScopeIds;
  }): Promise<readonly TaskRow[]>;
  /** Open tasks that wait for one of these, the most urgent first, then the oldest. */
  tasksAskedOf(asked: AskedTasksFilter): Promise<readonly TaskRow[]>;
  /** Open ones, not further than `upTo`. */
  countTasks(upTo: number): Promise<number>;
  /** How long each step took on each host in the newest runs of a definition; at most 5,000, newest runs first. */
  durations(definition: string, scopeIds?: ScopeIds): Promise<readonly StepDuration[]>;
}

/** `step`: ids from the top, without hosts, items and waves. `host`: empty for what runs on the worker. */
export interface StepDuration {
  readonly step: string;
  readonly phase: 'do' | 'undo';
  readonly host: string;
  readonly durationMs: number;
}

/** Numbers of the scopes that somebody may see; null: all there are. */
export type ScopeIds = readonly number[] | null;

export interface AskedTasksFilter {
  /** `user/anna`, and what else stands for her: `team/web`. */
  readonly principals: readonly string[];
  readonly scopeIds?: ScopeIds;
  /** Epoch ms: a delegation that has ended by then asks nobody. */
  readonly at: number;
  readonly limit: number;
  /** The last one of the page before. */
  readonly after?: TaskPlace & { readonly priority: number };
}

export interface TaskPlace {
  readonly openedAt: number;
  readonly runId: string;
  readonly id: string;
}

/** All that is said must hold. */
export interface RunSelection {
  readonly state?: RunState;
  readonly outcome?: RunOutcome;
  readonly definition?: string;
  readonly requester?: string;
  /** Of its scope. */
  readonly labels?: readonly { readonly name: string; readonly value: string }[];
  /** Null: part of nothing. */
  readonly parent?: string | null;
  /** Created in `[fromMs, toMs)`. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Words of its number, runbook, requester, labels and inputs: all of them, longer ones also as beginnings. */
  readonly text?: string;
  readonly scopeIds?: ScopeIds;
}

export interface RunFilter extends RunSelection {
  readonly limit: number;
  /** Run number to go on below (newest first). */
  readonly before?: number;
}

export interface RunRow {
  readonly id: string;
  readonly number: number;
  readonly definition: {
    readonly name: string;
    readonly version: string;
    readonly title: string;
    readonly owner: string;
  };
  readonly planHash: string;
  readonly planDigest: string;
  readonly requester: string;
  readonly inputs: JsonObject;
  readonly parent: string | null;
  readonly labels: { readonly [name: string]: string };
  readonly scope: Scope;
  readonly state: RunState;
  readonly reason: string;
  readonly outcome: RunOutcome | null;
  readonly degraded: boolean;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly outputs: JsonObject;
  readonly error: Failure | null;
  readonly undone: readonly string[];
  readonly exceptions: readonly string[];
  readonly stateDigest: string | null;
}

export interface StepRow {
  readonly runId: string;
  readonly path: string;
  readonly id: string;
  readonly verb: string;
  readonly phase: string;
  readonly generation: number;
  readonly status: StepStatus;
  readonly rescued: boolean;
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly error: Failure | null;
  readonly counts: {
    readonly ok: number;
    readonly failed: number;
    readonly skipped: number;
    readonly unknown: number;
  } | null;
  readonly outputs: JsonObject;
  /** Order of first appearance in the run's journal. */
  readonly position: number;
}

export interface TaskRow extends Task {
  readonly runId: string;
  readonly votes: readonly Answer[];
  readonly closed: {
    readonly choice: string;
    readonly by: readonly string[];
    readonly reason: string;
    readonly comment: string;
    readonly at: number;
  } | null;
  /** Of an approval: who is asked now, and the ids of the votes that count; void and revoked ones are not among them. */
  readonly asked?: readonly AskedPerson[];
  readonly standing?: readonly string[];
  /** Who answers for whom, since somebody who is asked wanted it so for this task. */
  readonly delegated?: readonly TaskDelegation[];
}

export interface TaskDelegation {
  readonly from: string;
  readonly to: string;
  /** Epoch ms; null: as long as it is asked. */
  readonly until: number | null;
}

export interface Definitions {
  /** Same text under the same version: no-op. Other text: `VERSION_EXISTS`. `files`: the bytes that the definition names (S4). */
  publish(
    definition: PublishedDefinition,
    by: { readonly actor: string; readonly via: string; readonly at: number },
    files?: readonly Uint8Array[],
  ): Promise<'published' | 'unchanged' | 'VERSION_EXISTS'>;
  get(kind: string, name: string, version?: string): Promise<DefinitionRow | null>;
  list(filter?: { readonly kind?: string; readonly scopeIds?: ScopeIds }): Promise<readonly DefinitionRow[]>;
}

export interface DefinitionRow extends PublishedDefinition {
  readonly scope: Scope;
}

export interface PublishedDefinition {
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  /** YAML text of the one document. */
  readonly text: string;
  /** Files beside it, by relative name: blob digests. */
  readonly files: { readonly [name: string]: string };
}

/**
 * What is kept for a time only: the output of ended runs, with the values that `capture: secret` kept beside it, states of runs
 * that nothing names any more, and notices that are done with. The journal is kept whole.
 */
export interface Retention {
  /** Deletes what belongs to runs that ended before that time. Goes on where it was stopped; two at once do no harm. */
  expire(before: number, signal: AbortSignal): Promise<Expired>;
  /** The output of runs that ended before this time is gone. 0: nothing is. */
  expiredBefore(): Promise<number>;
}

export interface Expired {
  /** Runs that ended in the time that was looked at. */
  readonly runs: number;
  readonly outputChunks: number;
  readonly states: number;
  readonly notices: number;
}
