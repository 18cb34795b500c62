import { z } from 'zod';

import { People } from '../../../platform/people';
import type { Access } from '../../access';
import type { ApiContext } from '../context';
import { RequestError } from '../errors';
import { NoticePreferences, PersonNotifications } from '../notification-schema';
import { defineRoute, get, post } from '../route';

const own = defineRoute({
  ...get('/me/notifications'),
  summary: 'What the caller wants to be told, how and when',
  action: 'notification.own',
  about: 'anything',
  answer: PersonNotifications,
  handle: async ({ caller: { access } }, context) => notificationsOf(callingPerson(access), context),
});

const setOwn = defineRoute({
  ...post('/me/notifications'),
  summary: 'Say what the caller wants to be told, how and when; it takes the place of what was said before',
  action: 'notification.own',
  about: 'anything',
  body: NoticePreferences,
  answer: PersonNotifications,
  handle: async ({ body, caller: { access } }, context) =>
    setNotifications(callingPerson(access), { preferences: body, access }, context),
});

const Login = z.object({ login: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,199}$/, 'Expected a login') });

const ofPerson = defineRoute({
  ...get('/people/:login/notifications'),
  summary: 'What somebody wants to be told, how and when',
  action: 'notification.manage',
  about: 'everything',
  params: Login,
  answer: PersonNotifications,
  handle: async ({ params: { login } }, context) => notificationsOf(`user/${login}`, context),
});

const setOfPerson = defineRoute({
  ...post('/people/:login/notifications'),
  summary: 'Say for somebody what they are told, how and when; it takes the place of what was said before',
  action: 'notification.manage',
  about: 'everything',
  params: Login,
  body: NoticePreferences,
  answer: PersonNotifications,
  handle: async ({ params: { login }, body, caller: { access } }, context) =>
    setNotifications(`user/${login}`, { preferences: body, access }, context),
});

/** Programs are told by subscriptions; the admin token is nobody. */
function callingPerson({ actor, proof }: Access): string {
  if (actor.startsWith('user/')) return actor;
  throw new RequestError('NOTIFICATIONS_NOT_FOUND', `Cannot tell what "${actor}" wants to be told: it is no person`, {
    detail:
      proof.kind === 'admin-token'
        ? { hint: 'The admin token is nobody: name the person, /api/v1/people/LOGIN/notifications.' }
        : {},
  });
}

async function setNotifications(
  person: string,
  { preferences, access }: { readonly preferences: NoticePreferences; readonly access: Access },
  context: ApiContext,
): Promise<PersonNotifications> {
  const by = { actor: access.actor, via: access.via, at: Date.now() };
  await context.store.preferences.set(person, preferences, by);
  return notificationsOf(person, context);
}

async function notificationsOf(
  reference: string,
  { store, reachable = () => [] }: ApiContext,
): Promise<PersonNotifications> {
  const person = await new People(store.definitions).find(reference);
  return {
    person: person.reference,
    preferences: await store.preferences.get(person.reference),
    reachable: [...reachable(person)],
    zone: person.zone ?? 'UTC',
  };
}

export const notificationRoutes = [own, setOwn, ofPerson, setOfPerson] as const;
