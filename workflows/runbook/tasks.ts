import type { OpenTask } from '../domain/quorum';
import type { RunState } from './state';

/** Everything that the run asks people now: its own tasks, and those of its approvals. */
export function openTasks({ tasks, desks }: Pick<RunState, 'tasks' | 'desks'>): readonly OpenTask[] {
  const all: readonly OpenTask[] = [...Object.values(tasks), ...Object.values(desks).flatMap((desk) => desk.tasks)];
  return all.filter(({ closed }) => closed === null);
}

/** A late answer should hear that the task is closed; thousands of closed tasks need not be carried for that. */
const closedTasksKept = 20;

export function keepClosed({ task, votes, closed }: OpenTask, { state }: { readonly state: RunState }): void {
  state.tasks[task.id] = { task: { ...task, show: {}, form: null }, votes, closed };
  const finished = Object.keys(state.tasks).filter((key) => state.tasks[key]?.closed !== null);
  for (const key of finished.slice(0, -closedTasksKept)) delete state.tasks[key];
}
