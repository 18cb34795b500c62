import type { Control } from '../runbook/messages';
import { move, note } from './facts';
import { as } from './here';
import type { Doer, Here } from './here';
import type { ChangeAct } from './messages';
import { withdrawQuestion } from './question';

/** At once, and once: everything that the run has changed is undone (R-WIN-2, R-WIN-6). */
export async function orderBackOut(because: string, by: Doer, here: Here): Promise<void> {
  const { state, effects } = here;
  const { run } = state;
  if (run === null || run.backOut !== null) return;
  run.backOut = { at: effects.now(), because, by: by.actor };
  for (const about of ['duty', 'freeze', 'expired', 'no-return'] as const) withdrawQuestion(about, here);
  move(as(by, here), 'backOut', because);
  await order({ action: 'backOut' }, because, here);
}

/** Somebody wants it to stop and to leave what was changed as it is. */
export async function orderStop(act: Extract<ChangeAct, { action: 'cancel' }>, here: Here): Promise<void> {
  await order({ action: 'cancel', keep: true, reason: act.reason }, `stopped by ${act.actor}: ${act.reason}`, here);
}

/** What is told is in the journal before it is sent, under an id of its own: sent again, it is the same order. */
type Order =
  | { readonly action: 'backOut' | 'release' }
  | { readonly action: 'hold'; readonly hard: boolean }
  | { readonly action: 'cancel'; readonly keep: boolean; readonly reason: string }
  | {
      readonly action: 'admitWave';
      readonly path: string;
      readonly wave: number;
      readonly removed: readonly string[];
    }
  | { readonly action: 'setDeadline'; readonly cutoffAt: number };

export async function order(what: Order, reason: string, here: Here): Promise<void> {
  const { state, effects, input } = here;
  const { run } = state;
  if (run === null) return;
  run.orders += 1;
  const control: Control = { ...what, actor: 'engine', via: 'engine', id: `${input.change.id}/order-${run.orders}` };
  note(here, 'change.steered', { action: what.action, wave: 'wave' in what ? what.wave : null, reason });
  await effects.flush();
  await effects.steer(run.childId, control);
}

export function byPerson(actor: string): Doer {
  return { actor, via: 'task' };
}
