import type { OpenTask } from '../domain/quorum';
import type { ChangeWindow } from '../domain/window';
import type { DutyAnswer } from '../domain/window-duty';
import type { ChildOutcome } from '../runbook/messages';
import type { DeskState } from '../approvals/desk-state';
import type { ChangePhase } from './lifecycle';
import type {
  Assessment,
  ChangeAct,
  ChangeFlags,
  ChangeOutcome,
  ChangePlan,
  ChangeReply,
  ModelInForce,
  ReviewResult,
} from './messages';
import type { ChangeDraft } from './schema';

/**
 * Everything a change knows about itself, as plain JSON: the procedure can be entered again with it at any wait. It is changed by the
 * procedure, by the desk of its approvals and by the handlers of `inbox.ts`, never across an await.
 */
export interface ChangeState {
  phase: ChangePhase;
  draft: ChangeDraft;
  window: ChangeWindow;
  model: ModelInForce | null;
  assessment: Assessment | null;
  plan: ChangePlan | null;
  /** Material facts beside the plan, as they were adopted: what a difference is made against. */
  signed: SignedFacts | null;
  /** What a vote signs: the material facts of the change; empty before submission. */
  hash: string;
  approval: DeskState | null;
  freeze: FreezePass;
  extension: Extension | null;
  hold: ChangeHold | null;
  run: ChangeRun | null;
  /** Tasks that the change itself asks, by id; those of its approvals belong to their desks. */
  tasks: { [id: string]: OpenTask };
  /** Acts that wait for the procedure, in the order of coming. */
  acts: ChangeAct[];
  /** What was answered, by the id of the act. */
  replies: { [id: string]: ChangeReply };
  /** How often it was told that something around it has changed. */
  news: number;
  /** What checks said last, by check: said again it is not journaled again. */
  said: { [check: string]: string };
  counters: { tasks: number; states: number; plans: number; facts: number };
  review: ReviewResult | null;
  outcome: ChangeOutcome | null;
  flags: ChangeFlags;
}

export interface SignedFacts {
  readonly window: ChangeWindow;
  readonly risk: string;
  readonly type: string;
  readonly items: readonly string[];
}

/** Closures that freeze approvers let it pass (R-FREEZE-2). */
export interface FreezePass {
  desk: DeskState | null;
  /** Those that `desk` is asked about. */
  asked: readonly string[];
  passed: readonly string[];
}

/** R-WIN-3. */
export interface Extension {
  readonly act: string;
  readonly by: string;
  readonly endMs: number;
  desk: DeskState;
}

export type ChangeHold =
  | { readonly kind: 'freeze'; readonly since: number; readonly text: string; readonly fitsAtMs: number | null }
  | { readonly kind: 'conflict'; readonly since: number; readonly text: string }
  | { readonly kind: 'missed'; readonly since: number; readonly text: string; readonly latestMs: number }
  | {
      readonly kind: 'plan-changed';
      readonly since: number;
      readonly text: string;
      readonly difference: readonly string[];
    };

export interface ChangeRun {
  readonly childId: string;
  readonly startedAt: number;
  /** Waves that the run waits to be let into, by `path#wave`. */
  ready: { [key: string]: WaveReady };
  admitted: string[];
  /** Waves that are through, and units of the plan with them. */
  done: WaveDone[];
  /** When the unit that is under way began; null: it waits to be let in. */
  since: number | null;
  /** How many orders it was given. */
  orders: number;
  waitingFor: string | null;
  duty: DutyAnswer | null;
  /** An extension was asked for since the duty manager chose it. */
  extensionAsked: boolean;
  /** Why it was told to start nothing at all; null: it was not. */
  held: 'freeze' | 'window' | null;
  passedNoReturn: boolean;
  /** Told to back out, and why. */
  backOut: { readonly at: number; readonly because: string; readonly by: string } | null;
  cutoffAt: number;
  outcome: ChildOutcome | null;
  endedAt: number | null;
}

export interface WaveReady {
  readonly path: string;
  readonly wave: number;
  readonly hosts: number;
  readonly at: number;
}

export interface WaveDone {
  readonly path: string;
  readonly wave: number;
  readonly ok: number;
  readonly failed: number;
  readonly startedAt: number;
  readonly at: number;
}
