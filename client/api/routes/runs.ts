import { z } from 'zod';

import { unknownRun } from '../../journaled';
import type { Access } from '../../access';
import { refusalText, RequestError } from '../errors';
import type { Caller } from '../route';
import { refusalsOf } from '../refusals';
import { aboutPublished, aboutRun } from '../subjects';
import { defineRoute, get, post } from '../route';
import { ControlAccepted, RunRow, RunView } from '../schema';
import { decodeBundle, EncodedBundle, encodeBundle } from '../../../activities/plans/plan-bundle';

const ByReference = z.object({ ref: z.string().min(1).max(200) });
const Actor = z.string().regex(/^(user|team|service)\/[^\s/]+$/, 'Expected user/<login>');
/** Names of the engine's own labels are not for callers: `mainstay/check` decides how a run is started again. */
const Labels = z.record(
  z.string().regex(/^(?!mainstay\/)/, 'Expected a name that does not begin with mainstay/'),
  z.string(),
);

const StartOptions = {
  /** Absent: the caller. */
  requester: Actor.exactOptional(),
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
  action: 'run.start',
  about: async ({ body }, context) => ('plan' in body ? null : aboutPublished(body, context)),
  body: z.union([StartPlan, StartDefinition]),
  answer: RunRow,
  async handle({ body, caller }, { engine, registry }) {
    const { expect, check, labels } = body;
    const { access } = caller;
    if ('plan' in body) requireAuthor(access);
    const bundle = 'plan' in body ? decodeBundle(body) : await registry.compile(body);
    return engine.start({
      ...bundle,
      requester: access.actorFor(body.requester),
      via: access.via,
      ...(expect === undefined ? {} : { expect }),
      ...(check === undefined ? {} : { check }),
      ...(labels === undefined ? {} : { labels }),
      ...(caller.idempotencyKey === undefined ? {} : { idempotencyKey: caller.idempotencyKey }),
    });
  },
});

const show = defineRoute({
  ...get('/runs/:ref'),
  summary: 'A run with its steps, hosts and tasks',
  action: 'run.read',
  about: aboutRun,
  params: ByReference,
  /** `hosts=false` leaves out what the steps came to on each host: `/runs/:ref/hosts` has it, short. */
  query: z.object({ hosts: z.stringbool().default(true) }),
  answer: RunView,
  async handle({ params, query, caller: { access } }, { engine }) {
    const view = await engine.show(params.ref, query);
    if (view === null) throw unknownRun(params.ref);
    return { ...view, refused: refusalsOf(access, view.scope, ['run.control', 'task.answer', 'evidence.export']) };
  },
});

const control = defineRoute({
  ...post('/runs/:ref/control'),
  summary: 'Pause, resume, cancel, hold, release or back out a run that is open',
  action: 'run.control',
  about: aboutRun,
  params: ByReference,
  body: z.strictObject({
    action: z.enum(['pause', 'resume', 'cancel', 'hold', 'release', 'backOut']),
    actor: Actor.exactOptional(),
    keep: z.boolean().exactOptional(),
    reason: z.string().max(1_000).exactOptional(),
  }),
  answer: ControlAccepted,
  async handle({ params, body, caller }, { engine }) {
    const result = await engine.control(params.ref, { ...body, ...doneBy(caller, body.actor), ...idOf(caller) });
    if (result.accepted) return result;
    throw new RequestError('CONTROL_REFUSED', refusalText(`${body.action} run "${params.ref}"`, result.reason), {
      detail: { code: result.code },
    });
  },
});

const resume = defineRoute({
  ...post('/runs/:ref/resume'),
  summary: 'Let a paused run go on, resume a run that has ended from its failed step, or undo it',
  action: 'run.control',
  about: aboutRun,
  params: ByReference,
  body: z.strictObject({
    actor: Actor.exactOptional(),
    from: z.string().exactOptional(),
    hosts: z.array(z.string()).exactOptional(),
    undo: z.boolean().exactOptional(),
  }),
  answer: RunRow,
  handle: async ({ params, body, caller }, { engine }) =>
    engine.resume(params.ref, { ...body, ...doneBy(caller, body.actor), ...idOf(caller) }),
});

const signal = defineRoute({
  ...post('/runs/:ref/events'),
  summary: 'Tell a run that something happened',
  action: 'run.control',
  about: aboutRun,
  params: ByReference,
  body: z.strictObject({
    name: z.string().min(1).max(200),
    data: z.json().default(null),
    actor: Actor.exactOptional(),
    id: z.string().max(200).exactOptional(),
  }),
  answer: z.object({ accepted: z.literal(true), id: z.string() }),
  async handle({ params, body, caller }, { engine }) {
    const id = body.id ?? caller.idempotencyKey ?? crypto.randomUUID();
    await engine.signal(params.ref, { name: body.name, data: body.data, ...doneBy(caller, body.actor), id });
    return { accepted: true as const, id };
  },
});

const plan = defineRoute({
  ...post('/plans'),
  summary: 'The plan of a published definition, without starting it',
  action: 'definition.read',
  about: ({ body }, context) => aboutPublished(body, context),
  body: StartDefinition.omit({ requester: true, expect: true, check: true, labels: true }),
  answer: EncodedBundle,
  async handle({ body }, { registry }) {
    return encodeBundle(await registry.compile(body));
  },
});

/** A plan that somebody brings may say whatever they like: it is for those who may publish and start anything. */
function requireAuthor(access: Access): void {
  access.require('definition.write', {});
  access.require('run.start', {});
}

function doneBy({ access }: Caller, actor: string | undefined): { readonly actor: string; readonly via: string } {
  return { actor: access.actorFor(actor), via: access.via };
}

/** A request that is sent again with its idempotency key is the same request. */
function idOf({ idempotencyKey: id }: Caller): { readonly id?: string } {
  return id === undefined ? {} : { id };
}

export const runRoutes = [start, plan, show, control, resume, signal] as const;
