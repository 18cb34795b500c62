import { z } from 'zod';

import type { ChangeAction } from '../../../workflows/change/messages';
import { ChangeDraft } from '../../../workflows/change/schema';
import { Time } from '../../../workflows/runbook/fields/schema';
import type { Access } from '../../access';
import { followChange } from '../../change-feed';
import type { Acted, ChangeEngine } from '../../change-engine';
import { unknownChange } from '../../change-open';
import { NamedActor } from '../actor-schema';
import { ActedOn, ChangeList, ChangePreview, ChangeRow, ChangeView, TimelineEntry } from '../change-schema';
import { cursorOf, CursorText, placeOf } from '../cursor';
import { RequestError } from '../errors';
import type { Caller } from '../route';
import { changeRefusals, othersRefusal } from '../refusals';
import { defineFeed, defineRoute, get, post } from '../route';
import { feedStart } from '../feed-start';
import { aboutChange, aboutDraft, aboutEdit } from '../subjects';

const ByReference = z.object({ ref: z.string().min(1).max(200) });
const Reason = z.string().max(4_000).default('');

const open = defineRoute({
  ...post('/changes'),
  summary: 'Open a change: a draft of it, until it is submitted',
  action: 'change.write',
  about: aboutDraft,
  body: z.strictObject({ draft: ChangeDraft, requester: NamedActor }),
  answer: ChangeRow,
  async handle({ body, caller }, { changes }) {
    const { access, idempotencyKey } = caller;
    const requester = access.actorFor(body.requester);
    return changes.open({
      draft: body.draft,
      requester,
      via: access.via,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
  },
});

const list = defineRoute({
  ...get('/changes'),
  summary: 'List changes, newest first',
  action: 'change.read',
  about: 'filtered',
  query: z.strictObject({
    phase: z.string().exactOptional(),
    requester: z.string().exactOptional(),
    item: z.string().exactOptional(),
    from: Time.exactOptional(),
    to: Time.exactOptional(),
    open: z.stringbool().exactOptional(),
    limit: z.coerce.number().int().min(1).max(1_000).default(50),
    cursor: CursorText.exactOptional(),
    /** Number to go on below. */
    before: z.coerce.number().int().min(1).exactOptional(),
  }),
  answer: ChangeList,
  async handle({ query, caller: { access } }, { changes, store }) {
    const { from, to, cursor, limit, ...filter } = query;
    const place = cursor === undefined ? {} : placeOf(cursor, BelowNumber);
    const time = {
      ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
      ...(to === undefined ? {} : { toMs: Date.parse(to) }),
    };
    const scopeIds = access.scopeIds('change.read', await store.scopes.list());
    // One more tells whether there is a next page.
    const found = await changes.list({ ...filter, ...time, ...place, scopeIds, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next = last !== undefined && found.length > limit ? cursorOf({ before: last.number }) : null;
    return { changes: [...shown], next };
  },
});

const BelowNumber = z.object({ before: z.number().int().min(1) });

const show = defineRoute({
  ...get('/changes/:ref'),
  summary: 'A change with its window, approvals, conflicts, run and timeline',
  action: 'change.read',
  about: aboutChange,
  params: ByReference,
  answer: ChangeView,
  async handle({ params, caller: { access } }, { changes }) {
    const view = await changes.show(params.ref);
    if (view === null) throw unknownChange(params.ref);
    return { ...view, refused: changeRefusals(access, view) };
  },
});

const plan = defineRoute({
  ...get('/changes/:ref/plan'),
  summary: 'What submitting a change would say now: plan, conflicts, risk, approvers; nothing is kept of it',
  action: 'change.read',
  about: aboutChange,
  params: ByReference,
  answer: ChangePreview,
  handle: async ({ params }, { changes }) => changes.plan({ reference: params.ref }),
});

const planDraft = defineRoute({
  ...post('/changes/plan'),
  summary: 'The same of a draft that nobody has opened',
  action: 'change.write',
  about: aboutDraft,
  body: z.strictObject({ draft: ChangeDraft, requester: NamedActor }),
  answer: ChangePreview,
  handle: async ({ body: { draft, requester }, caller }, { changes }) =>
    changes.plan({ draft, requester: caller.access.actorFor(requester) }),
});

const events = defineFeed({
  ...get('/changes/:ref/events'),
  summary: 'What happens to a change, as it happens, until it is over',
  action: 'change.read',
  about: aboutChange,
  params: ByReference,
  query: z.strictObject({ after: z.coerce.number().int().min(-1).default(0) }),
  answer: TimelineEntry,
  event: 'entry',
  async handle({ params, query, caller }, { store, live }) {
    const row = await store.changes.find(params.ref);
    if (row === null) throw unknownChange(params.ref);
    return followChange({ store, live }, row.id, feedStart(query.after, caller));
  },
});

/** One route for each act: they differ in what they take, and in nothing else. */
function actRoute<const Name extends ChangeAction['action'], B extends z.ZodType<{ readonly actor?: string }>>(
  name: Name,
  spec: {
    readonly summary: string;
    readonly body: B;
    readonly action: (body: z.output<B>) => ChangeAction;
    /** What the change is to ask for from now on. */
    readonly draftOf?: (body: z.output<B>) => ChangeDraft;
  },
) {
  return defineRoute({
    ...post<`/changes/:ref/${Name}`>(`/changes/:ref/${name}`),
    summary: spec.summary,
    action: 'change.write',
    about: async (call, context) =>
      spec.draftOf === undefined
        ? aboutChange(call, context)
        : aboutEdit(call, { draft: spec.draftOf(call.body), access: call.caller.access }, context),
    params: ByReference,
    body: spec.body,
    answer: ActedOn,
    async handle({ params, body, caller }, { changes, store }) {
      const row = await store.changes.find(params.ref);
      if (row !== null) requireOwn(name, row, caller.access);
      return answerOf(await act(changes, { reference: params.ref, named: body.actor, caller }, spec.action(body)));
    },
  });
}

function requireOwn(act: ChangeAction['action'], change: z.infer<typeof ChangeRow>, access: Access): void {
  if (othersRefusal(act, change, access) === null) return;
  const { number, requester } = change;
  throw new RequestError('FORBIDDEN', `Cannot ${act} change CHG-${number}: it is ${requester}'s`, {
    detail: { hint: 'Open another, or ask them.' },
  });
}

interface Asked {
  readonly reference: string;
  readonly named: string | undefined;
  readonly caller: Caller;
}

function act(changes: ChangeEngine, { reference, named, caller }: Asked, action: ChangeAction): Promise<Acted> {
  const { access, idempotencyKey: id } = caller;
  const by = { actor: access.actorFor(named), via: access.via };
  return changes.act(reference, { action, ...by, ...(id === undefined ? {} : { id }) });
}

function answerOf({ change, warnings }: Acted): z.infer<typeof ActedOn> {
  return { change, warnings: [...warnings] };
}

const acts = [
  actRoute('submit', {
    summary: 'Have a change assessed, approved and carried out',
    body: z.strictObject({ actor: NamedActor }),
    action: () => ({ action: 'submit' }),
  }),
  actRoute('edit', {
    summary: 'Replace what a change asks for; a material difference voids its approvals',
    body: z.strictObject({ actor: NamedActor, draft: ChangeDraft }),
    action: ({ draft }) => ({ action: 'edit', draft }),
    draftOf: ({ draft }) => draft,
  }),
  actRoute('revise', {
    summary: 'Take a change back to draft: nobody is asked any more',
    body: z.strictObject({ actor: NamedActor, reason: Reason }),
    action: ({ reason }) => ({ action: 'revise', reason }),
  }),
  actRoute('reschedule', {
    summary: 'Give a change another window',
    body: z.strictObject({ actor: NamedActor, start: Time, end: Time, reason: Reason }),
    action: ({ start, end, reason }) => ({
      action: 'reschedule',
      startMs: Date.parse(start),
      endMs: Date.parse(end),
      reason,
    }),
  }),
  actRoute('extend', {
    summary: 'Ask for a later end of the window while a change is carried out',
    body: z.strictObject({ actor: NamedActor, end: Time, reason: Reason }),
    action: ({ end, reason }) => ({ action: 'extend', endMs: Date.parse(end), reason }),
  }),
  actRoute('cancel', {
    summary: 'Cancel a change; while it is carried out it stops at a safe point and goes back',
    body: z.strictObject({ actor: NamedActor, keep: z.boolean().default(false), reason: Reason }),
    action: ({ keep, reason }) => ({ action: 'cancel', keep, reason }),
  }),
  actRoute('review', {
    summary: 'Close a change by its review',
    body: z.strictObject({
      actor: NamedActor,
      outcome: z.enum(['successful', 'successful-with-issues', 'backed-out', 'failed']),
      text: z.string().max(20_000).default(''),
      tickets: z.record(z.string(), z.string()).default({}),
    }),
    action: ({ outcome, text, tickets }) => ({ action: 'review', review: { outcome, text, tickets } }),
  }),
] as const;

export const changeRoutes = [open, list, show, plan, planDraft, events, ...acts] as const;
