import type { DeskState } from '../approvals/desk-state';
import type { Failure } from '../domain/failure';
import type { Json, JsonObject } from '../domain/json';
import type { FailureGroup } from '../domain/operation';
import type { GateTally } from '../domain/gate-analysis';
import type { GateVerdict } from '../domain/journal';
import type { OpenTask } from '../domain/quorum';
import type { RunOutcome, RunState as RunLifeState, StepStatus } from '../domain/step-status';
import type { ChildOutcome, EventMessage } from './messages';

/**
 * Everything a run knows about itself, as plain JSON: the interpreter can be entered again with it at any boundary, so
 * continue-as-new, resume and "try again" are one mechanism. It is the one mutable thing of a run, changed only by the interpreter
 * and by the handlers of `inbox.ts`, never across an await.
 *
 * - ST1 What ended well leaves no frame, no cursor; only kept record fields and the undo stack remember it.
 * - ST2 What failed keeps its frame: entered again, it goes on there with the next generation.
 * - ST3 Whatever is in flight is in its frame under an unchanged path and generation, so asking for it again re-attaches.
 * - ST4 A host costs one character in each string that lists hosts.
 */
export interface RunState {
  stage: 'new' | 'steps' | 'deciding' | 'undoing' | 'finally' | 'closed';
  life: RunLifeState;
  /** What its parts wait for, by whose wait it is: `life` is derived from it. */
  waits: { [about: string]: { readonly reason: string; readonly held: boolean } };
  startedAt: number;
  /** When this pass began: its time limit counts from here. */
  passStartedAt: number;
  /** Generation that a step starts with; raised by every resume above all that were used. */
  floor: number;
  highest: number;
  /** Next step of each open sequence, by the path of its container. */
  cursors: { [path: string]: number };
  frames: { [path: string]: Frame };
  /** Lexical scopes: the run (``) and one for each open loop item. */
  scopes: { [key: string]: LexicalScope };
  undo: UndoEntry[];
  tasks: { [id: string]: OpenTask };
  /** Approvals that are asked for, with their tasks, by the path of the question. */
  desks: { [path: string]: DeskState };
  /** Id of the task that a path has open, so that entering again does not ask twice. */
  asked: { [about: string]: string };
  counters: { tasks: number; states: number; passes: number };
  control: ControlState;
  events: ReceivedEvent[];
  children: { [childId: string]: ChildOutcome };
  /** What each child was told last of what keeps a run from going on. */
  relayed: { [childId: string]: Relayed };
  /** Locks held, in the order of taking. */
  locks: HeldLocks[];
  /** How often it was told that a lock may be free. */
  lockNews: number;
  /** After a point of no return every automatic undo asks. */
  noReturn: boolean;
  degraded: boolean;
  exceptions: string[];
  /** Exceptions by the path of the step that let them pass; the two fields above follow from it. */
  tolerated: { [path: string]: string[] };
  undone: string[];
  /** A rollout went back by its own policy. */
  backedOut: boolean;
  /** The run as a whole was undone. */
  wasUndone: boolean;
  undoGivenUp: boolean;
  failure: Failure | null;
  outcome: RunOutcome | null;
  /** Why it could not be resumed as it was asked. */
  refusal: Failure | null;
  /** `resume --host`: only these are tried again. */
  onlyHosts: string[] | null;
}

export interface ReceivedEvent extends EventMessage {
  readonly receivedAt: number;
}

export interface ControlState {
  paused: boolean;
  held: boolean;
  /** It is held at step boundaries too. */
  hard: boolean;
  backOut: boolean;
  /** D8, R-WIN-1: the last instant at which anything that goes forward may start. */
  cutoffAt: number | null;
  /** Waves that the parent has admitted, by the path of their rollout. */
  admitted: { [path: string]: readonly number[] };
  /** Names of targets that its parent says are gone. */
  removed: readonly string[];
  cancel: { readonly actor: string; readonly keep: boolean; readonly reason: string } | null;
}

/** `count`: every message to a child has an id of its own. */
export interface Relayed {
  readonly count: number;
  /** Null: it is not under way. */
  readonly told: Pick<ControlState, 'paused' | 'held' | 'hard' | 'cutoffAt'> | null;
}

export interface HeldLocks {
  readonly path: string;
  readonly names: readonly string[];
}

export interface LexicalScope {
  readonly parent: string | null;
  readonly names: { readonly [name: string]: Json };
  records: { [stepId: string]: JsonObject };
}

/** One open (or failed) step. */
export interface Frame {
  generation: number;
  startedAt: number;
  attempts: number;
  stage: 'new' | 'permitted' | 'running' | 'rescuing' | 'asking' | 'ended';
  status: StepStatus | null;
  error: Failure | null;
  /** It was not allowed to start: trying again begins with its condition. */
  refused: boolean;
  work: Work | null;
}

export type Work =
  | BatchWork
  | { readonly kind: 'branches'; done: string }
  | { readonly kind: 'case'; readonly chosen: string }
  | { readonly kind: 'wait'; readonly until: number | null; readonly after: number }
  | ChildWork
  | LoopWork
  | RolloutWork;

/** One operation on a list of targets, through all its attempts. */
export interface BatchWork {
  readonly kind: 'batch';
  /** Indices into the target set; null: once on the worker. */
  readonly hosts: readonly number[] | null;
  generation: number;
  attempts: number;
  startedAt: number;
  /** One `StatusCode` for each target; `.` is what the next call is about. */
  statuses: string;
  changed: string;
  failures: readonly FailureGroup[];
  record: JsonObject;
  digest: string | null;
  /** Durable delay before the next attempt. */
  retryAt: number | null;
  /** Which targets have been called under this generation: those below this position. What is in flight is not kept from going on. */
  called?: { readonly generation: number; readonly below: number };
}

export interface LoopWork {
  readonly kind: 'loop';
  readonly keys: readonly string[];
  readonly items: readonly Json[];
  /** One `StatusCode` for each item. */
  statuses: string;
  /** Failure codes, by index. */
  codes: { [index: string]: string };
}

export interface ChildWork {
  readonly kind: 'child';
  readonly childId: string;
  readonly inputs: JsonObject;
  /** How its last pass ended, by the state that it stored; it goes on from there when the step is tried again. */
  readonly endedWith?: string;
  /** It has been told to go on. */
  readonly again?: { readonly after: string | null; readonly begun: boolean };
  /** `resume --from` a step of the child. */
  readonly from?: string;
}

export interface RolloutWork {
  readonly kind: 'rollout';
  /** Indices into the target set, where `only` narrowed it; null: the whole set. */
  readonly targets: readonly number[] | null;
  readonly total: number;
  /** One `StatusCode` for each position. */
  statuses: string;
  /** Names of targets that were left out, since they are gone. */
  removed?: readonly string[];
  stage: 'before' | 'groups' | 'bake' | 'gate';
  /** From 1. */
  wave: number;
  /** Position of the first host that has not started. */
  next: number;
  groups: number;
  walk: Walk | null;
  /** Hosts that go on from the middle of the body: after an answer, or tried again. */
  queue: readonly QueuedWalk[];
  /** Failed and unknown hosts, by position: where they stand in the body. */
  left: { [position: string]: LeftHost };
  bakeUntil: number | null;
  gate: GateProgress | null;
  /** R-ROLL-6: the gate as it is measured while people are asked, and what each metric said last. */
  watch: WatchProgress | null;
  verdicts: { [metric: string]: GateVerdict };
  /** Why it does not go on; looked at by its policy, and by people. */
  stop: RolloutStop | null;
  undoing: boolean;
  backedOut: boolean;
  /** Given up for this attempt of the step. */
  over: boolean;
  /** `resume --from` a step of the body: where its failed hosts go on. */
  from: number | null;
  /** Attempts of the step that this work has seen: one more, and the failed hosts are tried again. */
  tries: number;
  /** Generation that its groups start with, and the highest one used in it. */
  readonly base: number;
  last: number;
}

export interface QueuedWalk {
  readonly hosts: readonly number[];
  readonly cursor: number;
  readonly generation: number;
  readonly out: { readonly [position: string]: readonly number[] };
}

export interface RolloutStop {
  readonly reason: 'refused' | 'budget' | 'gate-failed' | 'gate-undecided' | 'undo-failed';
  readonly error: Failure;
}

export interface GateProgress {
  readonly generation: number;
  metrics: { [id: string]: MetricProgress };
}

export interface WatchProgress {
  readonly gate: GateProgress;
  readonly startAt: number;
}

export interface MetricProgress {
  tally: GateTally;
  nextAt: number;
  verdict: GateVerdict | null;
  message: string;
}

/** A group on its way through the body: entering again replays the steps before the cursor from `out`. */
export interface Walk {
  readonly group: number;
  readonly hosts: readonly number[];
  /** Every step of this walk runs under it: walks after the first of a host are above all that were used before. */
  readonly generation: number;
  cursor: number;
  /** Orders of the steps that each host failed at, rescued or not. */
  out: { [position: string]: readonly number[] };
  /** First step of the failure that a host has not been rescued from. */
  origin: { [position: string]: FailedAt };
  unknown: { [position: string]: FailedAt };
  leaf: BatchWork | null;
  /** When the time of a group of the body is over, by its address. */
  limits: { [at: string]: number };
  /** Why hosts have failed at a group as a whole, by its order. */
  failedGroups: { [order: string]: Failure };
  /** Past a point of no return: failed hosts that people want to have taken back. */
  toUndo: readonly number[] | null;
  waitUntil: number | null;
  /** Null while people are asked; then what is left of it is beside it. */
  deadlineAt: number | null;
  remainingMs: number;
  /** Something may have been changed on its hosts. */
  begun: boolean;
  /** Through, or out of time: what is left is to say so. */
  done: boolean;
}

export interface FailedAt {
  readonly order: number;
  readonly code: string;
  readonly message: string;
}

export interface LeftHost extends FailedAt {
  readonly out: readonly number[];
  readonly group: number;
}

/** What must be undone, newest last. */
export interface UndoEntry {
  readonly at: string;
  readonly path: string;
  /** Path and scope of the container: where the step's expressions are read. */
  readonly container: string;
  readonly scope: string;
  readonly childId?: string;
  /** Its child has been told to undo: what it reports from then on is about that. */
  begun?: boolean;
  /** State that its child had ended with before. */
  endedWith?: string;
  /** Indices into the target set by position; null: once on the worker, or the whole set. */
  readonly hosts: readonly number[] | null;
  /** `1` for each position that is still to be undone, by address of the step. */
  touched: { [at: string]: string };
  generation: number;
  /** The operation in flight, so that entering again re-attaches. */
  batch: { readonly at: string; readonly positions: readonly number[]; readonly work: BatchWork } | null;
  /** Hosts whose undo failed in this pass, by position: at which step. */
  failed: { [position: string]: string };
  /** What people are asked about it. */
  problem?: UndoProblem;
  /** Hosts of this pass, in the order in which they are taken back. */
  order: readonly number[] | null;
  /** The group that goes back now, of hosts in redundancy groups. */
  seated?: readonly number[] | null;
  gate: GateProgress | null;
}

export interface UndoProblem {
  readonly title: string;
  readonly hosts: readonly string[];
}

export function newControl(): ControlState {
  return {
    paused: false,
    held: false,
    hard: false,
    backOut: false,
    cutoffAt: null,
    admitted: {},
    removed: [],
    cancel: null,
  };
}

export function initialState(now: number): RunState {
  return {
    stage: 'new',
    life: 'pending',
    waits: {},
    startedAt: now,
    passStartedAt: now,
    floor: 1,
    highest: 1,
    cursors: {},
    frames: {},
    scopes: { '': { parent: null, names: {}, records: {} } },
    undo: [],
    tasks: {},
    desks: {},
    asked: {},
    counters: { tasks: 0, states: 0, passes: 0 },
    control: newControl(),
    events: [],
    children: {},
    relayed: {},
    locks: [],
    lockNews: 0,
    noReturn: false,
    degraded: false,
    exceptions: [],
    tolerated: {},
    undone: [],
    backedOut: false,
    wasUndone: false,
    undoGivenUp: false,
    failure: null,
    outcome: null,
    refusal: null,
    onlyHosts: null,
  };
}
