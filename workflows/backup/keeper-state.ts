import type { DeskState } from '../approvals/desk-state';
import type { Json } from '../domain/json';
import type { OpenTask } from '../domain/quorum';
import type { BackupAct, BackupReply, OperationEnd, OperationKind, OperationWork, PlanInForce } from './messages';

/**
 * Everything a keeper knows, as plain JSON: entered again with it, it goes on. Changed by its procedure, by the desks of its approvals
 * and by the handlers of `keeper-inbox.ts`, never across an await.
 */
export interface KeeperState {
  /** As it was in force last; null: never was. */
  plan: PlanInForce | null;
  published: boolean;
  /** Somebody said that the plan may be another one now. */
  planMoved: boolean;
  paused: { readonly by: string; readonly reason: string; readonly since: number } | null;
  /** Slots before `fromMs` were dealt with. `nextMs`: when to look for more; null: there are none. */
  slots: { readonly fromMs: number; readonly nextMs: number | null };
  queue: Wanted[];
  running: Running[];
  /** When those that run are asked after; null: none does. */
  recheckMs: number | null;
  prune: StandingPrune | null;
  /** What people were told last that is going to be deleted. */
  expiring: readonly string[];
  /** There may be more to delete than when it was looked last. */
  pruneWanted: boolean;
  /** What each alarm says, of those that are on. */
  alarms: { readonly [alarm: string]: string };
  /** Null: there is no plan to watch. */
  watchMs: number | null;
  /** What hangs on the sets: `moved`: they are not as they were; `dueMs`: when time alone makes a difference. */
  sets: { moved: boolean; dueMs: number | null };
  /** Tasks that it asks itself, by id; those of its approvals belong to their desks. */
  tasks: { [id: string]: OpenTask };
  releases: Release[];
  /** Acts that wait for the procedure, in the order of coming. */
  acts: BackupAct[];
  /** What was answered, by the id of the act. */
  replies: { readonly [id: string]: BackupReply };
  /** Told by operations, not yet taken in. */
  ends: OperationEnd[];
  /** How often something has changed from outside. */
  news: number;
  counters: { facts: number; tasks: number; operations: number };
}

/** An operation that waits for its turn. */
export interface Wanted {
  readonly id: string;
  readonly work: OperationWork;
  readonly requester: string;
  /** By a person: a pause does not hold it back. */
  readonly asked: boolean;
  /** From then on it is not carried out any more; null: it always is. */
  readonly untilMs: number | null;
  /** The backup that it names, with what that needs. */
  readonly pins: readonly string[];
}

export interface Running {
  readonly id: string;
  readonly kind: OperationKind;
  /** As `topicOf` says. */
  readonly topic: string;
  readonly pins: readonly string[];
}

/** A prune plan in its grace, or due. */
export interface StandingPrune {
  readonly madeAtMs: number;
  readonly graceMs: number;
  readonly sets: readonly string[];
}

/** A hold that two people are asked to lift (R-BKP-9). */
export interface Release {
  readonly act: string;
  readonly actor: string;
  readonly via: string;
  readonly set: string;
  readonly name: string;
  readonly reason: string;
  desk: DeskState;
}

export function initialKeeper(nowMs: number): KeeperState {
  return {
    plan: null,
    published: false,
    planMoved: true,
    paused: null,
    slots: { fromMs: nowMs, nextMs: null },
    queue: [],
    running: [],
    recheckMs: null,
    prune: null,
    expiring: [],
    pruneWanted: false,
    alarms: {},
    watchMs: null,
    sets: { moved: false, dueMs: null },
    tasks: {},
    releases: [],
    acts: [],
    replies: {},
    ends: [],
    news: 0,
    counters: { facts: 0, tasks: 0, operations: 0 },
  };
}

/** What `saveState` has stored. Other content means that the store does not hold what it says. */
export function restoredKeeper(stored: Json): KeeperState {
  if (!isKeeperState(stored)) throw new Error('Cannot enter the keeper: what is stored is not its state');
  return stored;
}

function isKeeperState(value: unknown): value is KeeperState {
  return typeof value === 'object' && value !== null && 'queue' in value && 'slots' in value && 'counters' in value;
}
