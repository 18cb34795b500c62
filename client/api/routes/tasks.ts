import { z } from 'zod';

import { refusalText, RequestError } from '../errors';
import type { Route } from '../route';
import { defineRoute, get, post } from '../route';
import { AnswerAccepted, TaskRow } from '../schema';
import { namesOf, requireJournaled } from '../../journaled';

const list = defineRoute({
  ...get('/tasks'),
  summary: 'Open tasks; with all=true also the closed ones',
  query: z.strictObject({
    /** A run, or a change: CHG-12. */
    run: z.string().exactOptional(),
    /** Tasks whose id begins so. */
    id: z.string().min(1).exactOptional(),
    all: z.stringbool().exactOptional(),
    limit: z.coerce.number().int().min(1).exactOptional(),
  }),
  answer: z.object({ tasks: z.array(TaskRow), subjects: z.record(z.string(), z.string()) }),
  async handle({ query }, { engine, store }) {
    const { run, id: begins, all, limit } = query;
    const found = run === undefined ? undefined : await requireJournaled(store, run);
    const tasks = await engine.tasks({
      ...(found === undefined ? {} : { runId: found.id }),
      ...(begins === undefined ? {} : { begins }),
      ...(all === undefined ? {} : { all }),
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
  params: z.object({ id: z.string().min(1).max(500) }),
  body: z.strictObject({
    actor: Login,
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
