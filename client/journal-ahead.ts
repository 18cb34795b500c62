import { setTimeout as sleep } from 'node:timers/promises';

import { tryAgain } from '../workflows/change/messages';
import type { Delivery, RunGateway, RunMessage } from './run-gateway';

const tries = 100;
const pauseMs = 200;

/**
 * Sends a message, and sends it again while the workflow refuses what its journal allows. A worker that was killed after it had
 * written to the journal, and before it could tell the server, leaves a workflow that is behind what people have read: it says no
 * until the next worker has come as far, some seconds later. And one that was about to continue as new when it was told has not
 * answered at all: whoever asks again, with the same id, is answered by what goes on in its place.
 *
 * @param allowed Whether the journal, read anew, says that this refusal is out of date.
 */
export async function sendPastJournal<R>(
  gateway: Pick<RunGateway, 'send'>,
  message: RunMessage,
  allowed: (code: string) => Promise<boolean>,
): Promise<Delivery<R>> {
  for (let count = 1; ; count += 1) {
    const delivery = await gateway.send<R>(message);
    if (count === tries || !(await isToBeSentAgain(delivery, allowed))) return delivery;
    await sleep(pauseMs);
  }
}

async function isToBeSentAgain(
  delivery: Delivery<unknown>,
  allowed: (code: string) => Promise<boolean>,
): Promise<boolean> {
  switch (delivery.kind) {
    case 'answered':
      return isNoAnswer(delivery.result);
    case 'rejected':
      return allowed(delivery.code);
    case 'closed':
      return false;
  }
}

function isNoAnswer(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'code' in result && result.code === tryAgain;
}
