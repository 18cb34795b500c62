import { answerDesk, hasDeskTask, validateDeskAnswer } from '../approvals/desk-answer';
import { answerTask } from '../approvals/task-answer';
import { refusalOf } from '../domain/quorum';
import type { Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import { nextTaskId } from './here';
import type { Here } from './here';
import type { OperationState } from './operation-state';

/** Synchronous and pure. */
export function validateAnswer({ approval, tasks }: OperationState, answer: Answer): Refusal | null {
  return approval !== null && hasDeskTask(approval, answer.taskId)
    ? validateDeskAnswer(approval, answer)
    : refusalOf(tasks[answer.taskId], answer);
}

export async function handleAnswer(here: Here, answer: Answer): Promise<AnswerResult> {
  const { state, input, effects } = here;
  const { approval, tasks } = state;
  return approval !== null && hasDeskTask(approval, answer.taskId)
    ? answerDesk(approval, answer, { effects, nextTaskId: () => nextTaskId(here) })
    : answerTask({ tasks, requester: input.operation.requester }, answer, effects);
}
