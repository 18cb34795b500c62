import { decisionOf } from '../domain/quorum';
import type { OpenTask } from '../domain/quorum';
import type { JsonObject } from '../domain/json';
import type { Task } from '../domain/task';
import { nextTaskId } from './here';
import type { Here } from './here';

/** What the change itself asks, as against its approvals: choose one. */
export interface Question {
  /** One open task for each. */
  readonly about: 'duty' | 'freeze' | 'expired' | 'no-return' | 'assess' | 'review';
  readonly title: string;
  readonly candidates: readonly string[];
  readonly options: readonly string[];
  readonly show: JsonObject;
  readonly dueAt: number | null;
  /** What happens when nobody answers in time; null: nothing. */
  readonly onDue: string | null;
  readonly priority?: number;
}

export interface Chosen {
  readonly choice: string;
  readonly by: string;
  readonly comment: string;
  readonly form: Task['form'];
}

/** Asked once for as long as it is open; another title, another choice or another time is another question. */
export async function putQuestion(question: Question, here: Here): Promise<void> {
  const open = openAbout(question.about, here);
  if (open !== null && isSame(open.task, question)) return;
  if (open !== null) withdrawQuestion(question.about, here);
  const { state, effects } = here;
  const showHash =
    Object.keys(question.show).length === 0 ? '' : (await effects.lookUp('digest', { value: question.show })).digest;
  const { about, ...asked } = question;
  const task: Task = {
    ...asked,
    id: nextTaskId(here),
    kind: 'manual',
    path: about,
    min: 1,
    rejectOn: 1,
    excludeRequester: false,
    form: null,
    planHash: state.hash,
    showHash,
    openedAt: effects.now(),
    hosts: [],
  };
  state.tasks[task.id] = { task, votes: [], closed: null };
  effects.record({ key: `${task.id}/task.opened`, kind: 'task.opened', payload: task });
  await effects.flush();
}

/** Null: nobody has answered, or nothing was asked. The answer is taken: asked again, the question is a new one. */
export function takeAnswer(about: Question['about'], here: Here): Chosen | null {
  const { state } = here;
  const open = Object.values(state.tasks).find(({ task, closed }) => task.path === about && closed !== null);
  if (open === undefined) return null;
  const decided = open.closed ?? decisionOf(open);
  const vote = open.votes.at(-1);
  if (decided === null || vote === undefined) return null;
  close(open, { choice: decided.choice, by: decided.by, reason: 'answered', comment: vote.comment }, here);
  return { choice: decided.choice, by: vote.actor, comment: vote.comment, form: vote.form };
}

/** Nobody waits for the answer any more. */
export function withdrawQuestion(about: Question['about'], here: Here): void {
  const open = openAbout(about, here);
  if (open !== null) close(open, { choice: '', by: [], reason: 'withdrawn', comment: '' }, here);
}

export function isAsked(about: Question['about'], here: Here): boolean {
  return openAbout(about, here) !== null;
}

function openAbout(about: Question['about'], { state }: Here): OpenTask | null {
  return Object.values(state.tasks).find(({ task, closed }) => task.path === about && closed === null) ?? null;
}

function isSame(task: Task, { title, options, dueAt }: Question): boolean {
  return task.title === title && task.dueAt === dueAt && task.options.join('\n') === options.join('\n');
}

interface Closing {
  readonly choice: string;
  readonly by: readonly string[];
  readonly reason: 'answered' | 'due' | 'withdrawn';
  readonly comment: string;
}

function close({ task }: OpenTask, closing: Closing, { state, effects }: Here): void {
  delete state.tasks[task.id];
  effects.record({ key: `${task.id}/task.closed`, kind: 'task.closed', payload: { taskId: task.id, ...closing } });
}
