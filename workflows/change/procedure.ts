import { hasAct } from './acts';
import { asJson, move, note } from './facts';
import type { Here } from './here';
import { assess, authorise, beDrafted } from './authorising';
import { beHeld } from './held';
import { implement } from './implementing';
import { changeLifecycle } from './lifecycle';
import type { ChangePhase } from './lifecycle';
import type { ChangeInput, ChangeResult } from './messages';
import { freeItems } from './items';
import { review } from './reviewing';
import { beScheduled } from './scheduled';
import type { ChangeState } from './state';
import type { Effects } from '../effects';

/** A change from wherever its state stands to its end. Each pass does what its phase asks for and may move it to another. */
export async function changeProcedure(input: ChangeInput, state: ChangeState, effects: Effects): Promise<ChangeResult> {
  const here: Here = { input, state, effects };
  open(here);
  while (!changeLifecycle.isFinal(state.phase)) {
    await phases[state.phase](here);
    await effects.flush();
    // Whoever waits for the answer to an act gets it first.
    if (!hasAct(here)) await effects.checkpoint();
  }
  return close(here);
}

const phases: { readonly [P in ChangePhase]: (here: Here) => Promise<void> } = {
  draft: beDrafted,
  assessing: assess,
  authorising: authorise,
  scheduled: beScheduled,
  held: beHeld,
  implementing: implement,
  'backing-out': implement,
  async 'backed-out'(here) {
    await freeItems(here);
    move(here, 'review', 'backed out');
  },
  // Its items stay locked until somebody has looked at them: nobody knows how they are (R-ROLL-8).
  async 'back-out-failed'(here) {
    move(here, 'review', 'the back-out failed');
  },
  reviewing: review,
  closed: ended,
  cancelled: ended,
  expired: ended,
};

async function ended(): Promise<void> {
  // Nothing happens to a change that has ended.
}

function open(here: Here): void {
  const { state, input } = here;
  if (state.counters.facts > 0) return;
  note(here, 'change.state', {
    from: '',
    to: state.phase,
    event: 'open',
    reason: `opened by ${input.change.requester}`,
    hash: '',
  });
}

async function close(here: Here): Promise<ChangeResult> {
  const { state, effects, input } = here;
  const { digest: stateDigest } = await effects.lookUp('saveState', { runId: input.change.id, state: asJson(state) });
  const outcome = state.outcome ?? 'cancelled';
  const { phase, flags, run } = state;
  note(here, 'change.ended', { outcome, flags: asJson(flags), runId: run?.childId ?? null, stateDigest });
  await effects.flush();
  return { phase, outcome, flags, stateDigest };
}
