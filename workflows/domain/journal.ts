import type { AccessPayloads } from './access-journal';
import type { ApprovalEvent } from './approval-event';
import type { Scope } from './authorization';
import type { BackupPayloads } from './backup-journal';
import type { ConsultedCalendar } from './calendar';
import type { Failure } from './failure';
import type { Json, JsonObject } from './json';
import type { NoticeKind } from './notice';
import type { Phase } from './effect-path';
import type { SeatLimits, SeatRequest } from './seats';
import type { PreferencePayloads } from './preferences-journal';
import type { RunOutcome, RunState, StepStatus } from './step-status';
import type { Answer, Task } from './task';

/**
 * The journal's vocabulary: every fact of a run, by kind. Tables that screens read are folds of these entries.
 *
 * - J1 A payload is a function of the effect only: two live attempts of one activity write the same payload under the same key.
 * - J2 A key names the fact: `path@generation/phase/kind` for effects; it is unique within its stream.
 * - J3 Times inside payloads come from the job's own files or from workflow time, never from the observer's clock.
 */
export interface JournalEntry<K extends JournalKind = JournalKind> {
  readonly key: string;
  readonly kind: K;
  /** Epoch milliseconds. */
  readonly at: number;
  /** `user/anna`, `team/web`, `engine`. */
  readonly actor: string;
  /** `cli`, `api`, `mail`, `engine`, `worker`. */
  readonly via: string;
  readonly payload: JournalPayloads[K];
}

export type JournalKind = keyof JournalPayloads;

/** Any entry of the union, discriminated by `kind`. */
export type AnyJournalEntry = { [K in JournalKind]: JournalEntry<K> }[JournalKind];

export interface JournalPayloads extends AccessPayloads, BackupPayloads, PreferencePayloads {
  'run.created': {
    readonly number: number;
    readonly definition: {
      readonly name: string;
      readonly version: string;
      readonly digest: string;
      readonly title: string;
      readonly owner: string;
    };
    readonly planHash: string;
    readonly planDigest: string;
    readonly requester: string;
    readonly inputs: JsonObject;
    readonly parent: string | null;
    readonly labels: { readonly [name: string]: string };
    /** What grants go by; absent: its labels. */
    readonly scope?: Scope;
    /** The first of those that its plan works on: what it is looked for by. */
    readonly hosts?: readonly string[];
  };
  'run.started': { readonly resumed: boolean };
  'run.state': { readonly state: RunState; readonly reason: string };
  /** Pause, resume, cancel … as asked by a person. */
  'run.control': { readonly action: string; readonly detail: JsonObject };
  'run.ended': {
    readonly outcome: RunOutcome;
    readonly degraded: boolean;
    readonly outputs: JsonObject;
    readonly error: Failure | null;
    readonly undone: readonly string[];
    readonly exceptions: readonly string[];
    readonly stateDigest: string | null;
  };
  'step.started': {
    readonly path: string;
    readonly id: string;
    readonly verb: string;
    readonly phase: Phase;
    readonly generation: number;
    readonly group: number | null;
    readonly hostCount: number;
  };
  'step.ended': {
    readonly path: string;
    readonly id: string;
    readonly verb: string;
    readonly phase: Phase;
    readonly generation: number;
    /** In a rollout body a step ends once for each group of hosts; the fold keeps the worst. */
    readonly group: number | null;
    readonly status: StepStatus;
    readonly rescued: boolean;
    readonly attempts: number;
    readonly startedAt: number;
    readonly error: Failure | null;
    readonly counts: {
      readonly ok: number;
      readonly failed: number;
      readonly skipped: number;
      readonly unknown: number;
    } | null;
    /** Over the rows of its hosts. */
    readonly digest: string | null;
    readonly outputs: JsonObject;
  };
  /** Written ahead of every launch on a host; ids are those of the host at that moment. */
  'host.dispatched': {
    readonly path: string;
    readonly step: string;
    readonly host: string;
    readonly phase: Phase;
    readonly generation: number;
    readonly rootId: string;
    readonly bootId: string;
  };
  'host.ended': HostRow;
  'wave.started': {
    readonly path: string;
    readonly wave: number;
    readonly size: number;
    readonly hosts: readonly string[];
    /** The failure domain of all its hosts. */
    readonly domain?: string;
  };
  'wave.ended': { readonly path: string; readonly wave: number; readonly failed: number };
  'gate.verdict': {
    readonly path: string;
    readonly wave: number;
    readonly metric: string;
    readonly verdict: GateVerdict;
    readonly samples: number;
    readonly message: string;
  };
  'task.opened': Task;
  'task.refused': { readonly taskId: string; readonly answer: Answer; readonly code: string; readonly reason: string };
  'vote.cast': Answer;
  /** Somebody said something about it; it decides nothing. */
  'task.commented': { readonly taskId: string; readonly id: string; readonly text: string };
  /** `to` answers for `from`, until then; null: as long as it is asked. To the same person: it is taken back. */
  'task.delegated': {
    readonly taskId: string;
    readonly from: string;
    readonly to: string;
    readonly until: number | null;
    readonly comment: string;
  };
  'task.closed': {
    readonly taskId: string;
    readonly choice: string;
    readonly by: readonly string[];
    readonly reason: 'answered' | 'due' | 'withdrawn';
    readonly comment: string;
  };
  /** A message to somebody was accepted by the channel. That it was delivered, or read, nobody knows. */
  'notice.sent': NoticeFacts & { readonly messageId: string };
  'notice.failed': NoticeFacts & { readonly code: string; readonly reason: string };
  /** Who is asked now, and who of them was not asked before; first right after `task.opened`. */
  'task.asked': {
    readonly taskId: string;
    readonly people: readonly AskedPerson[];
    readonly added: readonly AskedPerson[];
  };
  /** What became of an approval. `vote.cast` is written ahead of it: an answer that did not count has no `approval.vote-cast`. */
  'approval.event': {
    readonly path: string;
    /** Id of what is approved: a change, or a step of a run. */
    readonly approval: string;
    /** Tasks that it is about: of a vote the one that it was given to, else those that were open when it happened. */
    readonly tasks: readonly string[];
    readonly event: ApprovalEvent;
  };
  'wait.started': { readonly path: string; readonly until: number | null; readonly event: string | null };
  'wait.ended': {
    readonly path: string;
    readonly reason: string;
    /** Which version of which calendar said that its window is open (R-TIME-6). */
    readonly consulted?: ConsultedCalendar;
  };
  'event.received': { readonly name: string; readonly data: Json };
  'child.started': { readonly path: string; readonly childId: string };
  'child.ended': { readonly path: string; readonly childId: string; readonly outcome: RunOutcome };
  'lock.requested': {
    readonly runId: string;
    readonly path: string;
    readonly names: readonly string[];
    /** Any one of them will do. */
    readonly anyOf?: true;
    /** They are seats of redundancy groups. */
    readonly seats?: SeatRequest;
  };
  /** It no longer waits. */
  'lock.withdrawn': { readonly runId: string; readonly path: string; readonly names: readonly string[] };
  'lock.granted': {
    readonly runId: string;
    readonly path: string;
    readonly names: readonly string[];
    readonly token: number;
    /** What the holder was told of the redundancy groups of the seats among them. */
    readonly limits?: SeatLimits;
  };
  'lock.released': {
    readonly runId: string;
    readonly path: string;
    readonly names: readonly string[];
    readonly by: string;
    /** Of somebody who freed it by hand. */
    readonly reason?: string;
  };
  'lock.orphaned': { readonly runId: string; readonly names: readonly string[] };
  'change.opened': {
    readonly number: number;
    readonly title: string;
    readonly model: string;
    readonly requester: string;
    readonly draft: Json;
    /** What grants go by until it is planned; absent: nothing is known. */
    readonly scope?: Scope;
  };
  'change.edited': {
    readonly draft: Json;
    readonly material: boolean;
    readonly difference: readonly string[];
    /** What grants go by until it is planned; absent: what went before. */
    readonly scope?: Scope;
  };
  /** Written by the activity that planned it: the items never enter the workflow. */
  'change.planned': {
    readonly generation: number;
    readonly planHash: string;
    readonly planDigest: string;
    readonly definition: string;
    readonly hosts: number;
    /** Configuration items that it works on: its hosts, and those that were named. */
    readonly items: readonly string[];
    /** What grants go by from now on; absent: what went before. */
    readonly scope?: Scope;
    /** How long it was predicted to take, and from what. */
    readonly work?: { readonly p95Ms: number; readonly lastTaskStartP95Ms: number; readonly backOutP95Ms: number };
    readonly source?: string;
    /** How long each part was predicted to take: what the review holds against what it took. */
    readonly units?: readonly {
      readonly path: string;
      readonly wave: number | null;
      readonly p50Ms: number | null;
      readonly p90Ms: number | null;
    }[];
  };
  'change.assessed': { readonly type: string; readonly score: number; readonly risk: string; readonly by: string };
  /** Where it stands in time and for whom it is in the way. */
  'change.scheduled': {
    readonly startMs: number;
    readonly endMs: number;
    readonly cutoffMs: number;
    readonly preparationMs: number;
    readonly assignees: readonly string[];
    readonly reason: string;
  };
  'change.state': {
    readonly from: string;
    readonly to: string;
    readonly event: string;
    readonly reason: string;
    /** What a vote signs, as it stands. */
    readonly hash: string;
  };
  /** What somebody asked for, and whether it was granted. */
  'change.act': {
    readonly action: string;
    readonly accepted: boolean;
    readonly reason: string;
    readonly problems: readonly string[];
  };
  'change.conflicts': { readonly at: string; readonly verdict: string; readonly conflicts: Json };
  /** Which calendars were asked, in which version, and what they said (R-TIME-6). */
  'change.calendars': {
    readonly at: string;
    readonly verdict: string;
    readonly consulted: Json;
    readonly closings: Json;
  };
  /** What the run was told: wave admitted, held, released, backed out, and why. */
  'change.steered': { readonly action: string; readonly wave: number | null; readonly reason: string };
  'change.duty': { readonly question: string; readonly choice: string | null; readonly times: Json };
  'change.flagged': { readonly flag: string; readonly reason: string };
  'change.review': { readonly outcome: string; readonly text: string; readonly tickets: Json; readonly draft: Json };
  'change.ended': {
    readonly outcome: string;
    readonly flags: Json;
    readonly runId: string | null;
    readonly stateDigest: string;
  };
  /** The payload of an entry of the same stream was taken out, with what was made of it; its hash stays. */
  'journal.redacted': { readonly seq: number; readonly kind: string; readonly reason: string };
  /** How all journals stood, in the stream `checkpoints`: leaves of the tree, and its root. */
  'checkpoint.made': { readonly number: number; readonly size: number; readonly root: string };
  'definition.published': {
    readonly kind: string;
    readonly name: string;
    readonly version: string;
    /** Of the text, and its address in the store. */
    readonly digest: string;
    /** Files beside it, by relative name: their addresses in the store. */
    readonly files: { readonly [name: string]: string };
  };
}

/** Which message to whom; stands in the stream `system`. */
export interface NoticeFacts {
  readonly notice: string;
  /** `task`, `run`, `change`, `backup`, `lock`, and the id of it; of locks that of the run that holds them. */
  readonly about: { readonly kind: string; readonly id: string };
  readonly what: NoticeKind;
  /** `user/anna`, or the candidate that nobody could be found for; empty: there was nobody to be told. */
  readonly recipient: string;
  /** `mail`, `chat` …; empty when there was nobody to send to. */
  readonly channel: string;
  readonly attempts: number;
}

/** `person`: whose vote is wanted; `actor`: who is asked for it, the person or a delegate (R-APPR-3). */
export interface AskedPerson {
  readonly person: string;
  readonly actor: string;
}

/** One host's result of one step: a row that screens and expressions read. */
export interface HostRow {
  readonly path: string;
  /** The step's path without host segments. */
  readonly step: string;
  readonly host: string;
  readonly delegate: string | null;
  readonly phase: Phase;
  readonly generation: number;
  readonly status: StepStatus;
  readonly changed: boolean;
  readonly exitCode: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly durationMs: number | null;
  readonly error: Failure | null;
  /** The captured record: `stdout`, `stderr`, `result`, `outputs` …, masked, within its limit. */
  readonly captured: JsonObject;
  /** Bytes written to the output store, and the digest of each stream. */
  readonly output: {
    readonly stdoutBytes: number;
    readonly stderrBytes: number;
    readonly stdoutDigest: string;
    readonly stderrDigest: string;
  } | null;
}

export type GateVerdict = 'successful' | 'failed' | 'inconclusive' | 'error' | 'no-data';

/** What is hashed for one entry, in this shape, as canonical JSON (D4). `payloadDigest` = SHA-256(salt ‖ payload bytes). */
export interface ChainedEntry {
  readonly stream: string;
  readonly seq: number;
  readonly key: string;
  readonly kind: string;
  readonly at: number;
  readonly actor: string;
  readonly via: string;
  /** Hashed where there is one. */
  readonly request?: string;
  readonly payloadDigest: string;
  readonly prev: string;
}
