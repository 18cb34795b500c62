import { decisionOf } from '../domain/quorum';
import type { OpenTask } from '../domain/quorum';
import type { Json, JsonObject } from '../domain/json';
import type { Task, TaskKind } from '../domain/task';
import { isInterruption } from '../effects';
import { closeDesk } from './desks';
import type { Here } from './here';
import { goingOn, nowWaiting } from './life';
import { keepClosed } from './tasks';

/** A question to people, before it is a task. */
export interface Question {
  readonly kind: TaskKind;
  readonly path: string;
  readonly title: string;
  readonly candidates: readonly string[];
  readonly options: readonly string[];
  readonly min: number;
  readonly rejectOn: number;
  readonly excludeRequester: boolean;
  readonly form: Json;
  readonly show: JsonObject;
  readonly dueAt: number | null;
  readonly onDue: string | null;
  readonly hosts: readonly string[];
  readonly priority?: number;
}

export interface Decision {
  readonly choice: string;
  readonly by: readonly string[];
  readonly reason: 'answered' | 'due';
  readonly comment: string;
  readonly form: Json;
  readonly task: OpenTask;
}

/** Opens a task and waits until it is decided or due; entered again, it waits on for the same task. */
export async function ask(question: Question, here: Here): Promise<Decision> {
  const id = await openTask(question, here);
  return decide(id, here);
}

/** For tasks that others than the asker wait for: the group goes on, the answer is looked at later. */
export async function openTask(question: Question, here: Here): Promise<string> {
  const { state, effects, input } = here;
  const about = `${question.path}#${question.kind}`;
  const known = state.asked[about];
  if (known !== undefined) return known;
  // Nobody is bothered with a question that a cancel withdraws at once.
  await effects.checkpoint();
  const digest =
    Object.keys(question.show).length === 0 ? '' : (await effects.lookUp('digest', { value: question.show })).digest;
  state.counters.tasks += 1;
  const id = `${input.run.id}-${state.counters.tasks}`;
  const task: Task = { ...question, id, planHash: input.planHash, showHash: digest, openedAt: effects.now() };
  state.tasks[id] = { task, votes: [], closed: null };
  state.asked[about] = id;
  effects.record({ key: `${id}/task.opened`, kind: 'task.opened', payload: task });
  nowWaiting({ about: id, reason: question.title, held: false }, here);
  await effects.flush();
  return id;
}

export function isDecided(id: string, here: Here): boolean {
  return (here.state.tasks[id]?.closed ?? null) !== null;
}

export async function decide(id: string, here: Here): Promise<Decision> {
  const { state, effects } = here;
  const dueAt = state.tasks[id]?.task.dueAt ?? null;
  try {
    const answered = await effects.waitFor(() => isDecided(id, here), ...(dueAt === null ? [] : [dueAt]));
    return close(id, answered ? 'answered' : 'due', here);
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') close(id, 'withdrawn', here);
    throw error;
  }
}

/** Nobody waits for the answers any more. */
export function withdrawBelow(path: string, here: Here): void {
  const open = Object.values(here.state.tasks).filter(({ closed }) => closed === null);
  for (const { task } of open) if (isBelow(task.path, path)) close(task.id, 'withdrawn', here);
  for (const desk of Object.values(here.state.desks)) {
    if (!isBelow(desk.path, path)) continue;
    closeDesk(desk, { ...here, withdraw: 'nobody waits for it any more' });
    goingOn(desk.id, 'withdrawn', here);
  }
}

function isBelow(path: string, container: string): boolean {
  return container === '' || path === container || path.startsWith(`${container}/`);
}

function close(id: string, reason: 'answered' | 'due' | 'withdrawn', here: Here): Decision {
  const { state, effects } = here;
  const open = state.tasks[id];
  if (open === undefined) throw new Error(`Cannot close task "${id}": the run does not have it`);
  const silent = { choice: reason === 'due' ? (open.task.onDue ?? '') : '', by: [] };
  const decided = reason === 'answered' ? (open.closed ?? decisionOf(open) ?? silent) : silent;
  const last = open.votes.findLast((vote) => decided.by.includes(vote.actor));
  const comment = last?.comment ?? '';
  effects.record({
    key: `${id}/task.closed`,
    kind: 'task.closed',
    payload: { taskId: id, ...decided, reason, comment },
  });
  forget({ ...open, closed: decided }, here);
  goingOn(id, reason, here);
  return { ...decided, reason: reason === 'withdrawn' ? 'due' : reason, comment, form: last?.form ?? null, task: open };
}

function forget(closed: OpenTask, { state }: Here): void {
  keepClosed({ ...closed, votes: [] }, { state });
  delete state.asked[`${closed.task.path}#${closed.task.kind}`];
}

/** D1: tasks that the engine itself opens go to the owner's team, have no due time, and are never answered by time. */
export function engineQuestion(
  about: Pick<Question, 'kind' | 'path' | 'title' | 'options'> & Partial<Pick<Question, 'hosts' | 'show' | 'priority'>>,
  here: Here,
): Question {
  const { owner } = here.input.program.definition;
  return {
    candidates: [owner],
    min: 1,
    rejectOn: 1,
    excludeRequester: false,
    form: null,
    show: {},
    dueAt: null,
    onDue: null,
    hosts: [],
    ...about,
  };
}
