import type { DeskState } from '../approvals/desk-state';
import type { OpenTask } from '../domain/quorum';

/** What messages to an operation read and change. It never continues as new: all else is in its procedure, which is played again. */
export interface OperationState {
  /** Tasks that it asks itself, by id; those of its approval belong to the desk. */
  tasks: { [id: string]: OpenTask };
  approval: DeskState | null;
  /** Why it was asked to end; null: it was not. */
  calledOff: string | null;
  counters: { facts: number; tasks: number; calls: number };
}

export function initialOperation(calledOff: string | null = null): OperationState {
  return { tasks: {}, approval: null, calledOff, counters: { facts: 0, tasks: 0, calls: 0 } };
}
