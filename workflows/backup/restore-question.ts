import type { JsonObject } from '../domain/json';
import type { Task } from '../domain/task';
import { isInterruption } from '../effects';
import { nextTaskId } from './here';
import type { Here } from './here';

/** What a restore asks on its way; one answer decides. */
export interface RestoreQuestion {
  readonly about: 'beside' | 'swap' | 'confirm';
  readonly title: string;
  readonly options: readonly string[];
  readonly show: JsonObject;
  /** Null: it waits for as long as it takes. */
  readonly due: { readonly afterMs: number; readonly choice: string } | null;
}

export interface RestoreAnswer {
  readonly choice: string;
  /** Nobody: the time was up. */
  readonly by: readonly string[];
}

/** Asks whoever wanted the restore, and whoever owns the plan. */
export async function askAbout(question: RestoreQuestion, here: Here): Promise<RestoreAnswer> {
  const { state, effects } = here;
  const task = await taskOf(question, here);
  state.tasks[task.id] = { task, votes: [], closed: null };
  effects.record({ key: `${task.id}/task.opened`, kind: 'task.opened', payload: task });
  await effects.flush();
  const isAnswered = (): boolean => (state.tasks[task.id]?.closed ?? null) !== null;
  try {
    const answered = await effects.waitFor(isAnswered, task.dueAt ?? undefined);
    return close(task, answered ? 'answered' : 'due', here);
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') close(task, 'withdrawn', here);
    throw error;
  }
}

async function taskOf({ about, title, options, show, due }: RestoreQuestion, here: Here): Promise<Task> {
  const { effects, input } = here;
  const { digest: showHash } = await effects.lookUp('digest', { value: show });
  return {
    id: nextTaskId(here),
    kind: 'manual',
    path: about,
    title,
    candidates: [...new Set([input.operation.requester, input.plan.owner])],
    options,
    min: 1,
    rejectOn: 1,
    excludeRequester: false,
    form: null,
    show,
    planHash: '',
    showHash,
    openedAt: effects.now(),
    dueAt: due === null ? null : effects.now() + due.afterMs,
    onDue: due?.choice ?? null,
    hosts: [],
    priority: 2,
  };
}

function close(task: Task, reason: 'answered' | 'due' | 'withdrawn', { state, effects }: Here): RestoreAnswer {
  const open = state.tasks[task.id];
  const silent = { choice: reason === 'due' ? (task.onDue ?? '') : '', by: [] };
  const decided = reason === 'answered' ? (open?.closed ?? silent) : silent;
  // Whoever answers later is told that it is closed.
  state.tasks[task.id] = { task: { ...task, show: {} }, votes: open?.votes ?? [], closed: decided };
  const comment = open?.votes.at(-1)?.comment ?? '';
  const payload = { taskId: task.id, ...decided, reason, comment };
  effects.record({ key: `${task.id}/task.closed`, kind: 'task.closed', payload });
  return decided;
}
