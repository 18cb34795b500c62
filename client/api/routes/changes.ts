import { z } from 'zod';

import type { ChangeAction } from '../../../workflows/change/messages';
import { ChangeDraft } from '../../../workflows/change/schema';
import { Time } from '../../../workflows/runbook/fields/schema';
import { followChange } from '../../change-feed';
import type { Acted, ChangeEngine } from '../../change-engine';
import { ActedOn, ChangeList, ChangePreview, ChangeRow, ChangeView, TimelineEntry } from '../change-schema';
import { RequestError } from '../errors';
import type { Caller, Route } from '../route';
import { defineFeed, defineRoute, get, post } from '../route';
import { feedStart } from '../feed-start';

const ByReference = z.object({ ref: z.string().min(1).max(200) });
const Person = z.string().regex(/^user\/[^\s/]+$/, 'Expected user/<login>');
const Reason = z.string().max(4_000).default('');

const open = defineRoute({
  ...post('/changes'),
  summary: 'Open a change: a draft of it, until it is submitted',
  body: z.strictObject({ draft: ChangeDraft, requester: Person }),
  answer: ChangeRow,
  async handle({ body, caller }, { changes }) {
    const { idempotencyKey } = caller;
    return changes.open({ ...body, via: caller.via, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
  },
});

const list = defineRoute({
  ...get('/changes'),
  summary: 'List changes, newest first',
  query: z.strictObject({
    phase: z.string().exactOptional(),
    requester: z.string().exactOptional(),
    item: z.string().exactOptional(),
    from: Time.exactOptional(),
    to: Time.exactOptional(),
    open: z.stringbool().exactOptional(),
    limit: z.coerce.number().int().min(1).max(1_000).default(50),
    before: z.coerce.number().int().min(1).exactOptional(),
  }),
  answer: ChangeList,
  async handle({ query }, { changes }) {
    const { from, to, ...filter } = query;
    const time = {
      ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
      ...(to === undefined ? {} : { toMs: Date.parse(to) }),
    };
    return { changes: [...(await changes.list({ ...filter, ...time }))] };
  },
});

const show = defineRoute({
  ...get('/changes/:ref'),
  summary: 'A change with its window, approvals, conflicts, run and timeline',
  params: ByReference,
  answer: ChangeView,
  async handle({ params }, { changes }) {
    const view = await changes.show(params.ref);
    if (view === null) throw unknownChange(params.ref);
    return view;
  },
});

const plan = defineRoute({
  ...get('/changes/:ref/plan'),
  summary: 'What submitting a change would say now: plan, conflicts, risk, approvers; nothing is kept of it',
  params: ByReference,
  answer: ChangePreview,
  handle: async ({ params }, { changes }) => changes.plan({ reference: params.ref }),
});

const planDraft = defineRoute({
  ...post('/changes/plan'),
  summary: 'The same of a draft that nobody has opened',
  body: z.strictObject({ draft: ChangeDraft, requester: Person }),
  answer: ChangePreview,
  handle: async ({ body }, { changes }) => changes.plan(body),
});

const events = defineFeed({
  ...get('/changes/:ref/events'),
  summary: 'What happens to a change, as it happens, until it is over',
  params: ByReference,
  query: z.strictObject({ after: z.coerce.number().int().min(-1).default(0) }),
  answer: TimelineEntry,
  event: 'entry',
  async handle({ params, query, caller }, { store }) {
    const row = await store.changes.find(params.ref);
    if (row === null) throw unknownChange(params.ref);
    return followChange(store, row.id, feedStart(query.after, caller));
  },
});

function unknownChange(reference: string): RequestError {
  return new RequestError('CHANGE_NOT_FOUND', `Cannot find change "${reference}": no such change, or more than one`);
}

/** One route for each act: they differ in what they take, and in nothing else. */
function actRoute<B extends { readonly actor: string }>(
  name: ChangeAction['action'],
  spec: { readonly summary: string; readonly body: z.ZodType<B>; readonly action: (body: B) => ChangeAction },
): Route {
  return defineRoute({
    ...post(`/changes/:ref/${name}`),
    summary: spec.summary,
    params: ByReference,
    body: spec.body,
    answer: ActedOn,
    async handle({ params, body, caller }, { changes }) {
      return answerOf(await act(changes, { reference: params.ref, actor: body.actor, caller }, spec.action(body)));
    },
  });
}

interface Asked {
  readonly reference: string;
  readonly actor: string;
  readonly caller: Caller;
}

function act(changes: ChangeEngine, { reference, actor, caller }: Asked, action: ChangeAction): Promise<Acted> {
  const { via, idempotencyKey: id } = caller;
  return changes.act(reference, { action, actor, via, ...(id === undefined ? {} : { id }) });
}

function answerOf({ change, warnings }: Acted): z.infer<typeof ActedOn> {
  return { change, warnings: [...warnings] };
}

const acts: readonly Route[] = [
  actRoute('submit', {
    summary: 'Have a change assessed, approved and carried out',
    body: z.strictObject({ actor: Person }),
    action: () => ({ action: 'submit' }),
  }),
  actRoute('edit', {
    summary: 'Replace what a change asks for; a material difference voids its approvals',
    body: z.strictObject({ actor: Person, draft: ChangeDraft }),
    action: ({ draft }) => ({ action: 'edit', draft }),
  }),
  actRoute('revise', {
    summary: 'Take a change back to draft: nobody is asked any more',
    body: z.strictObject({ actor: Person, reason: Reason }),
    action: ({ reason }) => ({ action: 'revise', reason }),
  }),
  actRoute('reschedule', {
    summary: 'Give a change another window',
    body: z.strictObject({ actor: Person, start: Time, end: Time, reason: Reason }),
    action: ({ start, end, reason }) => ({
      action: 'reschedule',
      startMs: Date.parse(start),
      endMs: Date.parse(end),
      reason,
    }),
  }),
  actRoute('extend', {
    summary: 'Ask for a later end of the window while a change is carried out',
    body: z.strictObject({ actor: Person, end: Time, reason: Reason }),
    action: ({ end, reason }) => ({ action: 'extend', endMs: Date.parse(end), reason }),
  }),
  actRoute('cancel', {
    summary: 'Cancel a change; while it is carried out it stops at a safe point and goes back',
    body: z.strictObject({ actor: Person, keep: z.boolean().default(false), reason: Reason }),
    action: ({ keep, reason }) => ({ action: 'cancel', keep, reason }),
  }),
  actRoute('review', {
    summary: 'Close a change by its review',
    body: z.strictObject({
      actor: Person,
      outcome: z.enum(['successful', 'successful-with-issues', 'backed-out', 'failed']),
      text: z.string().max(20_000).default(''),
      tickets: z.record(z.string(), z.string()).default({}),
    }),
    action: ({ outcome, text, tickets }) => ({ action: 'review', review: { outcome, text, tickets } }),
  }),
];

export const changeRoutes: readonly Route[] = [open, list, show, plan, planDraft, events, ...acts];
