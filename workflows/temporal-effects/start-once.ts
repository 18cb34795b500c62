import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';

import { workflowIdOf } from '../runbook/messages';

interface Start {
  /** Workflow type. */
  readonly type: string;
  /** Id of the process. */
  readonly id: string;
  readonly input: unknown;
  /** A new execution after the last has ended; otherwise one for ever. */
  readonly again?: boolean;
  readonly summary?: string;
}

/** A process that lives on its own, whatever becomes of the one that starts it (D7). */
export async function startOnce({ type, id, input, again = false, summary }: Start): Promise<void> {
  try {
    await startChild(type, {
      workflowId: workflowIdOf(id),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      workflowIdReusePolicy: again ? WorkflowIdReusePolicy.ALLOW_DUPLICATE : WorkflowIdReusePolicy.REJECT_DUPLICATE,
      ...(summary === undefined ? {} : { staticSummary: summary }),
    });
  } catch (error) {
    // Entered again: it is there from before.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
