import { z } from 'zod';

import { NamedActor } from '../actor-schema';
import { admitTo } from '../authorize';
import { refusalText, RequestError } from '../errors';
import { defineRoute, get, post } from '../route';
import { aboutJournaled, aboutTask } from '../subjects';
import { AnswerAccepted, TaskRow } from '../schema';
import { namesOf, requireJournaled } from '../../journaled';
import { principalsOf } from '../../my-tasks';

const list = defineRoute({
  ...get('/tasks'),
  summary: 'Open tasks; with all=true also the closed ones',
  action: 'task.read',
  about: 'filtered',
  query: z.strictObject({
    /** A run, or a change: CHG-12. */
    run: z.string().exactOptional(),
    /** Tasks whose id begins so. */
    id: z.string().min(1).exactOptional(),
    all: z.stringbool().exactOptional(),
    /** The open ones that wait for the caller, and nothing else: by name, or as a member of a team. */
    mine: z.stringbool().default(false),
    limit: z.coerce.number().int().min(1).exactOptional(),
  }),
  answer: z.object({ tasks: z.array(TaskRow), subjects: z.record(z.string(), z.string()) }),
  async handle({ query, caller: { access } }, context) {
    const { engine, store } = context;
    const { run, id: begins, all: alsoClosed, limit, mine } = query;
    const owner = run === undefined ? null : await aboutJournaled({ params: { ref: run } }, context);
    if (owner !== null) admitTo(access, 'task.read', owner);
    const found = run === undefined ? undefined : await requireJournaled(store, run);
    const scopeIds = access.scopeIds('task.read', await store.scopes.list());
    const tasks = mine
      ? await store.views.tasksAskedOf({
          principals: await principalsOf(store, access.actor),
          scopeIds,
          limit: limit ?? mostNamed,
        })
      : await engine.tasks({
          scopeIds,
          ...(found === undefined ? {} : { runId: found.id }),
          ...(begins === undefined ? {} : { begins }),
          ...(alsoClosed === undefined ? {} : { all: alsoClosed }),
          ...(limit === undefined ? {} : { limit }),
        });
    const ids = tasks.slice(0, mostNamed).map(({ runId }) => runId);
    return { tasks: [...tasks], subjects: await namesOf(store, ids) };
  },
});

/** Whoever lists more than these reads ids. */
const mostNamed = 500;

const Login = z.string().regex(/^user\/[^\s/]+$/, 'Expected user/<login>');

const answer = defineRoute({
  ...post('/tasks/:id/answer'),
  summary: 'Answer a task: vote, decide, confirm',
  action: 'task.answer',
  about: aboutTask,
  params: z.object({ id: z.string().min(1).max(500) }),
  body: z.strictObject({
    actor: NamedActor,
    /** Whose vote a delegate gives. */
    onBehalfOf: Login.exactOptional(),
    choice: z.string().min(1).max(200),
    comment: z.string().max(4_000).exactOptional(),
    form: z.json().exactOptional(),
    hosts: z.array(z.string()).exactOptional(),
    planHash: z.string().exactOptional(),
    showHash: z.string().exactOptional(),
  }),
  answer: AnswerAccepted,
  async handle({ params, body, caller }, { engine }) {
    const key = caller.idempotencyKey;
    const result = await engine.answer({
      ...body,
      taskId: params.id,
      actor: caller.access.actorFor(body.actor),
      via: caller.access.via,
      ...(key === undefined ? {} : { id: key }),
    });
    if (result.accepted) return result;
    throw new RequestError('ANSWER_REFUSED', refusalText(`answer task "${params.id}"`, result.reason), {
      detail: { code: result.code },
    });
  },
});

export const taskRoutes = [list, answer] as const;
