import { accept } from './keeper-answers';
import { as, noteKept } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import { dropFromQueue } from './keeper-operations';
import type { BackupAct, BackupReply, OperationWork, Slot } from './messages';

/** Nothing starts by itself: what waits for its turn without anybody having asked for it is given up. */
export async function pause(act: Extract<BackupAct, { action: 'pause' }>, here: KeeperHere): Promise<BackupReply> {
  const { state, effects } = here;
  const { actor, reason } = act;
  state.paused = { by: actor, reason, since: effects.now() };
  noteKept(as(act, here), 'backup.state', { state: 'paused', reason });
  for (const { work } of dropFromQueue(({ asked }) => !asked, here)) {
    noteNotTaken(work, 'paused', here);
    if (work.kind === 'forget') state.pruneWanted = true;
  }
  return accept(null);
}

export async function resume(act: Extract<BackupAct, { action: 'resume' }>, here: KeeperHere): Promise<BackupReply> {
  here.state.paused = null;
  noteKept(as(act, here), 'backup.state', { state: 'resumed', reason: act.reason });
  return accept(null);
}

/** R-TIME-7. */
export function noteNotTaken(work: OperationWork, policy: string, here: KeeperHere): void {
  const slot = slotOf(work);
  if (slot !== null) noteKept(here, 'backup.missed', { ...slot, policy, taken: false });
}

/** Null: it was not for a slot. */
function slotOf(work: OperationWork): Slot | null {
  if ((work.kind !== 'backup' && work.kind !== 'drill') || work.slotMs === null) return null;
  return { run: work.kind === 'backup' ? work.backup : work.kind, atMs: work.slotMs };
}
