import type { ApprovalFacts } from './domain/approval-candidate';
import type { Electorate } from './domain/approval-electorate';
import type { ApprovalSlot } from './domain/approval-rule';
import type { ResolvedCalendar } from './domain/calendar';
import type { Json, JsonObject } from './domain/json';
import type { AnyJournalEntry, JournalEntry, JournalKind, JournalPayloads } from './domain/journal';
import type { CancelReply, CancelRequest, OperationReply, OperationRequest } from './domain/operation';
import type { EffectClass } from './domain/effect-class';
import type { SeatLimits } from './domain/seats';
import type { Expression, Scope } from './domain/value';
import type { KnownSet, OperationEnd, OperationInput, PlanInForce, PrunePlan, Slot } from './backup/messages';
import type { ConflictAnswer, ConflictQuestion, PlannedForChange, ChangeProblem } from './change/messages';
import type { ChangeDraft } from './change/schema';
import type { ChildOutcome, ChildPlan, ChildRun, Control, RunReport } from './runbook/messages';
import type { Program } from './runbook/plan';

/**
 * Everything a procedure may do to the world. One file binds it to Temporal, another to a virtual clock.
 *
 * - E1 A failure of the world is a value. The only thing that these methods throw is an `Interruption`.
 * - E2 Messages (votes, pause, cancel, events) change the procedure's own state through its pure `validate` and `apply`;
 *   a procedure notices by `waitFor`.
 * - E3 Everything that must outlive a continue-as-new is in the procedure's state; a procedure can be entered again with it.
 */
export interface Effects {
  /** Epoch ms. Deterministic. */
  now(): number;
  random(): number;

  sleep(ms: number): Promise<void>;
  /** True once the predicate holds; false when `until` (epoch ms) passes first. */
  waitFor(predicate: () => boolean, until?: number): Promise<boolean>;

  perform(call: OperationCall): Promise<OperationReply>;
  /** Ends what a batch left running on its hosts; never interrupted. */
  cancelJobs(call: OperationCall<CancelRequest>): Promise<CancelReply>;
  /** Small reads of the surroundings that a procedure needs an answer to. */
  lookUp<Q extends keyof Lookups>(question: Q, asked: Lookups[Q]['asked']): Promise<Lookups[Q]['answer']>;

  startRun(child: ChildRun): Promise<ChildOutcome>;
  /** Tells a run that `startRun` has started, or is about to. Whether it had ended before nobody needs to know. */
  steer(childId: string, control: Control): Promise<void>;
  /** Tells the parent of a steered run how it goes. May be lost. */
  report(report: RunReport): Promise<void>;
  /** Starts a backup operation, once, whatever becomes of whoever starts it. Its end comes as a message. */
  launch(operation: OperationInput): Promise<void>;
  /** Tells whoever launched this operation how it ended. May be lost. */
  announce(end: OperationEnd): Promise<void>;
  /** Asks an operation that was launched to end: it cleans up and tells its end as ever. */
  callOff(operationId: string, reason: string): Promise<void>;
  /** Tells other runs that what they wait for may be free (D13). Whom it does not reach looks again by itself. */
  wake(runIds: readonly string[]): Promise<void>;

  /** Buffered; `flush` (or any effect that is not `read` or `idempotent`) writes it. */
  record<K extends JournalKind>(entry: NewEntry<K>): void;
  flush(): Promise<void>;

  // The bodies below get the effects of their own part: what they call on it can be cancelled (or is shielded) with that part.

  /** Runs them side by side; settles when all have settled. The first rejection is thrown then. */
  all<T>(tasks: readonly ((effects: Effects) => Promise<T>)[]): Promise<T[]>;
  /**
   * The first to settle wins; the others are cancelled and awaited. The first task is the work, the others look on. What is in the background may win as well, but nobody waits for
   * it alone: a rehearsal in which nothing else goes on has come to a stop.
   */
  race<T>(
    tasks: readonly ((effects: Effects) => Promise<T>)[],
    background?: readonly ((effects: Effects) => Promise<T>)[],
  ): Promise<T>;
  /** A part that can be cancelled from outside: waits inside it throw an `Interruption` with reason `cancel`. */
  scope<T>(body: (effects: Effects) => Promise<T>): { readonly result: Promise<T>; cancel(): void };
  /** Runs to its end whatever is cancelled around it. */
  shield<T>(body: (effects: Effects) => Promise<T>): Promise<T>;

  /** A safe point. Throws an `Interruption` with reason `suspend` when the run must continue as new. */
  checkpoint(): Promise<void>;
  /** `patched()`: lets the order of commands of a running type change. */
  version(id: string): boolean;
}

/** `actor` and `via` are the engine's own unless a person's act is recorded. */
export type NewEntry<K extends JournalKind> = {
  readonly key: string;
  readonly kind: K;
  readonly payload: JournalPayloads[K];
} & Partial<Pick<JournalEntry, 'actor' | 'via'>>;

/** Thrown by waits and effects: `cancel` = a person or a scope ended this part; `suspend` = leave everything as it is and unwind. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  constructor(readonly reason: 'cancel' | 'suspend') {
    super(reason);
  }
}

export function isInterruption(error: unknown): error is Interruption {
  return error instanceof Error && error.name === 'Interruption';
}

export interface OperationCall<R extends OperationRequest = OperationRequest> {
  readonly request: R;
  readonly effect: EffectClass;
  readonly light: boolean;
  /** The whole batch, not one host: start-to-close of the activity (D11). */
  readonly timeoutMs: number;
}

/** Questions that `lookUp` answers, each by a local activity of the same name. */
export interface Lookups {
  /** Who may answer now, and is this person one of them? Evaluated at vote time. */
  eligibility: {
    asked: {
      readonly actor: string;
      readonly candidates: readonly string[];
      readonly requester: string;
      readonly excludeRequester: boolean;
      /** Who has given this answer to the actor. Absent: nobody. */
      readonly delegators?: readonly string[];
    };
    answer: { readonly eligible: boolean; readonly reason: string };
  };
  /**
   * Who the candidates of an approval are at this instant: active people only, in the order in which they are asked. `people`: whose
   * delegations and whether they have left is wanted as well. `problems`: candidates that answered nobody, and why.
   */
  electorate: {
    asked: {
      readonly slots: readonly ApprovalSlot[];
      readonly people: readonly string[];
      /** What expressions among the candidates read, as `facts`. */
      readonly facts: ApprovalFacts;
      readonly at: number;
    };
    answer: Electorate & {
      readonly managers: { readonly [person: string]: string };
      readonly inactive: readonly string[];
      readonly problems: readonly string[];
    };
  };
  /** Over the rows of steps: `steps.x.hosts` in a run-phase expression outside of their bodies. The records in `scope` say where. */
  aggregate: {
    asked: {
      readonly runId: string;
      readonly planDigest: string;
      readonly expression: Expression;
      readonly scope: Scope;
    };
    answer: { readonly value: Json } | { readonly error: string };
  };
  /** Names of hosts by index, for journal entries and tasks. At most 100. */
  hostNames: {
    asked: { readonly planDigest: string; readonly set: string; readonly indices: readonly number[] };
    answer: { readonly names: readonly string[] };
  };
  /** Indices of the named hosts; a name outside the set is listed in `missing`. */
  hostIndices: {
    asked: { readonly planDigest: string; readonly set: string; readonly names: readonly string[] };
    answer: { readonly indices: readonly number[]; readonly missing: readonly string[] };
  };
  /** Locks of a step whose names differ from host to host. At most 100 hosts. */
  hostLocks: {
    asked: {
      readonly planDigest: string;
      readonly set: string;
      readonly indices: readonly number[];
      readonly at: string;
    };
    answer: { readonly names: readonly string[] };
  };
  /** Calendar days from an instant, in a zone. */
  calendarDue: {
    asked: { readonly from: number; readonly days: number; readonly zone: string };
    answer: { readonly at: number };
  };
  /**
   * Published calendars by name, in UTC. Their horizon contains what was asked, unless it is longer than two years or the answer
   * would be larger than 64 KiB: then it ends sooner.
   */
  calendars: {
    asked: { readonly names: readonly string[]; readonly fromMs: number; readonly untilMs: number };
    answer: { readonly calendars: readonly ResolvedCalendar[]; readonly missing: readonly string[] };
  };
  /** SHA-256 of the canonical JSON: what a vote signs of `show`. */
  digest: { asked: { readonly value: Json }; answer: { readonly digest: string } };
  /**
   * All or nothing, names in order, or with `anyOf` the first that is free; `token` is null while somebody else holds them or asked
   * for them before. Unless `wait` is false, asking takes a place in the order.
   */
  acquireLocks: {
    asked: {
      readonly runId: string;
      readonly path: string;
      readonly names: readonly string[];
      readonly anyOf?: boolean;
      readonly wait?: boolean;
    };
    answer: { readonly token: number | null; readonly names: readonly string[]; readonly heldBy: readonly string[] };
  };
  /** Also gives up the place in the order. `due`: runs that can go on now, oldest first. */
  releaseLocks: {
    asked: { readonly runId: string; readonly path: string; readonly names: readonly string[] };
    answer: { readonly released: number; readonly due: readonly string[] };
  };
  /**
   * A change's plan as the published definitions give it now, its model with the policies as rules, its risk. Writes `change.planned`.
   * `previous`: digest of the plan that it is compared with.
   */
  planChange: {
    asked: {
      readonly changeId: string;
      readonly generation: number;
      readonly requester: string;
      readonly draft: ChangeDraft;
      readonly previous: string | null;
      readonly at: number;
    };
    answer: PlannedForChange | { readonly problems: readonly ChangeProblem[] };
  };
  /** R-ROLL-1: targets of a plan that planning it now would not give any more. At most a hundred. */
  removedHosts: {
    asked: { readonly draft: ChangeDraft; readonly planDigest: string };
    answer: { readonly names: readonly string[] };
  };
  /** The program of a plan, for the run that a change starts. */
  loadProgram: { asked: { readonly planDigest: string }; answer: { readonly program: Program } };
  /** R-CONF-1, R-CONF-3: what a change meets in `[startMs − preparation, endMs)`. `take`: under the locks of its items, which it keeps. */
  changeConflicts: { asked: ConflictQuestion; answer: ConflictAnswer };
  /** Gives back the locks of a change's items. */
  freeItems: {
    asked: { readonly changeId: string; readonly at: number };
    /** `due`: held changes that want one of them. */
    answer: { readonly released: number; readonly due: readonly string[] };
  };
  /** The post-implementation review as it can be drafted from the journal. */
  draftReview: {
    asked: { readonly changeId: string; readonly runId: string | null };
    answer: { readonly draft: Json; readonly exceptions: readonly string[] };
  };
  /** A backup plan as it is published now; `gone`: it is not any more. */
  backupPlan: {
    asked: { readonly plan: string };
    answer:
      { readonly inForce: PlanInForce } | { readonly gone: true } | { readonly problems: readonly ChangeProblem[] };
  };
  /** Slots of a published plan in `[fromMs, untilMs)`, in order, not more than `limit`. `nextMs`: the first that is not among them. */
  backupSlots: {
    asked: { readonly plan: string; readonly fromMs: number; readonly untilMs: number; readonly limit: number };
    answer: { readonly slots: readonly Slot[]; readonly nextMs: number | null };
  };
  /**
   * One role of a provider, or any runbook that keeps one of the contracts, planned with its inputs: a child run carries it out.
   * Inputs that the runbook does not declare are left out.
   */
  planProvider: {
    asked: {
      readonly operationId: string;
      readonly requester: string;
      /** Of the backup plan: its grants let the runbook have the secrets that it is given. */
      readonly owner: string;
      readonly runbook: string;
      readonly inventory: string | null;
      readonly inputs: JsonObject;
    };
    answer: (ChildPlan & { readonly program: Program }) | { readonly problems: readonly ChangeProblem[] };
  };
  /** All that is known of the sets of a plan, newest first, not more than 500 besides those that are held, pinned or expiring. */
  backupSets: { asked: { readonly plan: string }; answer: { readonly sets: readonly KnownSet[] } };
  /** R-DRILL-4. */
  backupManifest: { asked: { readonly set: string }; answer: { readonly manifest: JsonObject | null } };
  /** What a run that failed said last on stderr, itself or the child that failed; empty: nothing. */
  lastWords: { asked: { readonly runId: string }; answer: { readonly text: string } };
  /** R-BKP-1 to R-BKP-10, computed in the zone of the published plan over what is known now. `pinned`: by whoever asks. */
  retentionPlan: {
    asked: { readonly plan: string; readonly atMs: number; readonly pinned: readonly string[] };
    answer: PrunePlan | { readonly problems: readonly ChangeProblem[] };
  };
  /** Of these operations, those that have ended. */
  operationsEnded: { asked: { readonly ids: readonly string[] }; answer: { readonly ended: readonly OperationEnd[] } };
  /** Of one plan: verdicts of its last drills, newest first, at most fifty. */
  drillHistory: {
    asked: { readonly plan: string };
    answer: {
      readonly drills: readonly {
        readonly operation: string;
        readonly verdict: string;
        readonly endedAt: number;
        readonly rtoMs: number | null;
        readonly rpoMs: number | null;
      }[];
    };
  };
  /**
   * R-ROLL-1: seats of redundancy groups for hosts that are taken out of service, as many from the first on as there is room for.
   * `hosts` 0: not even for the first, and this asker has a place in the order; `isStuck`: in the way are hosts that it left out
   * itself, or somebody who waits for it in turn. At most 100 hosts.
   */
  acquireSeats: {
    asked: {
      readonly runId: string;
      readonly path: string;
      readonly planDigest: string;
      /** Address of the rollout. */
      readonly at: string;
      readonly set: string;
      readonly indices: readonly number[];
      readonly limits: SeatLimits;
    };
    answer: { readonly hosts: number; readonly heldBy: readonly string[]; readonly isStuck: boolean };
  };
  /** `back`: in service again. `out`: nobody works on them, and a person or the run itself has to see to them. Also gives up the place. */
  releaseSeats: {
    asked: {
      readonly runId: string;
      readonly path: string;
      readonly planDigest: string;
      readonly at: string;
      readonly set: string;
      readonly back: readonly number[];
      readonly out: readonly number[];
    };
    answer: { readonly due: readonly string[] };
  };
  /** Stores the state of a run that ended or continues, as a content-addressed blob. */
  saveState: { asked: { readonly runId: string; readonly state: Json }; answer: { readonly digest: string } };
  loadState: { asked: { readonly digest: string }; answer: { readonly state: Json } };
}

export type { AnyJournalEntry };
