import { withdrawDesk } from '../approvals/desk';
import type { DeskContext, DeskState } from '../approvals/desk-state';
import type { Answer } from '../domain/task';
import type { Effects } from '../effects';
import type { RunInput } from './messages';
import type { RunState } from './state';
import { keepClosed } from './tasks';

/** What a desk needs of a run. */
export function deskContext(run: {
  readonly input: RunInput;
  readonly state: RunState;
  readonly effects: Effects;
}): DeskContext {
  const { input, state, effects } = run;
  return {
    effects,
    nextTaskId() {
      state.counters.tasks += 1;
      return `${input.run.id}-${state.counters.tasks}`;
    },
  };
}

/** The run has the answer, or does not want it any more; what is left is what late answers are told. */
export function closeDesk(
  desk: DeskState,
  {
    state,
    effects,
    withdraw = null,
  }: { readonly state: RunState; readonly effects: Effects; readonly withdraw?: string | null },
): void {
  if (withdraw !== null) withdrawDesk(desk, withdraw, { effects, nextTaskId: () => desk.id });
  for (const { slot: _slot, ...open } of desk.tasks)
    keepClosed({ ...open, votes: votesOf(desk, open.task.id) }, { state });
  delete state.desks[desk.path];
}

/** R-APPR-11: whoever sends an answer again is told what it was used for. */
function votesOf({ answers }: DeskState, taskId: string): readonly Answer[] {
  return Object.entries(answers)
    .filter(([, given]) => given.taskId === taskId)
    .map(([id, { actor, choice }]) => ({ taskId, id, actor, via: 'engine', choice, comment: '', form: null }));
}
