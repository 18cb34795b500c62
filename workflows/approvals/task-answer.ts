import { delegationProblem, delegatorsOf, withDelegation } from '../domain/delegation';
import type { GivenDelegation } from '../domain/delegation';
import { addVote, decisionOf, delegatingIn, isRepeated, refusalOf } from '../domain/quorum';
import type { OpenTask, Refusal } from '../domain/quorum';
import type { Answer, AnswerResult } from '../domain/task';
import type { Effects } from '../effects';
import { entryOf } from './answer-entry';

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
  const delegating = delegatingIn(open, answer);
  if (delegating !== null) return delegated(delegating);
  if (isRepeated(open, answer)) return counted(open, answer);
  const ineligible = await eligibilityRefusal(asking, { open, answer }, effects);
  if (ineligible !== null) return refuse(answer, ineligible, effects);
  effects.record(entryOf(answer));
  await effects.flush();
  return count(asking, answer, effects);
}

interface Given {
  readonly open: OpenTask;
  readonly answer: Answer;
}

/** R-APPR-3: for whoever delegates both are looked at, and a delegate hands on nothing. */
async function eligibilityRefusal(
  { requester }: Asking,
  { open: { task, delegations = [] }, answer }: Given,
  effects: Effects,
): Promise<Refusal | null> {
  const { actor, delegation } = answer;
  const { candidates, excludeRequester } = task;
  const at = effects.now();
  const delegators = delegatorsOf(delegations, { to: actor, at });
  const by = delegation !== undefined || delegators.length === 0 ? {} : { delegators };
  const own = await effects.lookUp('eligibility', { actor, candidates, requester, excludeRequester, ...by });
  if (!own.eligible)
    return delegation !== undefined && delegators.length > 0
      ? { code: 'DELEGATE_OF_DELEGATE', reason: `Cannot delegate as "${actor}": a delegate hands on nothing` }
      : { code: 'NOT_ELIGIBLE', reason: own.reason };
  if (delegation === undefined) return null;
  const problem = delegationProblem(delegations, givenBy(actor, delegation, at), at);
  if (problem !== null) return problem;
  const { to } = delegation;
  const other = await effects.lookUp('eligibility', { actor: to, candidates: [to], requester, excludeRequester });
  return other.eligible
    ? null
    : { code: 'DELEGATE_NOT_ELIGIBLE', reason: `Cannot delegate to "${to}": ${other.reason}` };
}

function givenBy(from: string, { to, until }: NonNullable<Answer['delegation']>, at: number): GivenDelegation {
  return { from, to, start: at, end: until };
}

/** The awaits before let others in: the task may have been closed meanwhile, by an answer or by its due time. */
async function count({ tasks }: Asking, answer: Answer, effects: Effects): Promise<AnswerResult> {
  const now = tasks[answer.taskId];
  const refusal = refusalOf(now, answer);
  if (now === undefined || refusal !== null) return refuse(answer, refusal ?? noSuchTask, effects);
  if (answer.delegation !== undefined) {
    const given = givenBy(answer.actor, answer.delegation, effects.now());
    tasks[answer.taskId] = {
      ...now,
      delegations: withDelegation(now.delegations ?? [], given),
      delegatedBy: [...(now.delegatedBy ?? []), { id: answer.id, choice: answer.choice }],
    };
    return delegated(answer);
  }
  const answered = addVote(now, answer);
  const decided = { ...answered, closed: decisionOf(answered) };
  tasks[answer.taskId] = decided;
  return counted(decided, answer);
}

function delegated({ choice }: Pick<Answer, 'choice'>): AnswerResult {
  return { accepted: true, decided: false, choice: null, recorded: choice };
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
