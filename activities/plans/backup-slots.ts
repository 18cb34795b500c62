import { slotsFrom } from '../../definitions/backup-slots';
import type { Slot } from '../../workflows/backup/messages';
import type { Lookups } from '../../workflows/effects';
import { findBackupPlan } from './backup-plan';
import type { PlanShelf } from './backup-plan';

/** A plan that is not published has none. */
export async function backupSlots(
  shelf: PlanShelf,
  { plan, fromMs, untilMs, limit }: Lookups['backupSlots']['asked'],
): Promise<Lookups['backupSlots']['answer']> {
  const found = await findBackupPlan(shelf, plan);
  const slots: Slot[] = [];
  if (found === null) return { slots, nextMs: null };
  for (const { run, atMs } of slotsFrom(found.document.spec, fromMs)) {
    if (atMs >= untilMs || slots.length >= limit) return { slots, nextMs: atMs };
    slots.push({ run, atMs });
  }
  return { slots, nextMs: null };
}
