import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { Store, TaskRow } from '../../../platform/store/store';
import { namesOf } from '../../journaled';
import { commentsOf, commentTask } from '../../task-comments';
import { unknownTask } from '../../tasks-named';
import { NamedActor } from '../actor-schema';
import { TaskComment, TaskView } from '../run-schema';
import { refusalsOf } from '../refusals';
import { defineRoute, get, post } from '../route';
import { aboutTask } from '../subjects';

const ById = z.object({ id: z.string().min(1).max(500) });

const show = defineRoute({
  ...get('/tasks/:id'),
  summary: 'A task with what was said about it; a slash in the id is written %2F',
  action: 'task.read',
  about: aboutTask,
  params: ById,
  answer: TaskView,
  async handle({ params, caller: { access } }, { store }) {
    const task = await requireTask(store, params.id);
    const [names, comments, owner] = await Promise.all([
      namesOf(store, [task.runId]),
      commentsOf(store, task),
      store.scopes.of(task.runId),
    ]);
    const refused = refusalsOf(access, owner?.scope ?? {}, ['task.answer', 'task.comment']);
    return { task, subject: names[task.runId] ?? task.runId, comments: [...comments], refused };
  },
});

const comment = defineRoute({
  ...post('/tasks/:id/comments'),
  summary: 'Say something to whoever is asked; it is journaled, and decides nothing',
  action: 'task.comment',
  about: aboutTask,
  params: ById,
  body: z.strictObject({
    actor: NamedActor,
    text: z.string().min(1).max(4_000),
  }),
  answer: TaskComment,
  async handle({ params, body, caller: { access, idempotencyKey } }, { store }) {
    const task = await requireTask(store, params.id);
    const by = { actor: access.actorFor(body.actor), via: access.via, at: Date.now() };
    return commentTask(store, task, { id: idempotencyKey ?? randomUUID(), text: body.text, ...by });
  },
});

async function requireTask({ views }: Store, id: string): Promise<TaskRow> {
  const [task] = await views.tasks({ id });
  if (task === undefined) throw unknownTask(id);
  return task;
}

export const taskDetailRoutes = [show, comment] as const;
