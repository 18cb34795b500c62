import type { Connection } from '@temporalio/client';

import { taskQueue } from '../../platform/temporal';
import type { WorkerPresence } from '../api/context';

const workflowQueue = 1;

/** Asks Temporal who polls the queue. A server that does not answer is reported, not thrown. */
export async function workerPresence(connection: Connection, namespace: string): Promise<WorkerPresence> {
  try {
    const described = await connection.withDeadline(Date.now() + 2_000, () =>
      connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: workflowQueue,
      }),
    );
    return { temporal: 'up', workers: described.pollers?.length ?? 0 };
  } catch {
    return { temporal: 'down', workers: 0 };
  }
}
