import type { AssertionResult } from '../domain/backup-levels';
import type { Json } from '../domain/json';
import type { Here } from './here';
import type { KnownSet } from './messages';
import type { OperationOutcome } from './messages';
import type { Place } from './place';
import type { RestoreChosen, RestoreWork } from './restore-choice';
import type { StepTime } from './step-times';

/** What every part of a restore is given. */
export interface Restoring extends Here {
  readonly work: RestoreWork;
  readonly record: RestoreRecord;
}

/** Changed between awaits only. */
export interface RestoreRecord {
  set: KnownSet | null;
  approvers: readonly string[];
  readonly steps: StepTime[];
  results: readonly AssertionResult[];
  loss: string;
  recoveryTime: string;
  fingerprint: string;
  leftovers: readonly string[] | null;
  /** Nobody knows where what is live lies: the place stays as it is. */
  keepsPlace: boolean;
}

export function newRestoreRecord(): RestoreRecord {
  return {
    set: null,
    approvers: [],
    steps: [],
    results: [],
    loss: '',
    recoveryTime: '',
    fingerprint: '',
    leftovers: null,
    keepsPlace: false,
  };
}

/** It is there, beside what is live. */
export interface Beside {
  readonly chosen: RestoreChosen;
  readonly place: Place;
  /** What did not hold; people decide whether it will do. */
  readonly failed: readonly AssertionResult[];
  /** Null: nobody could compare it, or the provider cannot. */
  readonly differences: readonly Json[] | null;
}

export interface RestoreEnd {
  readonly outcome: OperationOutcome;
  readonly reason: string;
}
