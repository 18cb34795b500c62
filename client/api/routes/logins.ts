import { z } from 'zod';

import { RequestError } from '../errors';
import { FreedLogin, LoginList } from '../identity-schema';
import { pageOf, pageQuery } from '../page';
import { defineRoute, get, post } from '../route';

const list = defineRoute({
  ...get('/logins'),
  summary: 'Which subject of the OpenID provider each login is bound to',
  action: 'access.read',
  about: 'everything',
  query: z.strictObject(pageQuery),
  answer: LoginList,
  async handle({ query }, { store }) {
    const { page: logins, next } = pageOf(await store.logins.list(), query, { keyOf: ({ login }) => [login] });
    return { logins, next };
  },
});

const unbind = defineRoute({
  ...post('/logins/:login/unbind'),
  summary: 'Free a login: whoever the provider calls so next has it; its sessions end, and the tokens made in its name',
  action: 'access.write',
  about: 'everything',
  params: z.object({ login: z.string().min(1).max(200) }),
  body: z.strictObject({
    /** It is the same person, under another subject. */
    keepTokens: z.boolean().default(false),
  }),
  answer: FreedLogin,
  async handle({ params: { login }, body: { keepTokens: keepsTokens }, caller: { access } }, { store }) {
    const by = { actor: access.actor, via: access.via, at: Date.now() };
    const freed = await store.logins.free(login, { ...by, keepsTokens });
    if (freed === null)
      throw new RequestError('LOGIN_NOT_FOUND', `Cannot free the login "${login}": it is bound to nobody`);
    return freed;
  },
});

export const loginRoutes = [list, unbind] as const;
