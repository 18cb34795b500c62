import { z } from 'zod';

import { refusalText, RequestError } from '../errors';
import type { Route } from '../route';
import { defineRoute, get, post } from '../route';
import { AnswerAccepted, TaskRow } from '../schema';

const list = defineRoute({
  ...get('/tasks'),
  summary: 'Open tasks; with all=true also the closed ones',
  query: z.strictObject({ run: z.string().exactOptional(), all: z.stringbool().exactOptional() }),
  answer: z.object({ tasks: z.array(TaskRow) }),
  async handle({ query }, { engine, store }) {
    const { run, all } = query;
    const found = run === undefined ? undefined : await store.views.findRun(run);
    if (found === null)
      throw new RequestError('RUN_NOT_FOUND', `Cannot find run "${run ?? ''}": no such run, or more than one`);
    const tasks = await engine.tasks({
      ...(found === undefined ? {} : { runId: found.id }),
      ...(all === undefined ? {} : { all }),
    });
    return { tasks: [...tasks] };
  },
});

const answer = defineRoute({
  ...post('/tasks/:id/answer'),
  summary: 'Answer a task: vote, decide, confirm',
  params: z.object({ id: z.string().min(1).max(500) }),
  body: z.strictObject({
    actor: z.string().regex(/^user\/[^\s/]+$/, 'Expected user/<login>'),
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
      via: caller.via,
      ...(key === undefined ? {} : { id: key }),
    });
    if (result.accepted) return result;
    throw new RequestError('ANSWER_REFUSED', refusalText(`answer task "${params.id}"`, result.reason), {
      detail: { code: result.code },
    });
  },
});

export const taskRoutes: readonly Route[] = [list, answer];
