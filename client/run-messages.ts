import type { Client } from '@temporalio/client';

import { RequestError } from './api/errors';
import { workflowIdOf } from './run-identity';

export interface RunMessage {
  readonly runId: string;
  /** An Update's name. */
  readonly name: string;
  readonly payload: unknown;
  /** The same id twice is one message. */
  readonly id: string;
  readonly timeoutMs: number;
}

export type Delivery<R> =
  | { readonly kind: 'answered'; readonly result: R }
  /** The validator of the run said no. */
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  /** No execution is there to take it. */
  | { readonly kind: 'closed' };

/**
 * Sends an Update and waits for its answer.
 *
 * - M1 The message keeps its id over all tries, so that it is applied once.
 * - M2 A run takes ten Updates at a time: the ones above that limit are sent again after a short random pause (D9).
 * - M3 An Update without a worker would wait for ever: after `timeoutMs` the engine is reported as unavailable.
 */
export async function sendUpdate<R>(client: Client, message: RunMessage): Promise<Delivery<R>> {
  const deadline = Date.now() + message.timeoutMs;
  for (;;) {
    try {
      const handle = client.workflow.getHandle(workflowIdOf(message.runId));
      const result = await client.withDeadline(deadline, () =>
        handle.executeUpdate<R, [unknown]>(message.name, { args: [message.payload], updateId: message.id }),
      );
      return { kind: 'answered', result };
    } catch (error) {
      const delivery = deliveryOf(error);
      if (delivery !== 'again') return delivery;
      if (Date.now() >= deadline) throw unavailable('the run takes no more messages at the moment', error);
      await pause(50 + Math.random() * 200);
    }
  }
}

function deliveryOf(error: unknown): Exclude<Delivery<never>, { kind: 'answered' }> | 'again' {
  switch (nameOf(error)) {
    case 'WorkflowUpdateFailedError':
      return rejection(error);
    case 'WorkflowNotFoundError':
      return { kind: 'closed' };
    case 'WorkflowUpdateRPCTimeoutOrCancelledError':
      throw unavailable('no worker answered in time', error);
    default:
      if (isInFlightLimit(error)) return 'again';
      throw unavailableOr(error);
  }
}

function rejection(error: unknown): { readonly kind: 'rejected'; readonly code: string; readonly reason: string } {
  const cause = causeOf(error);
  return {
    kind: 'rejected',
    code: textField(cause, 'type') ?? 'REFUSED',
    reason: textField(cause, 'message') ?? 'refused by the run',
  };
}

/** Trouble on the way to Temporal is the engine's unavailability; anything else is passed on as it is. */
export function unavailableOr(error: unknown): unknown {
  return isServiceError(error)
    ? unavailable(textField(causeOf(error), 'details') ?? 'Temporal does not answer', error)
    : error;
}

export function nameOf(error: unknown): string {
  return textField(error, 'name') ?? '';
}

function unavailable(state: string, cause: unknown): RequestError {
  return new RequestError('ENGINE_UNAVAILABLE', `Cannot reach the engine: ${state}`, { cause });
}

function isServiceError(error: unknown): boolean {
  return (
    nameOf(error) === 'ServiceError' ||
    numberField(error, 'code') !== undefined ||
    numberField(causeOf(error), 'code') !== undefined
  );
}

const resourceExhausted = 8;

function isInFlightLimit(error: unknown): boolean {
  return numberField(error, 'code') === resourceExhausted || numberField(causeOf(error), 'code') === resourceExhausted;
}

function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}

function textField(value: unknown, name: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' ? found : undefined;
}

function numberField(value: unknown, name: string): number | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'number' ? found : undefined;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
