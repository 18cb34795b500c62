import { deliveryWorkflowId, deliveryWorkflowType } from '../../workflows/webhook/messages';
import type { DeliveryInput } from '../../workflows/webhook/messages';
import type { TemporalPlace } from './gateway';
import { nameOf, unavailableOr } from './temporal-errors';

/** One workflow for each round of a delivery: the id says which. */
export async function startDelivery(place: TemporalPlace, input: DeliveryInput): Promise<void> {
  const { client, taskQueue, answerTimeoutMs } = place;
  try {
    await client.withDeadline(Date.now() + answerTimeoutMs, () =>
      client.workflow.start(deliveryWorkflowType, {
        workflowId: deliveryWorkflowId(input),
        taskQueue,
        args: [input],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        staticSummary: `tell ${input.subscription}`,
      }),
    );
  } catch (error) {
    if (nameOf(error) !== 'WorkflowExecutionAlreadyStartedError') throw unavailableOr(error);
  }
}
