import type { KeeperInput } from '../workflows/backup/messages';
import type { ChangeInput } from '../workflows/change/messages';
import type { EventMessage, RunInput } from '../workflows/runbook/messages';

/** The way to runs that are executing: start them, and send them messages. */
export interface RunGateway {
  /** `once`: never a second execution, whatever became of the first. `again`: a new one after the last has ended (D14). */
  start(input: RunInput, reuse: 'once' | 'again'): Promise<'started' | 'exists'>;
  /** Waits for the answer of the run. */
  send<R>(message: RunMessage): Promise<Delivery<R>>;
  tell(runId: string, event: EventMessage): Promise<'told' | 'closed'>;
  /** What it waits for may be free. */
  wake(runId: string): Promise<'told' | 'closed'>;
}

/** The way to changes that are open; what is sent to one goes the same way as to runs. */
export interface ChangeGateway extends Pick<RunGateway, 'send'> {
  startChange(input: ChangeInput): Promise<'started' | 'exists'>;
  /** Something around it is not what it was. */
  tellNews(changeId: string): Promise<'told' | 'closed'>;
}

/** The way to keepers of backup plans and to their operations; acts go the same way as messages to runs. */
export interface BackupGateway extends Pick<RunGateway, 'send'> {
  startKeeper(input: KeeperInput): Promise<'started' | 'exists'>;
  /** Something around it is not what it was: its plan, what the plan names, an operation that could not tell its end. One that is not there is started. */
  tellKeeper(input: KeeperInput): Promise<void>;
  /** Asks an operation to end: it cleans up first. */
  callOff(operationId: string, reason: string): Promise<'told' | 'closed'>;
  standing(operationId: string): Promise<Standing>;
}

/** Of an execution. `unknown`: it is too long ago, or has yet to begin. */
export type Standing = 'open' | 'closed' | 'unknown';

export interface RunMessage {
  readonly runId: string;
  /** An Update's name. */
  readonly name: string;
  readonly payload: unknown;
  /** The same id twice is one message. */
  readonly id: string;
}

export type Delivery<R> =
  | { readonly kind: 'answered'; readonly result: R }
  /** The validator of the run said no. */
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  /** No execution is there to take it. */
  | { readonly kind: 'closed' };
