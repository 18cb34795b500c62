import type { Here } from '../../here';
import { goingOn, nowWaiting } from '../../life';
import type { Control } from '../../messages';
import type { ControlState, Relayed } from '../../state';

/** What keeps a run from going on, as a child is told it. */
type Told = NonNullable<Relayed['told']>;

/**
 * Whoever pauses, holds or sets a deadline to a run means all of it: a child that is under way is told so too, and told again when it
 * changes. Told twice it only refuses the second time, so what was sent is counted once it is sent.
 */
export async function relayControls(
  child: { readonly childId: string; readonly path: string },
  here: Here,
): Promise<never> {
  const { state, effects } = here;
  const { childId, path } = child;
  for (;;) {
    const { count, told } = beginRelay(childId, here);
    await effects.waitFor(() => nextStep(told, state.control) !== null);
    const step = nextStep(told, state.control);
    if (step === null) continue;
    const id = `${here.input.run.id}/${step.control.action}/${count}`;
    await effects.steer(childId, { ...step.control, actor: 'engine', via: 'engine', id });
    state.relayed[childId] = { count: count + 1, told: step.told };
    showStop(path, step.told, here);
    await effects.flush();
  }
}

/** What a child knows from its start: just the deadline. */
export function beginRelay(childId: string, { state }: Here): Relayed & { readonly told: Told } {
  const known = state.relayed[childId];
  const cutoffAt = state.control.cutoffAt;
  const told = known?.told ?? { paused: false, held: false, hard: false, cutoffAt };
  const relayed = { count: known?.count ?? 0, told };
  state.relayed[childId] = relayed;
  return relayed;
}

/** It has ended: should it go on some day, it begins with what holds then. */
export function endRelay(child: { readonly childId: string; readonly path: string }, here: Here): void {
  const { relayed } = here.state;
  relayed[child.childId] = { count: relayed[child.childId]?.count ?? 0, told: null };
  goingOn(aboutOf(child.path), 'its child run has ended', here);
}

type Sent = Control extends infer C ? (C extends Control ? Omit<C, 'actor' | 'via' | 'id'> : never) : never;

/** One message at a time; null: it has been told everything. */
function nextStep(told: Told, now: ControlState): { readonly control: Sent; readonly told: Told } | null {
  const { paused, held, hard, cutoffAt } = now;
  if (paused !== told.paused) return { control: { action: paused ? 'pause' : 'resume' }, told: { ...told, paused } };
  if (told.held && (!held || (told.hard && !hard)))
    return { control: { action: 'release' }, told: { ...told, held: false, hard: false } };
  if (held && (!told.held || hard !== told.hard))
    return { control: { action: 'hold', hard }, told: { ...told, held, hard } };
  return cutoffAt === told.cutoffAt
    ? null
    : { control: { action: 'setDeadline', cutoffAt }, told: { ...told, cutoffAt } };
}

function showStop(path: string, { paused, hard }: Told, here: Here): void {
  if (!paused && !hard) goingOn(aboutOf(path), 'asked to go on', here);
  else nowWaiting({ about: aboutOf(path), reason: paused ? 'asked to pause' : 'held', held: true }, here);
}

function aboutOf(path: string): string {
  return `pause:${path}`;
}
