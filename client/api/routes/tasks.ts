import { z } from 'zod';

import { mostUrgentFirst, priorityOf } from '../../../workflows/domain/task';
import type { AnswerResult } from '../../../workflows/domain/task';
import { NamedActor } from '../actor-schema';
import { admitTo } from '../authorize';
import { cursorOf, placeOf } from '../cursor';
import { refusalText, RequestError } from '../errors';
import { pageQuery } from '../page';
import { defineRoute, get, post } from '../route';
import { aboutJournaled, aboutTask } from '../subjects';
import { AnswerAccepted, TaskDelegated, TaskList } from '../schema';
import type { TaskRow } from '../schema';
import { namesOf, requireJournaled } from '../../journaled';
import { principalsOf } from '../../my-tasks';

const list = defineRoute({
  ...get('/tasks'),
  summary:
    'Open tasks in order of opening, of one page the most urgent first; with mine=true the most urgent of all; with all=true also closed ones',
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
    ...pageQuery,
  }),
  answer: TaskList,
  async handle({ query, caller: { access } }, context) {
    const { engine, store } = context;
    const { run, id: begins, all: alsoClosed, limit, cursor, mine } = query;
    const owner = run === undefined ? null : await aboutJournaled({ params: { ref: run } }, context);
    if (owner !== null) admitTo(access, 'task.read', owner);
    const ofRun = run === undefined ? {} : { runId: (await requireJournaled(store, run)).id };
    const scopeIds = access.scopeIds('task.read', await store.scopes.list());
    const after = cursor === undefined ? {} : { after: placeOf(cursor, Place) };
    // One more tells whether there is a next page.
    const page = { scopeIds, limit: limit + 1, ...after };
    const found = mine
      ? await store.views.tasksAskedOf({ ...page, at: Date.now(), principals: await principalsOf(store, access.actor) })
      : await engine.tasks({
          ...page,
          ...ofRun,
          ...(begins === undefined ? {} : { begins }),
          ...(alsoClosed === undefined ? {} : { all: alsoClosed }),
        });
    const shown = found.slice(0, limit);
    const next = found.length > limit ? placeAfter(shown.at(-1)) : null;
    const subjects = await namesOf(
      store,
      shown.map(({ runId }) => runId),
    );
    return { tasks: [...(alsoClosed === true ? shown : mostUrgentFirst(shown))], subjects, next };
  },
});

const Place = z.object({ priority: z.number(), openedAt: z.number(), runId: z.string(), id: z.string() });

function placeAfter(last: z.infer<typeof TaskRow> | undefined): string | null {
  if (last === undefined) return null;
  const { openedAt, runId, id } = last;
  return cursorOf({ priority: priorityOf(last), openedAt, runId, id });
}

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
    return acceptedOrThrown(`answer task "${params.id}"`, result);
  },
});

const delegate = defineRoute({
  ...post('/tasks/:id/delegate'),
  summary: 'Have somebody else answer a task that one is asked; named oneself, it is taken back',
  action: 'task.answer',
  about: aboutTask,
  params: z.object({ id: z.string().min(1).max(500) }),
  body: z.strictObject({
    actor: NamedActor,
    to: Login,
    /** Absent: as long as it is asked. */
    until: z.iso.datetime({ offset: true }).exactOptional(),
    comment: z.string().max(4_000).exactOptional(),
  }),
  answer: TaskDelegated,
  async handle({ params, body: { actor, to, until, comment }, caller }, { engine }) {
    const key = caller.idempotencyKey;
    const from = caller.access.actorFor(actor);
    const delegation = { to, until: until === undefined ? null : Date.parse(until) };
    const result = await engine.answer({
      taskId: params.id,
      actor: from,
      via: caller.access.via,
      choice: 'delegate',
      delegation,
      ...(comment === undefined ? {} : { comment }),
      ...(key === undefined ? {} : { id: key }),
    });
    acceptedOrThrown(`delegate task "${params.id}"`, result);
    return { from, ...delegation };
  },
});

function acceptedOrThrown(what: string, result: AnswerResult): AnswerAccepted {
  if (result.accepted) return result;
  throw new RequestError('ANSWER_REFUSED', refusalText(what, result.reason), { detail: { code: result.code } });
}

export const taskRoutes = [list, answer, delegate] as const;
