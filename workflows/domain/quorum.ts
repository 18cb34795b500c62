import type { GivenDelegation } from './delegation';
import { shapeProblem } from './json-shape';

import type { Answer, Task } from './task';

/** A task with what was answered so far. */
export interface OpenTask {
  readonly task: Task;
  readonly votes: readonly Answer[];
  readonly closed: { readonly choice: string; readonly by: readonly string[] } | null;
  /** Of tasks that are no approvals; absent: none. */
  readonly delegations?: readonly GivenDelegation[];
  /** The answers that delegated it, or took that back; absent: none. */
  readonly delegatedBy?: readonly Pick<Answer, 'id' | 'choice'>[];
}

export interface Refusal {
  readonly code: string;
  readonly reason: string;
}

/** Synchronous and pure: whether an answer can be considered at all. Who may answer is asked separately, when the vote comes. */
export function refusalOf(open: OpenTask | undefined, answer: Answer): Refusal | null {
  if (open === undefined)
    return refuse('TASK_NOT_FOUND', `Cannot answer task "${answer.taskId}": this run has no such task`);
  if (isRepeated(open, answer)) return null;
  const { task } = open;
  if (open.closed !== null)
    return refuse('TASK_CLOSED', `Cannot answer task "${task.id}": it was closed with "${open.closed.choice}"`);
  if (answer.delegation !== undefined) return null;
  if (!task.options.includes(answer.choice))
    return refuse('OPTION_UNKNOWN', `Cannot choose "${answer.choice}": the task offers ${task.options.join(', ')}`);
  if (answer.planHash !== undefined && answer.planHash !== task.planHash)
    return refuse('PLAN_CHANGED', 'Cannot count the answer: it was given to another plan');
  if (answer.showHash !== undefined && answer.showHash !== task.showHash)
    return refuse('SHOW_CHANGED', 'Cannot count the answer: what was shown has changed');
  return hostsRefusal(task, answer) ?? formRefusal(task, answer);
}

/** The same answer (by its id) twice counts once. */
export function isRepeated(open: OpenTask, answer: Answer): boolean {
  return delegatingIn(open, answer) !== null || open.votes.some((vote) => vote.id === answer.id);
}

/** What an answer (by its id) delegated before, so that it takes effect once however long ago that was; null: nothing. */
export function delegatingIn({ delegatedBy = [] }: OpenTask, { id }: Answer): Pick<Answer, 'id' | 'choice'> | null {
  return delegatedBy.find((known) => known.id === id) ?? null;
}

export function addVote(open: OpenTask, answer: Answer): OpenTask {
  return isRepeated(open, answer) ? open : { ...open, votes: [...open.votes, answer] };
}

/** The choice that the answers lead to, or null while some are missing. Votes are counted by the desk of their approval. */
export function decisionOf(open: OpenTask): { readonly choice: string; readonly by: readonly string[] } | null {
  const { task, votes } = open;
  if (task.hosts.length > 0 && votes.some((vote) => vote.hosts !== undefined)) return perHostDecision(task, votes);
  const [first] = votes;
  return first === undefined ? null : { choice: first.choice, by: [first.actor] };
}

/** What each host of the task got: the newest answer that names it, or one for all. */
export function choiceForHost(open: OpenTask, host: string): string | null {
  const vote = open.votes.findLast(({ hosts }) => hosts === undefined || hosts.includes(host));
  return vote?.choice ?? null;
}

function perHostDecision(task: Task, votes: readonly Answer[]): { choice: string; by: readonly string[] } | null {
  const named = new Set(votes.flatMap((vote) => vote.hosts ?? task.hosts));
  if (task.hosts.some((host) => !named.has(host))) return null;
  const choices = [...new Set(votes.map((vote) => vote.choice))];
  return { choice: choices.join(', '), by: [...new Set(votes.map((vote) => vote.actor))] };
}

function hostsRefusal(task: Task, answer: Answer): Refusal | null {
  const stranger = answer.hosts?.find((host) => !task.hosts.includes(host));
  return stranger === undefined
    ? null
    : refuse('HOST_NOT_IN_TASK', `Cannot answer for host "${stranger}": the task is not about it`);
}

function formRefusal(task: Task, answer: Answer): Refusal | null {
  if (task.form === null) return null;
  const problem = shapeProblem(task.form, answer.form, 'form');
  return problem === null ? null : refuse('FORM_INVALID', `Cannot accept the form: ${problem}`);
}

function refuse(code: string, reason: string): Refusal {
  return { code, reason };
}
