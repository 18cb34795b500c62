import type { Refusal } from '../domain/quorum';
import { accept } from './keeper-answers';
import type { KeeperHere } from './keeper-here';
import { launch } from './keeper-operations';
import { noteNotTaken } from './keeper-pause';
import type { KeeperState } from './keeper-state';
import type { BackupAct, BackupReply, PlanInForce } from './messages';

type CancelAct = Extract<BackupAct, { action: 'cancel' }>;

export function refusalOfCancel({ operation }: CancelAct, { queue }: KeeperState): Refusal | null {
  if (queue.some(({ id }) => id === operation)) return null;
  return {
    code: 'OPERATION_NOT_QUEUED',
    reason: `Cannot cancel operation "${operation}": it does not wait for its turn`,
  };
}

/** It begins out of turn, to say that it was called off and nothing else: whoever waits for its end gets one. */
export async function cancelQueued(act: CancelAct, plan: PlanInForce, here: KeeperHere): Promise<BackupReply> {
  const { actor, operation, reason } = act;
  const wanted = here.state.queue.find(({ id }) => id === operation);
  if (wanted === undefined) throw new Error(`Cannot cancel operation "${operation}": it is not in the queue`);
  noteNotTaken(wanted.work, 'called off', here);
  await launch({ ...wanted, calledOff: `called off by ${actor}${reason === '' ? '' : `: ${reason}`}` }, plan, here);
  return accept(operation);
}
