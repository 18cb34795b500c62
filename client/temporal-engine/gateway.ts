import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';

import { backupMessageNames } from '../../workflows/backup/messages';
import { changeMessageNames, changeWorkflowType } from '../../workflows/change/messages';
import type { ChangeInput } from '../../workflows/change/messages';
import { messageNames, runbookWorkflowType, workflowIdOf } from '../../workflows/runbook/messages';
import type { EventMessage, RunInput } from '../../workflows/runbook/messages';
import type { BackupGateway, ChangeGateway, Delivery, RunGateway, RunMessage } from '../run-gateway';
import { standing, startKeeper, tellKeeper } from './keepers';
import { causeOf, nameOf, numberField, textField, unavailable, unavailableOr } from './temporal-errors';
import { Turns } from './turns';

export interface TemporalPlace {
  readonly client: Client;
  readonly taskQueue: string;
  /** How long a message waits for a worker before the engine counts as unavailable. */
  readonly answerTimeoutMs: number;
}

/** See M2. */
const updatesAtATime = 5;

/** Runs as Temporal workflows. The only file that speaks to Temporal about runs. */
export function createTemporalGateway(place: TemporalPlace): RunGateway & ChangeGateway & BackupGateway {
  const turns = new Turns(updatesAtATime);
  return {
    start: (input, reuse) => startWorkflow(place, input, reuse),
    startChange: (input) => startChange(place, input),
    startKeeper: (input) => startKeeper(place, input),
    tellKeeper: (input) => tellKeeper(place, input),
    callOff: (operationId, reason) => sendSignal(place, operationId, [backupMessageNames.cancel, reason]),
    standing: (operationId) => standing(place, operationId),
    tellNews: (changeId) => sendSignal(place, changeId, [changeMessageNames.surroundings]),
    send: <R>(message: RunMessage) => {
      const deadline = Date.now() + place.answerTimeoutMs;
      return turns.take(message.runId, () => sendUpdate<R>(place, { message, deadline }));
    },
    tell: (runId, event) => sendSignal(place, runId, [messageNames.event, event]),
    wake: (runId) => sendSignal(place, runId, [messageNames.lockNews]),
  };
}

const runbookId = defineSearchAttributeKey('RunbookId', 'KEYWORD');
const requester = defineSearchAttributeKey('Requester', 'KEYWORD');

async function startWorkflow(
  place: TemporalPlace,
  input: RunInput,
  reuse: 'once' | 'again',
): Promise<'started' | 'exists'> {
  const { definition } = input.program;
  try {
    await place.client.workflow.start(runbookWorkflowType, {
      workflowId: workflowIdOf(input.run.id),
      taskQueue: place.taskQueue,
      args: [input],
      workflowIdReusePolicy: reuse === 'once' ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `Run ${input.run.number}: ${definition.name} ${definition.version}`,
      typedSearchAttributes: [
        { key: runbookId, value: definition.name },
        { key: requester, value: input.run.requester },
      ],
    });
    return 'started';
  } catch (error) {
    if (nameOf(error) === 'WorkflowExecutionAlreadyStartedError') return 'exists';
    throw unavailableOr(error);
  }
}

/** Once: a change has one execution, whatever becomes of it. */
async function startChange(place: TemporalPlace, input: ChangeInput): Promise<'started' | 'exists'> {
  const { id, number } = input.change;
  try {
    await place.client.workflow.start(changeWorkflowType, {
      workflowId: workflowIdOf(id),
      taskQueue: place.taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `CHG-${number}: ${input.draft.title}`,
      typedSearchAttributes: [{ key: requester, value: input.change.requester }],
    });
    return 'started';
  } catch (error) {
    if (nameOf(error) === 'WorkflowExecutionAlreadyStartedError') return 'exists';
    throw unavailableOr(error);
  }
}

async function sendSignal(
  place: TemporalPlace,
  runId: string,
  [name, ...facts]: readonly [name: string, ...facts: (EventMessage | string)[]],
): Promise<'told' | 'closed'> {
  try {
    await place.client.workflow.getHandle(workflowIdOf(runId)).signal<(EventMessage | string)[]>(name, ...facts);
    return 'told';
  } catch (error) {
    if (nameOf(error) === 'WorkflowNotFoundError') return 'closed';
    throw unavailableOr(error);
  }
}

/**
 * Sends an Update and waits for its answer.
 *
 * - M1 The message keeps its id over all tries, so that it is applied once.
 * - M2 A run takes ten Updates at a time. Sending one more is not just refused: the server forgets the workflow task in hand, and
 *   with it Updates that were let in. So we keep to half of that, for another process may send as well, and what was forgotten
 *   or is above the limit all the same is sent again after a short random pause (D9).
 * - M3 An Update without a worker would wait for ever: after a while the engine is reported as unavailable.
 */
async function sendUpdate<R>(
  place: TemporalPlace,
  { message, deadline }: { readonly message: RunMessage; readonly deadline: number },
): Promise<Delivery<R>> {
  for (;;) {
    try {
      const handle = place.client.workflow.getHandle(workflowIdOf(message.runId));
      const result = await place.client.withDeadline(deadline, () =>
        handle.executeUpdate<R, [unknown]>(message.name, { args: [message.payload], updateId: message.id }),
      );
      return { kind: 'answered', result };
    } catch (error) {
      const delivery = deliveryOf(error);
      if (delivery !== 'again') return delivery;
      if (Date.now() >= deadline) throw unavailable('the run takes no more messages at the moment', error);
      await sleep(50 + Math.random() * 200);
    }
  }
}

function deliveryOf(error: unknown): Exclude<Delivery<never>, { kind: 'answered' }> | 'again' {
  switch (nameOf(error)) {
    case 'WorkflowUpdateFailedError':
      return isForgotten(error) ? 'again' : rejection(error);
    case 'WorkflowNotFoundError':
      return { kind: 'closed' };
    case 'WorkflowUpdateRPCTimeoutOrCancelledError':
      throw unavailable('no worker answered in time', error);
    default:
      if (isInFlightLimit(error)) return 'again';
      throw unavailableOr(error);
  }
}

/** By an execution that went on as a new one, or by the server; the id makes a repeat harmless (M1). */
function isForgotten(error: unknown): boolean {
  const type = textField(causeOf(error), 'type');
  return type === 'AcceptedUpdateCompletedWorkflow' || type === 'UnprocessedUpdate';
}

function rejection(error: unknown): { readonly kind: 'rejected'; readonly code: string; readonly reason: string } {
  const cause = causeOf(error);
  return {
    kind: 'rejected',
    code: textField(cause, 'type') ?? 'REFUSED',
    reason: textField(cause, 'message') ?? 'refused by the run',
  };
}

const resourceExhausted = 8;

function isInFlightLimit(error: unknown): boolean {
  return numberField(error, 'code') === resourceExhausted || numberField(causeOf(error), 'code') === resourceExhausted;
}
