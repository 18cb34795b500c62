import { ApplicationFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';

import { progressOf } from '../activities/runtime/progress';

/** A third of the heartbeat timeout: one beat may be late. */
const beatMs = 1_000;

/**
 * Every activity heartbeats (D11): a dead worker is noticed within seconds, and a cancel reaches the activity. One that stops
 * because its worker does is taken up by another (D2).
 */
export class HeartbeatInterceptor implements ActivityInboundCallsInterceptor {
  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const context = Context.current();
    const beat = context.info.isLocal ? null : setInterval(() => context.heartbeat(progressOf(context)), beatMs);
    try {
      return await next(input);
    } catch (error) {
      throw context.cancellationSignal.aborted ? whyStopped(context, error) : error;
    } finally {
      if (beat !== null) clearInterval(beat);
    }
  }
}

/** What a library throws on abort has many shapes; Temporal knows the reason of the signal. */
function whyStopped({ cancellationDetails, cancellationSignal }: Context, error: unknown): unknown {
  const reason: unknown = cancellationSignal.reason ?? error;
  if (cancellationDetails?.workerShutdown !== true || cancellationDetails.cancelRequested) return reason;
  return ApplicationFailure.create({
    message: 'Cannot go on: the worker is being stopped',
    type: 'WORKER_STOPPED',
    nonRetryable: false,
    category: ApplicationFailureCategory.BENIGN,
    ...(error instanceof Error ? { cause: error } : {}),
  });
}
