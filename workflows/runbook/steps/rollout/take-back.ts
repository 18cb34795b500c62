import type { Failure } from '../../../domain/failure';
import { ask, engineQuestion } from '../../ask';
import { raise } from '../../batch';
import type { Here } from '../../here';
import type { RolloutStop, Walk } from '../../state';
import { problemOf, skipFailed, undoQuestion } from '../../undo';
import { undoHosts } from '../../undo-hosts';
import { choiceFor, namesOf } from '../../unknown';
import { hostUndoOf, indexOf } from './rollout';
import type { Rollout } from './rollout';
import { gateDecides, whileAwaited } from './watch';

type TakenBack = { readonly undone: readonly number[] } | { readonly stop: RolloutStop };

/** `onHostFailure: undo`. R-ROLL-8: nothing goes on before people have said what becomes of a host whose undo fails. */
export async function takeBackFailed(
  rollout: Rollout,
  { walk, failed }: { readonly walk: Walk; readonly failed: readonly number[] },
  here: Here,
): Promise<TakenBack> {
  const { entry, path, step } = rollout;
  if (step.onHostFailure !== 'undo' || entry === null || failed.length === 0 || here.input.check) return { undone: [] };
  walk.toUndo ??= here.state.noReturn ? await askWhomToUndo(rollout, failed, here) : failed;
  const meant = walk.toUndo;
  for (;;) {
    await here.effects.shield((effects) => undoHosts(hostUndoOf(step, path, entry), meant, { ...here, effects }));
    const problem = await problemOf(entry, step.set, here);
    if (problem === null) return { undone: meant };
    const question = undoQuestion(entry, problem, here);
    const wait = { wait: (inner: Here) => ask(question, inner), decides: gateDecides(rollout, here) };
    const awaited = await whileAwaited(rollout, wait, here);
    if ('stop' in awaited) return awaited;
    const { choice } = awaited.answer;
    if (choice === 'give-up') return { stop: giveUp(problem.title, here) };
    if (choice === 'skip') skipFailed(entry);
    entry.failed = {};
    entry.generation = raise(here.state, entry.generation);
  }
}

/** D13: nothing further is undone, and the locks stay. */
function giveUp(title: string, { state }: Here): RolloutStop {
  state.undoGivenUp = true;
  const error: Failure = { code: 'UNDO_FAILED', message: `Cannot go on: ${title}, and it was given up` };
  return { reason: 'undo-failed', error };
}

/** R-ROLL-9: after a point of no return no host is taken back without being asked. */
async function askWhomToUndo(rollout: Rollout, failed: readonly number[], here: Here): Promise<readonly number[]> {
  const { step, path, work } = rollout;
  const names = await namesOf(
    step.set,
    failed.map((position) => indexOf(work.targets, position)),
    here,
  );
  const title = `Undo "${step.id}" on ${names.join(', ')}? The run is past its point of no return`;
  const about = { kind: 'failure', path: `${path}/undo`, title, options: ['undo', 'leave'], hosts: names } as const;
  const decision = await ask(engineQuestion(about, here), here);
  return failed.filter((_, at) => choiceFor(decision, names[at]) === 'undo');
}
