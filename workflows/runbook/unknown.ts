import { choiceForHost } from '../domain/quorum';
import { ask, engineQuestion } from './ask';
import type { Decision, Question } from './ask';
import { givenUp, positionsOf, raise, replaceAt, runBatch } from './batch';
import type { BatchSpec } from './batch';
import type { Here } from './here';
import type { BatchWork } from './state';

/** What people can say about an effect that nobody else can tell about. */
export const unknownOptions = ['done', 'not-done', 'fail'] as const;

/** Names of hosts by index, in the order asked. */
export async function namesOf(set: string, indices: readonly number[], here: Here): Promise<readonly string[]> {
  const names: string[] = [];
  for (let from = 0; from < indices.length; from += namesPerCall) {
    const part = indices.slice(from, from + namesPerCall);
    names.push(
      ...(await here.effects.lookUp('hostNames', { planDigest: here.input.planDigest, set, indices: part })).names,
    );
  }
  return names;
}

const namesPerCall = 100;

export function unknownQuestion(path: string, hosts: readonly string[], here: Here): Question {
  const where = hosts.length === 0 ? '' : ` on ${hosts.length === 1 ? hosts[0] : `${hosts.length} hosts`}`;
  const title = `Nobody can tell whether step "${path}" was done${where}`;
  return engineQuestion({ kind: 'unknown', path, title, options: unknownOptions, hosts }, here);
}

/** Outside a rollout the step waits: `done` counts as success, `not-done` runs it again under a new generation, `fail` is a failure. */
export async function settleUnknown(work: BatchWork, spec: BatchSpec, here: Here): Promise<void> {
  for (let open = positionsOf(work.statuses, 'u'); open.length > 0; open = positionsOf(work.statuses, 'u')) {
    const names =
      spec.set === null || work.hosts === null
        ? []
        : await namesOf(
            spec.set,
            open.map((at) => work.hosts?.[at] ?? at),
            here,
          );
    const decision = await ask(unknownQuestion(spec.path, names, here), here);
    apply(work, { open, names, decision }, here);
    await runBatch(work, spec, here);
  }
}

function apply(
  work: BatchWork,
  answered: { open: readonly number[]; names: readonly string[]; decision: Decision },
  here: Here,
): void {
  const { open, names, decision } = answered;
  const choices = open.map((_, index) => choiceFor(decision, names[index]));
  const where = (choice: string): readonly number[] => open.filter((_, index) => choices[index] === choice);
  work.changed = replaceAt(work.changed, where('done'), '1');
  work.statuses = replaceAt(work.statuses, where('done'), 's');
  work.statuses = replaceAt(work.statuses, where('fail'), 'f');
  giveUp(work, where('fail'));
  if (where('not-done').length === 0) return;
  work.statuses = replaceAt(work.statuses, where('not-done'), '.');
  work.generation = raise(here.state, work.generation);
  work.attempts += 1;
  // As after a delay: another attempt may be kept from starting.
  work.retryAt = here.effects.now();
}

/** Decided by a person, so the step's own retry has no say in it. */
function giveUp(work: BatchWork, positions: readonly number[]): void {
  if (positions.length === 0) return;
  const others = work.failures.map((group) => ({
    ...group,
    positions: group.positions.filter((position) => !positions.includes(position)),
  }));
  const message = 'Cannot accept the step: nobody could tell whether it was done, and it was decided that it failed';
  work.failures = [...others.filter((group) => group.positions.length > 0), { code: givenUp, message, positions }];
}

export function choiceFor(decision: Decision, host: string | undefined): string {
  return (host === undefined ? null : choiceForHost(decision.task, host)) ?? decision.choice;
}
