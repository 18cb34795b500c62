import { electorateMoved } from '../approvals/desk';
import { answerDesk, hasDeskTask, validateDeskAnswer } from '../approvals/desk-answer';
import type { DeskState } from '../approvals/desk-state';
import { answerTask } from '../approvals/task-answer';
import { tryAgain } from '../change/messages';
import { refusalOf } from '../domain/quorum';
import type { Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import { isInterruption } from '../effects';
import { refusalOfAct } from './keeper-acts';
import { refuse } from './keeper-answers';
import { keeperDesk } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import type { KeeperState } from './keeper-state';
import type { BackupAct, BackupReply, OperationEnd } from './messages';

/** Everything that is sent to a keeper. Validators are synchronous and read only; each handler counts as news. */
export function validateKeeperAnswer(state: KeeperState, answer: Answer): Refusal | null {
  const desk = deskOf(state, answer);
  return desk === null ? refusalOf(state.tasks[answer.taskId], answer) : validateDeskAnswer(desk, answer);
}

export async function handleKeeperAnswer(here: KeeperHere, answer: Answer): Promise<AnswerResult> {
  const { state, effects } = here;
  const desk = deskOf(state, answer);
  const result =
    desk === null
      ? await answerTask({ tasks: state.tasks, requester: '' }, answer, effects)
      : await answerDesk(desk, answer, keeperDesk(here));
  state.news += 1;
  return result;
}

function deskOf({ releases }: KeeperState, { taskId }: Answer): DeskState | null {
  return releases.find(({ desk }) => hasDeskTask(desk, taskId))?.desk ?? null;
}

export function validateKeeperAct({ state }: KeeperHere, act: BackupAct): Refusal | null {
  return refusalOfAct(state, act);
}

/** Waits for the procedure to carry it out: one act after the other, and never beside what the procedure does itself. */
export async function handleKeeperAct({ state, effects }: KeeperHere, act: BackupAct): Promise<BackupReply> {
  const isKnown = state.replies[act.id] !== undefined || state.acts.some(({ id }) => id === act.id);
  if (!isKnown) {
    state.acts = [...state.acts, act];
    state.news += 1;
  }
  try {
    await effects.waitFor(() => state.replies[act.id] !== undefined);
  } catch (error) {
    // It continues as new, and the act with it: asked again, it will have been answered.
    if (!isInterruption(error)) throw error;
    return refuse(tryAgain, `Cannot ${act.action} yet: the keeper is being moved`);
  }
  return state.replies[act.id] ?? refuse(tryAgain, `Cannot ${act.action}: nobody knows what became of it`);
}

/** May come twice, or when it was found out already. */
export function receiveEnd({ state }: KeeperHere, end: OperationEnd): void {
  state.ends = [...state.ends, end];
  state.news += 1;
}

/** The plan was published anew, people are not who they were, or an operation has ended that could not tell. */
export async function receiveMoved(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  state.planMoved = true;
  if (state.recheckMs !== null) state.recheckMs = effects.now();
  for (const { desk } of state.releases)
    if (desk.approval.phase.name === 'pending') await electorateMoved(desk, keeperDesk(here));
  state.news += 1;
}
