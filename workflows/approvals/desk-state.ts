import type { ApprovalFacts } from '../domain/approval-candidate';
import type { ApprovalRequest, ApprovalState } from '../domain/approval-state';
import type { AskedPerson } from '../domain/journal';
import type { JsonObject } from '../domain/json';
import type { OpenTask } from '../domain/quorum';
import type { Effects } from '../effects';

/** What is to be approved, and how people are shown it. */
export interface DeskOpening {
  readonly request: ApprovalRequest;
  /** Path of the step that asks; tasks carry it. */
  readonly path: string;
  readonly title: string;
  readonly show: JsonObject;
  /** What expressions among the candidates read, as `facts`. */
  readonly facts: ApprovalFacts;
  /** Epoch ms; null: after the standard time (R-APPR-6). */
  readonly respondBy: number | null;
  /** What tasks say happens when nobody answers in time; null: the request has timed out, and that is all. */
  readonly onDue: string | null;
}

/** What a run and a change both can give. */
export interface DeskContext {
  readonly effects: Effects;
  /** Unique within the process, and never given twice. */
  readonly nextTaskId: () => string;
}

/**
 * One approval with its tasks, as plain JSON in the state of its process: entered again with it, everything goes on. Changed only
 * between awaits.
 */
export interface DeskState {
  /** Begins the keys of its entries in the journal; unique within the process. */
  readonly id: string;
  readonly path: string;
  title: string;
  show: JsonObject;
  showHash: string;
  facts: ApprovalFacts;
  readonly onDue: string | null;
  approval: ApprovalState;
  tasks: DeskTask[];
  /** Who was told, by task: a person who is asked again later is told again. */
  asked: { [taskId: string]: readonly AskedPerson[] };
  /** R-APPR-11: what each answer was used for, by its id. */
  answers: { [id: string]: DeskAnswer };
  /** How many entries it has written. */
  entries: number;
  /** How often it has changed: whoever waits notices by it. */
  turns: number;
  /** When the electorate was last looked at. */
  lookedAt: number;
}

/** One task for each slot of a level, each time the level is opened. */
export interface DeskTask extends OpenTask {
  readonly slot: string;
}

export interface DeskAnswer {
  readonly taskId: string;
  readonly actor: string;
  readonly choice: string;
  readonly comment: string;
}

export type DeskOpened =
  | { readonly opened: true; readonly desk: DeskState }
  | { readonly opened: false; readonly code: string; readonly reason: string };

/** Whether it was carried out; a refusal changed nothing. */
export type DeskResult =
  { readonly accepted: true } | { readonly accepted: false; readonly code: string; readonly reason: string };

/** The choices of an approval task; `revoke` is answered as well, until the start. */
export const voteOptions = ['approve', 'reject', 'abstain'] as const;
export const revokeChoice = 'revoke';
