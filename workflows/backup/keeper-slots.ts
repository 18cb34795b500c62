import { newestFirst } from '../domain/backup-set';
import { slotsToStart } from '../domain/missed-slots';
import type { SlotStart } from '../domain/missed-slots';
import { newestGood } from './looking';
import { noteKept, topicOf } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import { want } from './keeper-operations';
import { keeperSets } from './keeper-sets';
import { deepVerifySlot, drillSlot } from './messages';
import type { OperationWork, PlanInForce, Slot } from './messages';
import type { MissedPolicy } from './schema';

/** At once; what is left is asked for again. */
const slotsAtOnce = 500;
/** Of each run the newest that were left out are written down, not thousands of them. */
const missedNoted = 20;

/** R-TIME-7: every slot is dealt with once, on time, late, or not at all, and the journal says which of those that were not on time. */
export async function takeSlots(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  const { plan, slots } = state;
  const now = effects.now();
  if (plan === null || !state.published || slots.nextMs === null || now < slots.nextMs) return;
  const passed = await passedSlots(now, here);
  if (state.paused !== null) return noteLeftOut(passed, () => 'paused', here);
  const starts = slotsToStart(passed, (run) => policyOf(plan, run), now);
  const isStarted = (slot: Slot): boolean => starts.some(({ run, atMs }) => run === slot.run && atMs === slot.atMs);
  noteLeftOut(
    passed.filter((slot) => !isStarted(slot)),
    ({ run }) => policyOf(plan, run),
    here,
  );
  for (const start of starts) await begin(start, plan, here);
}

async function passedSlots(now: number, { state, effects, input }: KeeperHere): Promise<readonly Slot[]> {
  // What was left out for being too many begins with slots of an instant that others of it are known of.
  const passed = new Map<string, Slot>();
  for (let { fromMs } = state.slots; ;) {
    const asked = { plan: input.plan, fromMs, untilMs: now + 1, limit: slotsAtOnce };
    const { slots, nextMs } = await effects.lookUp('backupSlots', asked);
    for (const slot of slots) passed.set(`${slot.atMs} ${slot.run}`, slot);
    if (nextMs === null || nextMs > now) {
      state.slots = { fromMs: now + 1, nextMs };
      return [...passed.values()];
    }
    fromMs = nextMs;
  }
}

function policyOf({ backups, drill, deepVerify }: PlanInForce, run: string): MissedPolicy {
  if (run === drillSlot) return drill?.missed ?? 'skip';
  if (run === deepVerifySlot) return deepVerify?.missed ?? 'skip';
  return backups.find(({ id }) => id === run)?.missed ?? 'skip';
}

function noteLeftOut(slots: readonly Slot[], policy: (slot: Slot) => string, here: KeeperHere): void {
  const noted = new Map<string, number>();
  for (const slot of slots.toReversed()) {
    const count = noted.get(slot.run) ?? 0;
    noted.set(slot.run, count + 1);
    if (count < missedNoted) noteKept(here, 'backup.missed', { ...slot, policy: policy(slot), taken: false });
  }
}

async function begin({ run, atMs, lateByMs }: SlotStart, plan: PlanInForce, here: KeeperHere): Promise<void> {
  const isLate = lateByMs > 0;
  const policy = policyOf(plan, run);
  const work = await workOf({ run, atMs, isLate }, plan, here);
  if (work === null) return noteLeftOut([{ run, atMs }], () => 'nothing to do', here);
  const isWaiting = here.state.queue.some((wanted) => !wanted.asked && topicOf(wanted.work) === topicOf(work));
  // One that has not had its turn yet is as good as this one, unless each of them is wanted.
  if (isWaiting && policy !== 'run-all') return noteLeftOut([{ run, atMs }], () => 'waiting', here);
  if (isLate) noteKept(here, 'backup.missed', { run, atMs, policy, taken: true });
  await want({ work, requester: here.input.keeper.requester, asked: false, untilMs: null }, here);
}

interface Due extends Slot {
  readonly isLate: boolean;
}

/** Null: there is nothing that it could be done with, or the plan does not know it any more. */
async function workOf({ run, atMs, isLate }: Due, plan: PlanInForce, here: KeeperHere): Promise<OperationWork | null> {
  if (run === drillSlot) {
    const { drill } = plan;
    if (drill === null) return null;
    return { kind: 'drill', select: drill.select, seed: seedOf(here), targetMs: 0, slotMs: atMs, late: isLate };
  }
  if (run === deepVerifySlot) {
    const newest = newestGood(newestFirst(await keeperSets(here)), here.effects.now());
    if (newest === null) return null;
    return { kind: 'verify', set: newest.id, level: 'V2', readPercent: 100, seed: seedOf(here) };
  }
  const backup = plan.backups.find(({ id }) => id === run);
  if (backup === undefined) return null;
  return { kind: 'backup', backup: backup.id, wanted: backup.kind, slotMs: atMs, late: isLate };
}

export function seedOf({ effects }: KeeperHere): number {
  return Math.floor(effects.random() * 2 ** 31);
}
