import type { LockWait } from '../../workflows/domain/lock-queue';
import type { SeatRequest } from '../../workflows/domain/seats';

/** Fold of the stream `locks` (D13). */
export interface Locks {
  acquire(request: {
    readonly runId: string;
    readonly path: string;
    readonly names: readonly string[];
    /** One of them is enough: the first that is to be had. */
    readonly anyOf?: boolean;
    /** They are seats: as many of the hosts as there is room for, from the first on. */
    readonly seats?: SeatRequest;
    /** False: whoever does not get them does not wait for them. */
    readonly wait?: boolean;
    readonly at: number;
  }): Promise<{
    readonly token: number | null;
    /** What was granted. */
    readonly names: readonly string[];
    /** Runs that hold them, or asked for them before. */
    readonly heldBy: readonly string[];
    /** Seats: in the way is what the asker holds itself, or somebody who waits for it in turn. */
    readonly isStuck?: true;
  }>;
  /** Also the waiting for them ends. Answers how many were held. */
  release(request: {
    readonly runId: string;
    readonly path: string;
    readonly names: readonly string[];
    readonly at: number;
    readonly by: string;
  }): Promise<number>;
  /**
   * What a run holds whose execution is over stays in the way until the run goes on or a person frees it; what it waits for does
   * not. With `names` only those: hosts that a run which goes on has left out of service. Answers how many it holds.
   */
  orphan(request: { readonly runId: string; readonly names?: readonly string[]; readonly at: number }): Promise<number>;
  /** By a person, and only what is orphaned. */
  free(request: {
    readonly name: string;
    readonly by: string;
    readonly reason: string;
    readonly via: string;
    readonly at: number;
  }): Promise<'freed' | 'held' | 'none'>;
  list(): Promise<readonly LockRow[]>;
  /** In the order of asking. */
  waits(): Promise<readonly LockWait[]>;
  /** Runs whose wait is over as things stand, oldest first: they are to be told. */
  due(): Promise<readonly string[]>;
}

export interface LockRow {
  readonly name: string;
  readonly runId: string;
  readonly path: string;
  readonly token: number;
  readonly state: 'held' | 'orphaned';
  readonly at: number;
  /** Of a seat: how many of its redundancy group may be out, as its holder was told. */
  readonly seatLimit?: number;
}
