import { joinPath } from '../../../domain/effect-path';
import type { Failure } from '../../../domain/failure';
import { replaceAt } from '../../batch';
import type { Here, Opened } from '../../here';
import { within } from '../../here';
import { freeLocksBelow } from '../../locks';
import type { ParallelStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';

/** Every branch runs to its own end; the step fails with the first that failed, in the order of the branches. */
export async function runParallel(step: ParallelStep, { path, frame }: Opened, here: Here): Promise<StepEnd> {
  const work =
    frame.work?.kind === 'branches'
      ? frame.work
      : { kind: 'branches' as const, done: '.'.repeat(step.branches.length) };
  frame.work = work;
  const open = [...step.branches.entries()].filter(([index]) => work.done[index] === '.');
  await here.effects.all(
    open.map(([index, branch]) => async (effects) => {
      const inner = within(here, { effects, path });
      const failure = await inner.runStep(branch, inner);
      work.done = replaceAt(work.done, [index], failure === null ? 's' : 'f');
      if (failure === null) await freeLocksBelow(joinPath(path, branch.id), inner);
    }),
  );
  const failure = failedBranch(step, work.done, (id) => here.state.frames[joinPath(path, id)]?.error ?? null);
  return failure === null ? { ...ended, changed: true } : failedEnd(failure);
}

/** Also one that had failed before the run was suspended. */
function failedBranch(step: ParallelStep, done: string, errorOf: (id: string) => Failure | null): Failure | null {
  const branch = step.branches[done.indexOf('f')];
  return branch === undefined ? null : errorOf(branch.id);
}
