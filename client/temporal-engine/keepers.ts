import type { WorkflowStartOptions } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';

import { backupMessageNames, keeperWorkflowType } from '../../workflows/backup/messages';
import type { KeeperInput } from '../../workflows/backup/messages';
import { workflowIdOf } from '../../workflows/runbook/messages';
import type { TemporalPlace } from './gateway';
import type { Standing } from '../run-gateway';
import { standingOf } from './liveness';
import { nameOf, unavailableOr } from './temporal-errors';

const requester = defineSearchAttributeKey('Requester', 'KEYWORD');

/** One at a time; again after one was terminated: it ends by nothing else, and idles for as long as its plan is not published. */
export async function startKeeper(place: TemporalPlace, input: KeeperInput): Promise<'started' | 'exists'> {
  try {
    await place.client.workflow.start(keeperWorkflowType, {
      ...optionsOf(place, input),
      workflowIdConflictPolicy: 'FAIL',
    });
    return 'started';
  } catch (error) {
    if (nameOf(error) === 'WorkflowExecutionAlreadyStartedError') return 'exists';
    throw unavailableOr(error);
  }
}

export async function tellKeeper(place: TemporalPlace, input: KeeperInput): Promise<void> {
  try {
    await place.client.workflow.signalWithStart(keeperWorkflowType, {
      ...optionsOf(place, input),
      signal: backupMessageNames.surroundings,
      signalArgs: [],
    });
  } catch (error) {
    throw unavailableOr(error);
  }
}

export async function standing({ client }: TemporalPlace, operationId: string): Promise<Standing> {
  try {
    return await standingOf(client, operationId);
  } catch (error) {
    throw unavailableOr(error);
  }
}

function optionsOf(
  { taskQueue }: TemporalPlace,
  input: KeeperInput,
): Pick<WorkflowStartOptions, 'workflowId' | 'taskQueue' | 'staticSummary' | 'typedSearchAttributes'> & {
  readonly args: [KeeperInput];
  readonly workflowIdReusePolicy: 'ALLOW_DUPLICATE';
} {
  return {
    workflowId: workflowIdOf(input.keeper.id),
    taskQueue,
    args: [input],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `backup plan ${input.plan}`,
    typedSearchAttributes: [{ key: requester, value: input.keeper.requester }],
  };
}
