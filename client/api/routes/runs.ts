import { z } from 'zod';

import { refusalText, RequestError } from '../errors';
import type { Caller, Route } from '../route';
import { defineRoute, get, post } from '../route';
import { ControlAccepted, RunRow, RunView } from '../schema';
import { decodeBundle, EncodedBundle, encodeBundle } from '../../../activities/plans/plan-bundle';

const ByReference = z.object({ ref: z.string().min(1).max(200) });
const Actor = z.string().regex(/^(user|team|service)\/[^\s/]+$/, 'Expected user/<login>');
const Labels = z.record(z.string(), z.string());

const StartOptions = {
  requester: Actor,
  expect: z.string().exactOptional(),
  check: z.boolean().exactOptional(),
  labels: Labels.exactOptional(),
};

const StartPlan = EncodedBundle.extend(StartOptions).strict();
const StartDefinition = z.strictObject({
  ...StartOptions,
  /** `name` or `name@version` of a published runbook. */
  definition: z.string(),
  /** As given: text is parsed by the declared type. */
  inputs: z.record(z.string(), z.json()).default({}),
  inventory: z.string().exactOptional(),
  limit: z.array(z.string()).exactOptional(),
});

const start = defineRoute({
  ...post('/runs'),
  summary: 'Start a run of a plan, or of a published definition',
  body: z.union([StartPlan, StartDefinition]),
  answer: RunRow,
  async handle({ body, caller }, { engine, registry }) {
    const { requester, expect, check, labels } = body;
    const bundle = 'plan' in body ? decodeBundle(body) : await registry.compile(body);
    return engine.start({
      ...bundle,
      requester,
      via: caller.via,
      ...(expect === undefined ? {} : { expect }),
      ...(check === undefined ? {} : { check }),
      ...(labels === undefined ? {} : { labels }),
      ...(caller.idempotencyKey === undefined ? {} : { idempotencyKey: caller.idempotencyKey }),
    });
  },
});

const list = defineRoute({
  ...get('/runs'),
  summary: 'List runs, newest first',
  query: z.strictObject({
    state: z.enum(['pending', 'running', 'waiting', 'paused', 'closed']).exactOptional(),
    definition: z.string().exactOptional(),
    limit: z.coerce.number().int().min(1).max(1_000).exactOptional(),
    before: z.coerce.number().int().min(1).exactOptional(),
  }),
  answer: z.object({ runs: z.array(RunRow) }),
  async handle({ query }, { engine }) {
    return { runs: [...(await engine.runs(query))] };
  },
});

const show = defineRoute({
  ...get('/runs/:ref'),
  summary: 'A run with its steps, hosts and tasks',
  params: ByReference,
  answer: RunView,
  async handle({ params }, { engine }) {
    const view = await engine.show(params.ref);
    if (view === null)
      throw new RequestError('RUN_NOT_FOUND', `Cannot find run "${params.ref}": no such run, or more than one`);
    return view;
  },
});

const control = defineRoute({
  ...post('/runs/:ref/control'),
  summary: 'Pause, resume, cancel, hold, release or back out a run that is open',
  params: ByReference,
  body: z.strictObject({
    action: z.enum(['pause', 'resume', 'cancel', 'hold', 'release', 'backOut']),
    actor: Actor,
    keep: z.boolean().exactOptional(),
    reason: z.string().max(1_000).exactOptional(),
  }),
  answer: ControlAccepted,
  async handle({ params, body, caller }, { engine }) {
    const result = await engine.control(params.ref, { ...body, via: caller.via, ...idOf(caller) });
    if (result.accepted) return result;
    throw new RequestError('CONTROL_REFUSED', refusalText(`${body.action} run "${params.ref}"`, result.reason), {
      detail: { code: result.code },
    });
  },
});

const resume = defineRoute({
  ...post('/runs/:ref/resume'),
  summary: 'Let a paused run go on, resume a run that has ended from its failed step, or undo it',
  params: ByReference,
  body: z.strictObject({
    actor: Actor,
    from: z.string().exactOptional(),
    hosts: z.array(z.string()).exactOptional(),
    undo: z.boolean().exactOptional(),
  }),
  answer: RunRow,
  handle: ({ params, body, caller }, { engine }) =>
    engine.resume(params.ref, { ...body, via: caller.via, ...idOf(caller) }),
});

const signal = defineRoute({
  ...post('/runs/:ref/events'),
  summary: 'Tell a run that something happened',
  params: ByReference,
  body: z.strictObject({
    name: z.string().min(1).max(200),
    data: z.json().default(null),
    actor: Actor,
    id: z.string().max(200).exactOptional(),
  }),
  answer: z.object({ accepted: z.literal(true), id: z.string() }),
  async handle({ params, body, caller }, { engine }) {
    const id = body.id ?? caller.idempotencyKey ?? crypto.randomUUID();
    await engine.signal(params.ref, { name: body.name, data: body.data, actor: body.actor, via: caller.via, id });
    return { accepted: true as const, id };
  },
});

const plan = defineRoute({
  ...post('/plans'),
  summary: 'The plan of a published definition, without starting it',
  body: StartDefinition.omit({ requester: true, expect: true, check: true, labels: true }),
  answer: EncodedBundle,
  async handle({ body }, { registry }) {
    return encodeBundle(await registry.compile(body));
  },
});

/** A request that is sent again with its idempotency key is the same request. */
function idOf({ idempotencyKey: id }: Caller): { readonly id?: string } {
  return id === undefined ? {} : { id };
}

export const runRoutes: readonly Route[] = [start, plan, list, show, control, resume, signal];
