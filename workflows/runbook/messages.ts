import type { Failure } from '../domain/failure';
import type { Json, JsonObject } from '../domain/json';
import type { RunOutcome } from '../domain/step-status';
import type { Program } from './plan';

/** Names and shapes of everything that is sent to a run. `answer` and `control` are Updates (the caller needs an answer or may be
 * refused), `event`, `childEnded` and `lockNews` are Signals (a fact that already happened), `view` is a Query. */
export const messageNames = {
  answer: 'answer',
  control: 'control',
  event: 'event',
  childEnded: 'childEnded',
  lockNews: 'lockNews',
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
  /** Entered again: after continue-as-new, or by resume. */
  readonly stateDigest?: string;
  readonly resume?: ResumeRequest;
}

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
  | {
      readonly action: 'hold' | 'release' | 'backOut';
      readonly actor: string;
      readonly via: string;
      readonly id: string;
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

/** The result of the workflow. `journalHead` lets a cut tail of the journal show. */
export interface RunResult {
  readonly outcome: RunOutcome;
  readonly degraded: boolean;
  readonly outputs: JsonObject;
  readonly error: Failure | null;
  readonly stateDigest: string;
  readonly journalHead: { readonly count: number; readonly hash: string };
}
