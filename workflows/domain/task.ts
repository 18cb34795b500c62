import type { Json } from './json';

/** Every question to people is a task: one inbox, one way to answer (design: "People are asked in one way"). */
export type TaskKind = 'approval' | 'manual' | 'unknown' | 'failure' | 'pause' | 'undo-failed';

/** What is asked. It is part of the run's state and of the journal entry `task.opened`. */
export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  /** Path of the step that asks. */
  readonly path: string;
  readonly title: string;
  readonly candidates: readonly string[];
  /** An approval has `approve` and `reject`; the others name their own. */
  readonly options: readonly string[];
  readonly min: number;
  readonly rejectOn: number;
  readonly excludeRequester: boolean;
  readonly form: Json;
  readonly show: { readonly [name: string]: Json };
  /** What a vote signs: the plan, and what was shown. */
  readonly planHash: string;
  readonly showHash: string;
  readonly openedAt: number;
  /** Epoch ms; null: never (tasks that the engine opens). */
  readonly dueAt: number | null;
  readonly onDue: string | null;
  /** Hosts that an `unknown` task is about, so that it can be answered for all or one by one. */
  readonly hosts: readonly string[];
  /** Of an approval whose levels have several: the one that is asked here. */
  readonly slot?: string;
  /** 1 urgent … 5; absent: 3. */
  readonly priority?: number;
}

const usualPriority = 3;

export function priorityOf({ priority = usualPriority }: Pick<Task, 'priority'>): number {
  return priority;
}

/** Of the same priority each stays where it is. */
export function mostUrgentFirst<T extends Pick<Task, 'priority'>>(tasks: readonly T[]): readonly T[] {
  return tasks.toSorted((one, other) => priorityOf(one) - priorityOf(other));
}

/** An answer as it arrives; the API fills in actor and channel. */
export interface Answer {
  readonly taskId: string;
  /** Idempotency key: the same answer twice counts once. */
  readonly id: string;
  readonly actor: string;
  readonly via: string;
  readonly choice: string;
  readonly comment: string;
  readonly form: Json;
  /** R-APPR-3: whose vote it is, if a delegate gives it; absent: the actor's own, or that of the only one who has delegated to them. */
  readonly onBehalfOf?: string;
  /** It is no answer: somebody else is to give it. Back to oneself: it is taken back. */
  readonly delegation?: {
    readonly to: string;
    /** Epoch ms; null: as long as it is asked. */ readonly until: number | null;
  };
  /** Absent: for all hosts of the task. */
  readonly hosts?: readonly string[];
  /** What the voter saw; absent: the task's own (the CLI fills it in from the task it printed). */
  readonly planHash?: string;
  readonly showHash?: string;
}

/** `counted` is not yet `decided`: a quorum may still be open. */
export type AnswerResult =
  | {
      readonly accepted: true;
      readonly decided: boolean;
      readonly choice: string | null;
      /** R-APPR-11: what this answer (by its id) was used for; whoever sends it again changes nothing and reads this. */
      readonly recorded?: string;
    }
  | { readonly accepted: false; readonly code: string; readonly reason: string };
