import type { DataConverter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkflowBundleOption } from '@temporalio/worker';

import type { ActivityTable } from '../activities/activities';
import { taskQueue } from '../platform/temporal';
import { HeartbeatInterceptor } from './interceptors';

export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly workflowBundle: WorkflowBundleOption;
  readonly activities: ActivityTable;
  readonly dataConverter: DataConverter;
  /** Another queue than the product's, for tests. */
  readonly taskQueue?: string;
  readonly identity?: string;
  /** 0 makes every workflow task a replay: for tests of determinism. */
  readonly maxCachedWorkflows?: number;
}

/** One worker with everything on it: workflows, operations, look-ups. */
export function createWorker(options: WorkerOptions): Promise<Worker> {
  return Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue ?? taskQueue,
    workflowBundle: options.workflowBundle,
    activities: { ...options.activities },
    dataConverter: options.dataConverter,
    interceptors: { activity: [() => ({ inbound: new HeartbeatInterceptor() })] },
    ...(options.identity === undefined ? {} : { identity: options.identity }),
    // A dead worker holds its runs' next tasks for so long (D11).
    stickyQueueScheduleToStartTimeout: '2s',
    // A cancel reaches an activity with the answer to a heartbeat.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
    maxCachedWorkflows: options.maxCachedWorkflows ?? 500,
    // Activities stop watching at once when told to; this is for those that are just writing a row.
    shutdownGraceTime: '10s',
    shutdownForceTime: '20s',
  });
}
