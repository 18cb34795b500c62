import { addVote, decisionOf, isRepeated, refusalOf } from '../domain/quorum';
import type { OpenTask, Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import type { Effects } from '../effects';

/** Tasks that are no approvals: one answer decides. */
export interface Asking {
  /** Changed between awaits only. */
  readonly tasks: { [id: string]: OpenTask };
  readonly requester: string;
}

/** D9: eligible now? → journal the answer → is the task still open? → it decides. */
export async function answerTask(asking: Asking, answer: Answer, effects: Effects): Promise<AnswerResult> {
  const open = asking.tasks[answer.taskId];
  const refusal = refusalOf(open, answer);
  if (open === undefined || refusal !== null) return refuse(answer, refusal ?? noSuchTask, effects);
  if (isRepeated(open, answer)) return counted(open, answer);
  const { candidates, excludeRequester } = open.task;
  const { requester } = asking;
  const asked = await effects.lookUp('eligibility', { actor: answer.actor, candidates, requester, excludeRequester });
  if (!asked.eligible) return refuse(answer, { code: 'NOT_ELIGIBLE', reason: asked.reason }, effects);
  const { actor, via } = answer;
  effects.record({ key: `${open.task.id}/${answer.id}/vote.cast`, kind: 'vote.cast', payload: answer, actor, via });
  await effects.flush();
  return count(asking, answer, effects);
}

/** The awaits before let others in: the task may have been closed meanwhile, by an answer or by its due time. */
async function count({ tasks }: Asking, answer: Answer, effects: Effects): Promise<AnswerResult> {
  const now = tasks[answer.taskId];
  const refusal = refusalOf(now, answer);
  if (now === undefined || refusal !== null) return refuse(answer, refusal ?? noSuchTask, effects);
  const answered = addVote(now, answer);
  const decided = { ...answered, closed: decisionOf(answered) };
  tasks[answer.taskId] = decided;
  return counted(decided, answer);
}

const noSuchTask: Refusal = { code: 'TASK_NOT_FOUND', reason: 'Cannot answer: no such task' };

async function refuse(answer: Answer, refusal: Refusal, effects: Effects): Promise<AnswerResult> {
  const { taskId, id, actor, via } = answer;
  const { code, reason } = refusal;
  effects.record({
    key: `${taskId}/${id}/task.refused`,
    kind: 'task.refused',
    payload: { taskId, answer, code, reason },
    actor,
    via,
  });
  await effects.flush();
  return { accepted: false, code, reason };
}

function counted({ closed, votes }: OpenTask, { id }: Answer): AnswerResult {
  const recorded = votes.find((vote) => vote.id === id)?.choice;
  return {
    accepted: true,
    decided: closed !== null,
    choice: closed?.choice ?? null,
    ...(recorded === undefined ? {} : { recorded }),
  };
}
