import type { JsonObject } from '../domain/json';
import type { OpenTask } from '../domain/quorum';
import type { Task } from '../domain/task';
import { nextKeeperTask } from './keeper-here';
import type { KeeperHere } from './keeper-here';

/** Something that somebody has to know. */
export interface Notice {
  /** One open task for each: what is newer takes the place of what is older. */
  readonly about: string;
  readonly title: string;
  readonly show: JsonObject;
  readonly priority?: number;
}

/** Asks the owner of the plan to take note of it. Nothing waits for the answer. A plan that nobody knows has no owner. */
export async function tellOwner({ about, ...told }: Notice, here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  if (state.plan === null) return;
  withdrawNotice(about, here);
  const { digest: showHash } = await effects.lookUp('digest', { value: told.show });
  const task: Task = {
    ...told,
    id: nextKeeperTask(here),
    kind: 'manual',
    path: about,
    candidates: [state.plan.owner],
    options: ['acknowledge'],
    min: 1,
    rejectOn: 1,
    excludeRequester: false,
    form: null,
    planHash: '',
    showHash,
    openedAt: effects.now(),
    dueAt: null,
    onDue: null,
    hosts: [],
  };
  state.tasks[task.id] = { task, votes: [], closed: null };
  effects.record({ key: `${task.id}/task.opened`, kind: 'task.opened', payload: task });
}

/** There is nothing to know any more. */
export function withdrawNotice(about: string, here: KeeperHere): void {
  const open = Object.values(here.state.tasks).find(({ task, closed }) => task.path === about && closed === null);
  if (open !== undefined) close(open, { choice: '', by: [], reason: 'withdrawn', comment: '' }, here);
}

/** Those that somebody has answered. */
export function closeAnswered(here: KeeperHere): void {
  for (const open of Object.values(here.state.tasks)) {
    if (open.closed === null) continue;
    const { choice, by } = open.closed;
    close(open, { choice, by, reason: 'answered', comment: open.votes.at(-1)?.comment ?? '' }, here);
  }
}

interface Closing {
  readonly choice: string;
  readonly by: readonly string[];
  readonly reason: 'answered' | 'withdrawn';
  readonly comment: string;
}

function close({ task }: OpenTask, closing: Closing, { state, effects }: KeeperHere): void {
  delete state.tasks[task.id];
  effects.record({ key: `${task.id}/task.closed`, kind: 'task.closed', payload: { taskId: task.id, ...closing } });
}
