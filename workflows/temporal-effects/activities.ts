import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  scheduleActivity,
  scheduleLocalActivity,
  sleep,
} from '@temporalio/workflow';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

import type { JournalEntry } from '../domain/journal';
import { Interruption } from '../effects';
import type { Stillness } from './stillness';
import type { Suspension } from './suspension';

/** How long workers or the store may be away before a call is given up. */
const patienceMs = 24 * 3_600_000;
/** Below the time that a workflow task has: it would be handed out again, and the work be done twice. */
const localTimeoutMs = 5_000;
/** D1, D11: for a lost worker or a store that is away. A runbook's own retry is a loop of the interpreter. */
const infrastructureRetry = { initialInterval: 200, backoffCoefficient: 2, maximumInterval: 1_000 } as const;

/**
 * The only place that makes options of activities. D2: an omitted cancellation type would not wait, and what dies after a cancel
 * request would not be tried again.
 */
function activityOptions(timeoutMs: number, summary: string): ActivityOptions {
  return {
    startToCloseTimeout: timeoutMs,
    scheduleToCloseTimeout: timeoutMs + patienceMs,
    heartbeatTimeout: 3_000,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: infrastructureRetry,
    summary: summary.slice(0, 200),
  };
}

function localOptions(retry: LocalActivityOptions['retry']): LocalActivityOptions {
  return {
    startToCloseTimeout: localTimeoutMs,
    scheduleToCloseTimeout: patienceMs,
    localRetryThreshold: localTimeoutMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    ...(retry === undefined ? {} : { retry }),
  };
}

export interface ActivityCall {
  readonly type: string;
  readonly asked: object;
  /** To be journaled first. */
  readonly entries?: readonly JournalEntry[];
  readonly timeoutMs: number;
  readonly summary: string;
  /** May be left when the run continues as new, since asking again finds the same work. */
  readonly detachable: boolean;
}

/** A normal activity. Throws an `Interruption` when its part is cancelled or left; any other failure is for the caller. */
export async function callActivity<R>(call: ActivityCall, suspension: Suspension): Promise<R> {
  const scope = new CancellationScope({ cancellable: true });
  const leave = call.detachable ? suspension.onRequest(() => scope.cancel()) : () => {};
  try {
    const options = activityOptions(call.timeoutMs, call.summary);
    return await scope.run(() => scheduleActivity<R>(call.type, argumentsOf(call.asked, call.entries), options));
  } catch (error) {
    // A call whose worker died after the request to cancel ends with a timeout instead: it was cancelled all the same.
    if (isCancellation(error) || scope.consideredCancelled) {
      throw new Interruption(suspension.requested ? 'suspend' : 'cancel');
    }
    throw error;
  } finally {
    leave();
  }
}

function argumentsOf(asked: object, entries: readonly JournalEntry[] = []): unknown[] {
  return entries.length === 0 ? [asked] : [asked, entries];
}

/**
 * Local activities. Live, each comes back in an activation of its own. On replay it comes back together with everything else that
 * its workflow task brought: other local activities, and whatever was delivered when the task was renewed for one that took long.
 * Code would go on in another order and at another time, and the run could never be replayed again.
 *
 * - L1 Answers are handed over one by one, each when every part of the run waits: what came before has then been dealt with.
 * - L2 The clock of the run stands while one is in flight: how the others are brought together does not show in it.
 * - L3 None is ever cancelled: it is over in a moment, and a request to cancel one that has just come back is more than the server's
 *   client can take (the workflow task then fails for ever). Whoever is cancelled notices at the next wait.
 * - L4 A timer stands while one is in flight. If the task ends later it leaves no trace. If the task is renewed it is the command that
 *   the task has to show: a task without any is taken for a mere renewal on replay, and its code is run at the time of the next one.
 */
export class LocalActivities {
  #last: Promise<void> = Promise.resolve();
  #inFlight = 0;
  #standsAt = 0;
  #timer = new CancellationScope();

  constructor(private readonly stillness: Stillness) {}

  /** Epoch ms. */
  now(): number {
    return this.#inFlight > 0 ? this.#standsAt : Date.now();
  }

  /** D19: once, in the worker that holds the workflow. What fails here is tried again as a normal activity. */
  lightly<R>(type: string, asked: object, entries: readonly JournalEntry[]): Promise<R> {
    return CancellationScope.nonCancellable(() =>
      this.#handedOver(() =>
        scheduleLocalActivity<R>(type, argumentsOf(asked, entries), localOptions({ maximumAttempts: 1 })),
      ),
    );
  }

  /** A small answer that the run cannot go on without: asked until it comes, and not interrupted. */
  ask<R>(type: string, ...asked: readonly unknown[]): Promise<R> {
    return CancellationScope.nonCancellable(() =>
      this.#handedOver(() => scheduleLocalActivity<R>(type, [...asked], localOptions(infrastructureRetry))),
    );
  }

  async #handedOver<R>(call: () => Promise<R>): Promise<R> {
    this.#standsAt = this.now();
    if (this.#inFlight === 0) this.#startTimer();
    this.#inFlight += 1;
    const answer = call();
    const takeTurn = (): Promise<void> => this.#takeTurn();
    await answer.then(takeTurn, takeTurn);
    return answer;
  }

  #takeTurn(): Promise<void> {
    const turn = this.#last.then(async () => {
      await this.stillness.reached();
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#timer.cancel();
    });
    this.#last = turn;
    return turn;
  }

  #startTimer(): void {
    this.#timer = new CancellationScope();
    // It ends by being cancelled.
    this.#timer.run(() => sleep(patienceMs)).catch(() => {});
  }
}
