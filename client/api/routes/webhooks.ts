import { z } from 'zod';

import type { LoadedHook, LoadedSubscription } from '../../../definitions/document';
import { authOfHook } from '../../../definitions/kinds/hook';
import type { DeliveryRow } from '../../../platform/store/deliveries';
import { scopeOfLabels } from '../../../workflows/domain/scope';
import { publishedHooks } from '../../hooks/published-hooks';
import { publishedSubscriptions } from '../../hooks/published-subscriptions';
import type { Access } from '../../access';
import type { Subject } from '../authorize';
import type { ApiContext } from '../context';
import { cursorOf, CursorText, placeOf } from '../cursor';
import { RequestError } from '../errors';
import { DeliveryState, DeliveryView, HookList, SubscriptionList } from '../hook-schema';
import type { HookView, SubscriptionView } from '../hook-schema';
import { pageOf, pageQuery } from '../page';
import { defineRoute, get, post } from '../route';

const hooks = defineRoute({
  ...get('/hooks'),
  summary: 'What others may call, at which address, and what comes of it',
  action: 'hook.read',
  about: 'filtered',
  query: z.strictObject(pageQuery),
  answer: HookList,
  async handle({ query, caller: { access } }, { store }) {
    const found = (await publishedHooks(store)).filter((each) => isSeen(access, each));
    const { page, next } = pageOf(found, query, byName);
    return { hooks: page.map(hookView), next };
  },
});

const subscriptions = defineRoute({
  ...get('/subscriptions'),
  summary: 'Who is told of what happens, and where',
  action: 'hook.read',
  about: 'filtered',
  query: z.strictObject(pageQuery),
  answer: SubscriptionList,
  async handle({ query, caller: { access } }, { store }) {
    const found = (await publishedSubscriptions(store)).filter((each) => isSeen(access, each));
    const { page, next } = pageOf(found, query, byName);
    return { subscriptions: page.map(subscriptionView), next };
  },
});

const byName = { keyOf: ({ metadata }: LoadedHook | LoadedSubscription) => [metadata.name] };

const deliveries = defineRoute({
  ...get('/deliveries'),
  summary: 'Messages to those who are told, newest first, and how far each has come',
  action: 'hook.read',
  about: 'filtered',
  query: z.strictObject({
    subscription: z.string().max(200).exactOptional(),
    state: DeliveryState.exactOptional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: CursorText.exactOptional(),
  }),
  answer: z.object({ deliveries: z.array(DeliveryView), next: z.string().nullable() }),
  async handle({ query, caller: { access } }, { store }) {
    const { cursor, ...filter } = query;
    const [createdAt, id] = cursor === undefined ? [] : placeOf(cursor, z.tuple([z.number(), z.string()]));
    const before = createdAt === undefined || id === undefined ? {} : { before: { createdAt, id } };
    const found = await store.deliveries.list({ ...filter, ...before });
    const seen = new Set((await publishedSubscriptions(store)).filter((each) => isSeen(access, each)).map(nameOf));
    const last = found.length < query.limit ? undefined : found.at(-1);
    return {
      deliveries: found.filter(({ subscription }) => seen.has(subscription)).map(deliveryView),
      next: last === undefined ? null : cursorOf([last.createdAt, last.id]),
    };
  },
});

const retry = defineRoute({
  ...post('/deliveries/:id/retry'),
  summary: 'Tell a receiver once more of what it could not be told',
  action: 'policy.write',
  about: ({ params: { id } }, context) => aboutDelivery(id, context),
  params: z.object({ id: z.string().min(1).max(100) }),
  answer: DeliveryView,
  async handle({ params: { id } }, { store }) {
    const known = await store.deliveries.get(id);
    if (known === null) throw unknownDelivery(id);
    const again = await store.deliveries.again(id, Date.now());
    if (again !== null) return deliveryView(again);
    throw new RequestError('DELIVERY_NOT_DEAD', `Cannot tell delivery "${id}" again: it is ${known.state}`);
  },
});

async function aboutDelivery(id: string, { store }: ApiContext): Promise<Subject | null> {
  const delivery = await store.deliveries.get(id);
  const all = delivery === null ? [] : await publishedSubscriptions(store);
  const subscription = all.find((each) => nameOf(each) === delivery?.subscription);
  if (subscription === undefined) return null;
  return {
    scope: scopeOfLabels(subscription.metadata.labels),
    seenBy: 'hook.read',
    missing: () => unknownDelivery(id),
  };
}

function unknownDelivery(id: string): RequestError {
  return new RequestError('DELIVERY_NOT_FOUND', `Cannot find delivery "${id}": no such delivery`);
}

function isSeen(access: Access, { metadata }: LoadedHook | LoadedSubscription): boolean {
  return access.may('hook.read', scopeOfLabels(metadata.labels));
}

function nameOf({ metadata }: LoadedSubscription): string {
  return metadata.name;
}

function hookView({ metadata, spec }: LoadedHook): HookView {
  const { name, title = name, owner = '' } = metadata;
  return {
    name,
    title,
    owner,
    address: `/hooks/${name}`,
    auth: authOfHook(spec).mode,
    does: spec.start === undefined ? `signal ${spec.signal?.name ?? ''}` : `start ${spec.start.runbook}`,
  };
}

function subscriptionView({ metadata, spec }: LoadedSubscription): SubscriptionView {
  const { name, title = name, owner = '' } = metadata;
  const { url, events, active = true } = spec;
  return { name, title, owner, url, events: [...events], active };
}

function deliveryView({ body: _body, round: _round, ...row }: DeliveryRow): DeliveryView {
  return row;
}

export const webhookRoutes = [hooks, subscriptions, deliveries, retry] as const;
