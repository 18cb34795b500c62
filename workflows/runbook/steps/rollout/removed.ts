import { replaceAt } from '../../batch';
import type { Here } from '../../here';
import { namesOf } from '../../unknown';
import { indexOf } from './rollout';
import type { Rollout } from './rollout';

/** What of the targets was not begun. */
const notBegun = '.';
/** Left out for good. */
export const leftOut = 'k';

/** Targets are frozen at approval: one that is gone since then ends as removed, unless it was begun (R-ROLL-1). */
export async function leaveOutRemoved({ step, work }: Rollout, here: Here): Promise<void> {
  const { removed: names } = here.state.control;
  if (names.length === 0) return;
  const { planDigest } = here.input;
  const { indices } = await here.effects.lookUp('hostIndices', { planDigest, set: step.set, names });
  const gone = indices
    .map((index) => (work.targets === null ? index : work.targets.indexOf(index)))
    .filter((position) => position >= 0 && work.statuses[position] === notBegun);
  if (gone.length === 0) return;
  work.statuses = replaceAt(work.statuses, gone, leftOut);
  const left = await namesOf(
    step.set,
    gone.map((position) => indexOf(work.targets, position)),
    here,
  );
  work.removed = [...(work.removed ?? []), ...left];
}
