import type { Client, WorkflowExecutionStatusName } from '@temporalio/client';

import { workflowIdOf } from '../../workflows/runbook/messages';
import type { Standing } from '../run-gateway';

const over: ReadonlySet<WorkflowExecutionStatusName> = new Set([
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'TIMED_OUT',
]);

/** Whether a run's newest execution goes on. One that Temporal does not know, or no longer, does not. */
export async function isRunAlive(client: Client, runId: string): Promise<boolean> {
  return (await standingOf(client, runId)) === 'open';
}

export async function standingOf(client: Client, runId: string): Promise<Standing> {
  try {
    const { status } = await client.workflow.getHandle(workflowIdOf(runId)).describe();
    return over.has(status.name) ? 'closed' : 'open';
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return 'unknown';
    throw error;
  }
}
