import { z } from 'zod';

import { People } from '../../../platform/people';
import type { Grant } from '../../../workflows/domain/authorization';
import type { Access } from '../../access';
import { sessionCookie } from '../../identity/cookies';
import { sessionMs } from '../../identity/sessions';
import type { ApiContext } from '../context';
import { RequestError } from '../errors';
import { grantView, Me, Role, Selector, SessionView, sessionView, SignInLink } from '../identity-schema';
import { Next, pageOf, pageQuery } from '../page';
import { defineRoute, get, post } from '../route';

const me = defineRoute({
  ...get('/me'),
  summary: 'Who the caller is, and what they may do',
  action: 'signed-in',
  about: 'anything',
  answer: Me,
  handle: async ({ caller: { access } }, context) => meOf(access, context),
});

const createLink = defineRoute({
  ...post('/sign-in-links'),
  summary: 'Make a link that signs somebody in, once, within ten minutes',
  action: 'access.write',
  about: 'everything',
  body: z.strictObject({
    person: z.string().regex(/^user\/[A-Za-z0-9][A-Za-z0-9._@+-]*$/, 'Expected user/<login>'),
    /** Given by the link itself. Absent: those that are published for the person; everything where nothing is. */
    roles: z.array(Role).min(1).exactOptional(),
    where: Selector.exactOptional(),
  }),
  answer: SignInLink,
  async handle({ body: { person, roles, where }, caller: { access, origin } }, { identity }) {
    const given: readonly Grant[] | null =
      roles === undefined ? null : roles.map((role) => ({ role, where: where ?? null }));
    if (given === null && where !== undefined)
      throw new RequestError(
        'REQUEST_INVALID',
        'Cannot make the link: a selector is given, and no role that it holds for',
      );
    const by = { actor: access.actor, via: access.via };
    const { code, expiresAt } = await identity.links.create({ person, given, by });
    return { person, code, url: `${origin}/sign-in#${code}`, expiresAt };
  },
});

const signIn = defineRoute({
  ...post('/sessions'),
  summary: 'Sign in by the code of a link; the answer sets the cookie of the session',
  action: 'anybody',
  about: 'anything',
  body: z.strictObject({ code: z.string().min(1).max(200) }),
  answer: z.object({ actor: z.string(), csrf: z.string(), expiresAt: z.number() }),
  async handle({ body, caller }, { identity }) {
    const open = await identity.links.redeem(body.code);
    if (open === null)
      throw new RequestError('SIGN_IN_REFUSED', 'Cannot sign in: the link is unknown, was used already, or is too old');
    const { actor, expiresAt } = open.session;
    caller.setCookie(sessionCookie, { value: open.cookie, maxAgeMs: sessionMs });
    return { actor, csrf: open.csrf, expiresAt };
  },
});

const signOut = defineRoute({
  ...post('/sessions/end'),
  summary: 'Sign out; with the id of a session, have that one end',
  action: 'signed-in',
  about: 'anything',
  body: z.strictObject({ session: z.string().max(100).exactOptional() }),
  answer: z.object({ ended: z.literal(true) }),
  async handle({ body, caller }, { identity, store }) {
    const { access } = caller;
    const own = access.proof.kind === 'session' ? access.proof.session.id : null;
    const id = body.session ?? own;
    if (id === null) throw new RequestError('REQUEST_INVALID', 'Cannot sign out: the caller has no session');
    if (id === own) caller.setCookie(sessionCookie, { value: '', maxAgeMs: 0 });
    else if ((await store.access.session(id))?.actor !== access.actor) access.require('access.write', {});
    const reason = id === own ? 'signed out' : `ended by ${access.actor}`;
    if (await identity.sessions.end(id, { actor: access.actor, via: access.via, reason }))
      return { ended: true as const };
    throw new RequestError('SESSION_NOT_FOUND', `Cannot end session "${id}": there is none that is open`);
  },
});

const sessions = defineRoute({
  ...get('/sessions'),
  summary: 'Who is signed in',
  action: 'audit.read',
  about: 'everything',
  query: z.strictObject(pageQuery),
  answer: z.object({ sessions: z.array(SessionView), next: Next }),
  async handle({ query }, { store }) {
    const open = await store.access.sessions({ at: Date.now() });
    const { page, next } = pageOf(open, query, { keyOf: ({ createdAt, id }) => [-createdAt, id] });
    return { sessions: page.map(sessionView), next };
  },
});

async function meOf(access: Access, { store }: ApiContext): Promise<Me> {
  const { actor, via, grants, proof } = access;
  const { name, zone } = await new People(store.definitions).find(actor);
  const { id } = await store.installation();
  return {
    actor,
    name,
    via,
    roles: [...new Set(grants.map(({ role }) => role))],
    grants: grants.map(grantView),
    csrf: proof.kind === 'session' ? proof.csrf : null,
    actsForOthers: proof.kind === 'admin-token',
    source: proof.kind === 'session' ? proof.session.source : null,
    expiresAt: expiryOf(access),
    installation: id,
    zone: zone ?? 'UTC',
  };
}

function expiryOf({ proof }: Access): number | null {
  switch (proof.kind) {
    case 'session':
      return proof.session.expiresAt;
    case 'token':
      return proof.token.expiresAt;
    case 'admin-token':
    case 'none':
      return null;
  }
}

export const identityRoutes = [me, createLink, signIn, signOut, sessions] as const;
