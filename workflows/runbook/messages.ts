import type { Failure } from '../domain/failure';
import type { GateVerdict } from '../domain/journal';
import type { Json, JsonObject } from '../domain/json';
import type { RunOutcome } from '../domain/step-status';
import type { Program } from './plan';

/** Names and shapes of everything that is sent to a run. `answer` and `control` are Updates (the caller needs an answer or may be
 * refused), `event`, `childEnded`, `lockNews` and `report` are Signals (a fact that already happened), `view` is a Query. */
export const messageNames = {
  answer: 'answer',
  control: 'control',
  event: 'event',
  childEnded: 'childEnded',
  lockNews: 'lockNews',
  report: 'report',
  view: 'view',
} as const;

export const runbookWorkflowType = 'runbookRun';

/** Temporal's id of a run. Resumed runs keep it (D14). */
export function workflowIdOf(runId: string): string {
  return `run/${runId}`;
}

export interface RunInput {
  readonly run: RunIdentity;
  readonly planHash: string;
  readonly planDigest: string;
  /** Digest of each target set's size: how many hosts a key has, so that the interpreter needs no look-up. */
  readonly targetCounts: { readonly [set: string]: number };
  readonly program: Program;
  /** Inputs of a child run that were decided while the parent ran. */
  readonly lateInputs: JsonObject;
  /** Only the program's part of the plan: addresses are those of the root plan. */
  readonly check: boolean;
  /** D8: its parent admits each wave and is told what becomes of it. */
  readonly steered?: true;
  /** Holds from the start on, as `setDeadline` would have it. */
  readonly cutoffAt?: number;
  /** Entered again: after continue-as-new, or by resume. */
  readonly stateDigest?: string;
  readonly resume?: ResumeRequest;
}

/** What binds a process to the world: who it is, and the plan that its children run unless they bring their own. */
export type Bound = Pick<RunInput, 'run' | 'planHash' | 'planDigest' | 'targetCounts' | 'check'>;

export interface RunIdentity {
  readonly installation: string;
  /** `r` and twelve characters; never a Temporal id. */
  readonly id: string;
  /** For people: 1, 2, 3 … within the installation. */
  readonly number: number;
  readonly requester: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly parent: string | null;
}

export interface ResumeRequest {
  readonly by: string;
  /** Step id to go on from; absent: the failed one. */
  readonly from?: string;
  /** Only these hosts; absent: all that failed. */
  readonly hosts?: readonly string[];
  /** Undo a run that has ended. */
  readonly undo?: boolean;
}

export type Control =
  | { readonly action: 'pause'; readonly actor: string; readonly via: string; readonly id: string }
  | { readonly action: 'resume'; readonly actor: string; readonly via: string; readonly id: string }
  /** `keep`: leave what was changed as it is. */
  | {
      readonly action: 'cancel';
      readonly actor: string;
      readonly via: string;
      readonly id: string;
      readonly keep: boolean;
      readonly reason: string;
    }
  /** At group and wave boundaries; `hard`: at step boundaries too. What is in flight finishes. */
  | {
      readonly action: 'hold';
      readonly actor: string;
      readonly via: string;
      readonly id: string;
      readonly hard?: boolean;
    }
  | { readonly action: 'release'; readonly actor: string; readonly via: string; readonly id: string }
  /** At once: what is in flight is ended, and everything that the run has changed is undone. */
  | { readonly action: 'backOut'; readonly actor: string; readonly via: string; readonly id: string }
  /** A steered run begins this wave now, or as soon as it comes to it. */
  | {
      readonly action: 'admitWave';
      readonly actor: string;
      readonly via: string;
      readonly id: string;
      readonly path: string;
      readonly wave: number;
      /** Names of targets that are gone since the plan was approved: those that were not begun are left out. */
      readonly removed?: readonly string[];
    }
  /** R-WIN-1: the last instant at which anything that goes forward may start. Null: there is none. */
  | {
      readonly action: 'setDeadline';
      readonly actor: string;
      readonly via: string;
      readonly id: string;
      readonly cutoffAt: number | null;
    };

export type ControlResult =
  | { readonly accepted: true; readonly state: string }
  | { readonly accepted: false; readonly code: string; readonly reason: string };

export interface EventMessage {
  readonly id: string;
  readonly name: string;
  readonly data: Json;
  readonly actor: string;
  readonly via: string;
}

export interface ChildRun {
  readonly path: string;
  readonly childId: string;
  readonly program: Program;
  readonly inputs: JsonObject;
  /** Undo a child that has ended. */
  readonly undo: boolean;
  /** Let a child go on that has ended, from where it failed. */
  readonly again?: ChildAgain;
  /** Absent: its program is embedded in the parent's plan. */
  readonly plan?: ChildPlan;
  readonly steered?: true;
  readonly cutoffAt?: number;
}

/** The plan that a child runs when it is one of its own. */
export interface ChildPlan {
  readonly planHash: string;
  readonly planDigest: string;
  readonly targetCounts: { readonly [set: string]: number };
}

export interface ChildAgain {
  /** The state that it had ended with: another one means that it has gone on since. Null: not known. */
  readonly after: string | null;
  readonly request: ResumeRequest;
}

export interface ChildOutcome {
  readonly childId: string;
  readonly outcome: RunOutcome;
  readonly degraded: boolean;
  readonly outputs: JsonObject;
  readonly error: Failure | null;
  readonly stateDigest: string | null;
}

/**
 * What a steered run tells its parent. A report may be lost, and `waveReady` and `deadlineReached` are told again for as long as the
 * run waits: the same fact has the same `id`.
 */
export type RunReport = RunFact & { readonly runId: string; readonly id: string; readonly at: number };

export type RunFact =
  /** It waits for `admitWave` with this path and wave. `hosts`: how many the wave has. */
  | {
      readonly kind: 'waveReady';
      readonly path: string;
      readonly wave: number;
      readonly waves: number;
      readonly hosts: number;
    }
  | {
      readonly kind: 'waveDone';
      readonly path: string;
      readonly wave: number;
      readonly ok: number;
      readonly failed: number;
    }
  /** The worst of its metrics. Wave 0 is the gate before the first wave. */
  | { readonly kind: 'gateVerdict'; readonly path: string; readonly wave: number; readonly verdict: GateVerdict }
  /** From the step at `path` on there is no way back but with people (R-ROLL-9). */
  | { readonly kind: 'noReturn'; readonly path: string }
  /** What stands at `path` does not start any more, unless the deadline is moved. */
  | { readonly kind: 'deadlineReached'; readonly path: string; readonly cutoffAt: number };

/** The result of the workflow. `journalHead` lets a cut tail of the journal show. */
export interface RunResult {
  readonly outcome: RunOutcome;
  readonly degraded: boolean;
  readonly outputs: JsonObject;
  readonly error: Failure | null;
  readonly stateDigest: string;
  readonly journalHead: { readonly count: number; readonly hash: string };
}
