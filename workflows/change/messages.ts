import type { Scope } from '../domain/authorization';
import type { ApprovalRule, Risk } from '../domain/approval-rule';
import type { ChangeType } from '../domain/change-type';
import type { ConflictVerdict } from '../domain/conflict';
import type { Conflict } from '../domain/conflict-kind';
import type { KnownEstimate } from '../domain/estimate';
import type { ChangePhase } from './lifecycle';
import type { ChangeDraft } from './schema';

/**
 * What is sent to a change besides `answer`, which is the same Update as for runs. `change` is an Update (it may be refused);
 * `surroundings` is a Signal (calendars, people or other changes are not what they were: look again); `report` and `childEnded` are the
 * Signals of its run.
 */
export const changeMessageNames = {
  change: 'change',
  surroundings: 'surroundings',
  view: 'view',
} as const;

export const changeWorkflowType = 'changeProcess';

/** Code of a reply that is none: whoever asks again, with the same id, is answered. */
export const tryAgain = 'TRY_AGAIN';

export interface ChangeInput {
  readonly change: ChangeIdentity;
  readonly draft: ChangeDraft;
  /** Entered again after a continue-as-new. */
  readonly stateDigest?: string;
}

export interface ChangeIdentity {
  readonly installation: string;
  /** `c` and twelve characters. */
  readonly id: string;
  /** CHG-1, CHG-2 … within the installation. */
  readonly number: number;
  readonly requester: string;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** What somebody does to a change. `id` is the idempotency key: the same one twice is one act. */
export type ChangeAct = { readonly id: string; readonly actor: string; readonly via: string } & ChangeAction;

export type ChangeAction =
  /** To be assessed, approved and carried out. Of a change that is held since its plan changed: to be authorised anew. */
  | { readonly action: 'submit' }
  /** Replaces the draft. After submission it is revised: a material difference voids the approvals, an editorial one does not. */
  | {
      readonly action: 'edit';
      readonly draft: ChangeDraft;
      /** What grants go by from now on, until it is planned. */ readonly scope?: Scope;
    }
  /** Back to draft: nobody is asked any more (R-APPR-10). */
  | { readonly action: 'revise'; readonly reason: string }
  /** Epoch ms. */
  | { readonly action: 'reschedule'; readonly startMs: number; readonly endMs: number; readonly reason: string }
  /** R-WIN-3; epoch ms. */
  | { readonly action: 'extend'; readonly endMs: number; readonly reason: string }
  /** `keep`: while implementing, leave what was changed as it is. */
  | { readonly action: 'cancel'; readonly keep: boolean; readonly reason: string }
  | { readonly action: 'review'; readonly review: ReviewResult };

/** Who may do what, when: validators, screens and help texts read the same table. */
export const actsIn: { readonly [P in ChangePhase]: readonly ChangeAct['action'][] } = {
  draft: ['submit', 'edit', 'reschedule', 'cancel'],
  assessing: ['edit', 'revise', 'reschedule', 'cancel'],
  authorising: ['edit', 'revise', 'reschedule', 'cancel'],
  scheduled: ['edit', 'revise', 'reschedule', 'cancel'],
  held: ['submit', 'edit', 'revise', 'reschedule', 'cancel'],
  implementing: ['edit', 'extend', 'cancel'],
  'backing-out': ['edit'],
  'backed-out': [],
  'back-out-failed': [],
  reviewing: ['edit', 'review'],
  closed: [],
  cancelled: [],
  expired: [],
};

export interface ReviewResult {
  readonly outcome: 'successful' | 'successful-with-issues' | 'backed-out' | 'failed';
  readonly text: string;
  /** A ticket for each exception (R-ROLL-11). */
  readonly tickets: { readonly [exception: string]: string };
}

export type ChangeReply =
  | { readonly accepted: true; readonly phase: ChangePhase; readonly warnings: readonly string[] }
  | { readonly accepted: false; readonly code: string; readonly reason: string; readonly problems: readonly string[] };

export type ChangeOutcome = ReviewResult['outcome'] | 'cancelled' | 'expired';

/** The result of the workflow. */
export interface ChangeResult {
  readonly phase: ChangePhase;
  readonly outcome: ChangeOutcome;
  readonly flags: ChangeFlags;
  readonly stateDigest: string;
}

export interface ChangeFlags {
  readonly overrun: boolean;
  readonly unauthorised: boolean;
  readonly unregularised: boolean;
  readonly late: boolean;
}

/** A model as it was when the change was submitted, with its policies as rules. */
export interface ModelInForce {
  readonly name: string;
  readonly version: string;
  readonly type: ChangeType;
  readonly assessors: readonly string[];
  readonly leadTimeMs: number;
  readonly preparationMs: number;
  /** Null: it does not ask for approval. */
  readonly rule: ApprovalRule | null;
  readonly respondWithinMs: number;
  readonly calendars: readonly string[];
  readonly freezeRule: ApprovalRule | null;
  readonly changeManagers: readonly string[];
  readonly dutyManagers: readonly string[];
  readonly businessHours: string | null;
  readonly conflictDepth: number;
  readonly reviewWithinMs: number;
}

export interface Assessment {
  readonly score: number;
  readonly risk: Risk;
  readonly answers: { readonly [question: string]: string };
}

/** A unit of the work in the order in which it is carried out: a step, or one wave of a rollout. */
export interface WorkUnit {
  readonly path: string;
  readonly wave: number | null;
  /** Null: nobody can tell. */
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p95Ms: number | null;
}

/** What was planned: all that the change's own workflow needs to know of the plan. */
export interface ChangePlan {
  readonly generation: number;
  readonly planHash: string;
  readonly planDigest: string;
  readonly targetCounts: { readonly [set: string]: number };
  readonly definition: {
    readonly name: string;
    readonly version: string;
    readonly title: string;
    readonly owner: string;
    readonly digest: string;
  };
  readonly hosts: number;
  readonly work: { readonly p95Ms: number; readonly lastTaskStartP95Ms: number; readonly backOutP95Ms: number };
  readonly source: KnownEstimate['source'];
  readonly units: readonly WorkUnit[];
  /** Has it a step after which there is no way back. */
  readonly pointOfNoReturn: boolean;
}

export interface ChangeProblem {
  readonly code: string;
  readonly message: string;
}

export interface PlannedForChange {
  readonly model: ModelInForce;
  readonly assessment: Assessment;
  readonly plan: ChangePlan;
  /** Against the previous plan, for people; empty: the same hash, or there was none. */
  readonly difference: readonly string[];
}

/** When and why a change is held against the others. */
export interface ConflictQuestion {
  readonly changeId: string;
  readonly at: number;
  readonly type: ChangeType;
  readonly owner: string;
  readonly assignees: readonly string[];
  readonly startMs: number;
  readonly windowEndMs: number;
  readonly preparationMs: number;
  readonly depth: number;
  readonly calendars: readonly string[];
  /** Closures that freeze approvers let it pass. */
  readonly passed?: readonly string[];
  /** Only an added stretch is looked at (R-WIN-3). */
  readonly part: 'whole' | 'added';
  readonly take: boolean;
}

export interface ConflictAnswer {
  readonly verdict: ConflictVerdict;
  /** The first fifty. */
  readonly conflicts: readonly Conflict[];
  readonly total: number;
  /** One line each, for people. */
  readonly lines: readonly string[];
  /** Somebody else holds the lock of an item; empty unless they were to be taken. */
  readonly heldBy: readonly string[];
}
