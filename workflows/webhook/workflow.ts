import { sleep } from '@temporalio/workflow';

import { callActivity } from '../temporal-effects/activities';
import { Suspension } from '../temporal-effects/suspension';
import type { DeliveryAttemptInput, DeliveryInput, DeliveryReply } from './messages';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Pauses after an attempt that was refused, the last one again and again: three days in all, as Standard Webhooks has it. */
const firstPausesMs = [5 * secondMs, 30 * secondMs, 5 * minuteMs, 30 * minuteMs, hourMs] as const;
const laterPauseMs = 2 * hourMs;
const laterPauses = 36;
const pausesMs: readonly number[] = [...firstPausesMs, ...Array.from({ length: laterPauses }, () => laterPauseMs)];

/** One attempt: what a receiver is waited for, and the store. */
const attemptTimeoutMs = 60 * secondMs;

/**
 * Tells one receiver of one entry, until it has heard or three days are over. An attempt whose worker died is made again: the message
 * keeps its id, by which receivers know it.
 */
export async function webhookDelivery(input: DeliveryInput): Promise<DeliveryReply['outcome']> {
  for (const pauseMs of pausesMs) {
    const { outcome } = await attempt({ ...input, last: false });
    if (outcome !== 'refused') return outcome;
    await sleep(pauseMs);
  }
  const { outcome } = await attempt({ ...input, last: true });
  return outcome;
}

function attempt(asked: DeliveryAttemptInput): Promise<DeliveryReply> {
  return callActivity<DeliveryReply>(
    {
      type: 'webhook.deliver',
      asked,
      timeoutMs: attemptTimeoutMs,
      summary: `tell ${asked.subscription}`,
      detachable: false,
    },
    new Suspension(),
  );
}
