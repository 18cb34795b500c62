import type { Scope } from '../workflows/domain/authorization';
import type { Json, JsonObject } from '../workflows/domain/json';
import type { AnswerResult } from '../workflows/domain/task';
import type { ControlResult } from '../workflows/runbook/messages';
import type { Plan } from '../workflows/runbook/plan';
import type { HostRow } from '../workflows/domain/journal';
import type { RunState } from '../workflows/domain/step-status';
import type { RunRow, RunSelection, StepRow, TaskPlace, TaskRow } from '../platform/store/store';

/** What API, CLI and console can do. No Temporal type leaves the file that implements it. Refusals are thrown as `RequestError`. */
export interface Engine {
  start(request: StartRequest): Promise<RunRow>;
  /** A run with its steps, hosts, tasks: the shape that `show --json` prints. */
  show(reference: string, wanted?: RunViewParts): Promise<RunView | null>;
  runs(filter: RunsFilter): Promise<readonly RunRow[]>;
  tasks(filter: TasksFilter): Promise<readonly TaskRow[]>;
  answer(request: AnswerRequest): Promise<AnswerResult>;
  control(reference: string, request: ControlRequest): Promise<ControlResult>;
  resume(reference: string, request: ResumeCommand): Promise<RunRow>;
  signal(reference: string, request: SignalRequest): Promise<void>;
  /** Tells runs that what they wait for is free now. Whom it does not reach asks again by itself (D13). */
  wakeWaiting(): Promise<void>;
}

/** Of a fleet of thousands the hosts are most of a run, and whoever shows them reads them apart. */
export interface RunViewParts {
  readonly hosts: boolean;
}

export interface TasksFilter {
  readonly runId?: string;
  /** The beginning of an id. */
  readonly begins?: string;
  /** Of those scopes; null: of all. */
  readonly scopeIds?: readonly number[] | null;
  /** Also closed ones. */
  readonly all?: boolean;
  readonly limit?: number;
  /** The last one of the page before. */
  readonly after?: TaskPlace;
}

export interface RunsFilter extends RunSelection {
  readonly limit?: number;
  /** Run number to go on below. */
  readonly before?: number;
}

export interface StartRequest {
  readonly plan: Plan;
  /** Blobs that the plan names: host shards and files, by digest. */
  readonly blobs: { readonly [digest: string]: Uint8Array };
  readonly requester: string;
  readonly via: string;
  /** `run --expect sha256:…`: refused with `PLAN_CHANGED` when it differs. */
  readonly expect?: string;
  readonly check?: boolean;
  /** The same key starts one run. */
  readonly idempotencyKey?: string;
  readonly labels?: { readonly [name: string]: string };
  /** Of what the plan was made from; absent: of the runbook, where it is published as the plan has it. */
  readonly scope?: Scope;
}

export interface AnswerRequest {
  readonly taskId: string;
  readonly actor: string;
  readonly via: string;
  readonly choice: string;
  readonly comment?: string;
  readonly form?: Json;
  readonly hosts?: readonly string[];
  readonly planHash?: string;
  readonly showHash?: string;
  /** The principal whose vote a delegate gives. */
  readonly onBehalfOf?: string;
  /** Somebody else is to answer; the choice is `delegate`. */
  readonly delegation?: { readonly to: string; readonly until: number | null };
  readonly id?: string;
}

export interface ControlRequest {
  readonly action: 'pause' | 'resume' | 'cancel' | 'hold' | 'release' | 'backOut';
  readonly actor: string;
  readonly via: string;
  readonly keep?: boolean;
  readonly reason?: string;
  /** The same one twice is one request. */
  readonly id?: string;
}

export interface ResumeCommand {
  readonly actor: string;
  readonly via?: string;
  /** Step id to go on from; absent: the failed one. */
  readonly from?: string;
  readonly hosts?: readonly string[];
  /** Undo a run that has ended. */
  readonly undo?: boolean;
  /** The same one twice is one request. */
  readonly id?: string;
}

export interface SignalRequest {
  readonly name: string;
  readonly data: Json;
  readonly actor: string;
  readonly via: string;
  readonly id: string;
}

export interface RunView {
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
  readonly parent: string | null;
  readonly labels: { readonly [name: string]: string };
  /** What grants go by. */
  readonly scope: Scope;
  readonly state: RunState;
  readonly reason: string;
  readonly outcome: RunRow['outcome'];
  readonly degraded: boolean;
  readonly requester: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  readonly error: RunRow['error'];
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly steps: readonly StepView[];
  readonly tasks: readonly TaskRow[];
  readonly undone: readonly string[];
  readonly exceptions: readonly string[];
}

export interface StepView extends Omit<StepRow, 'runId' | 'startedAt' | 'endedAt'> {
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly hosts: readonly HostView[];
}

export interface HostView {
  readonly name: string;
  readonly delegate: string | null;
  readonly status: HostRow['status'];
  readonly changed: boolean;
  readonly exitCode: number | null;
  readonly durationMs: number | null;
  readonly error: HostRow['error'];
}
