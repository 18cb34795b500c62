import type { Here } from '../../here';
import { goingOn, nowWaiting } from '../../life';

/**
 * Whoever pauses a run means all of it: a child that is under way is told so too, and told again when the run goes on. Told twice it
 * only refuses the second time, so what was sent is counted once it is sent.
 */
export async function relayPauses(
  child: { readonly childId: string; readonly path: string },
  here: Here,
): Promise<never> {
  const { state, effects, input } = here;
  const { childId } = child;
  for (;;) {
    const told = state.relayed[childId] ?? 0;
    const isPaused = told % 2 === 1;
    await effects.waitFor(() => state.control.paused !== isPaused);
    // A run that began before children were told goes on as it began.
    if (!effects.version('pause-reaches-children')) await effects.waitFor(() => false);
    const action = isPaused ? 'resume' : 'pause';
    const id = `${input.run.id}/${action}/${told}`;
    await effects.steer(childId, { action, actor: 'engine', via: 'engine', id });
    state.relayed[childId] = told + 1;
    if (isPaused) goingOn(aboutOf(child.path), 'asked to go on', here);
    else nowWaiting({ about: aboutOf(child.path), reason: 'asked to pause', held: true }, here);
    await effects.flush();
  }
}

/** It has ended: should it go on some day, it will not be paused then. */
export function endRelay(child: { readonly childId: string; readonly path: string }, here: Here): void {
  const told = here.state.relayed[child.childId] ?? 0;
  if (told % 2 === 1) here.state.relayed[child.childId] = told + 1;
  goingOn(aboutOf(child.path), 'its child run has ended', here);
}

function aboutOf(path: string): string {
  return `pause:${path}`;
}
