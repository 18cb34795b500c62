import { z } from 'zod';

import type { TokenRow } from '../../../platform/store/access-row';
import type { Grant } from '../../../workflows/domain/authorization';
import type { Access } from '../../access';
import { RequestError } from '../errors';
import { NewToken, Role, Selector, TokenList, TokenView, tokenView } from '../identity-schema';
import { pageOf, pageQuery } from '../page';
import { defineRoute, get, post } from '../route';

const dayMs = 24 * 3_600_000;

const list = defineRoute({
  ...get('/tokens'),
  summary: 'Tokens of the caller; of everybody for those who manage them',
  action: 'token.own',
  about: 'filtered',
  query: z.strictObject({ revoked: z.stringbool().default(false), ...pageQuery }),
  answer: TokenList,
  async handle({ query, caller: { access } }, { store }) {
    const rows = await store.access.tokens(access.may('token.manage', {}) ? {} : { actor: access.actor });
    const now = Date.now();
    const shown = query.revoked ? rows : rows.filter((row) => row.revokedAt === null && row.expiresAt > now);
    const { page, next } = pageOf(shown, query, { keyOf: ({ createdAt, id }) => [-createdAt, id] });
    return { tokens: page.map(tokenView), next };
  },
});

const create = defineRoute({
  ...post('/tokens'),
  summary:
    'Make a token of the API: one that allows no more than its owner may do; the secret is told once, and not to a repeated request',
  action: 'token.own',
  about: 'filtered',
  body: z.strictObject({
    name: z.string().min(1).max(200),
    /** Absent: the caller. */
    person: z
      .string()
      .regex(/^(?:user|service)\/[A-Za-z0-9][A-Za-z0-9._@+-]*$/, 'Expected user/<login> or service/<name>')
      .exactOptional(),
    /** What it is good for; absent: everything that its owner may do. */
    roles: z.array(Role).min(1).exactOptional(),
    where: Selector.exactOptional(),
    days: z.int().min(1).max(366).default(90),
  }),
  answer: NewToken,
  async handle({ body, caller: { access, idempotencyKey } }, { identity }) {
    refuseWithToken(access);
    const { name, roles, where, days } = body;
    const person = ownerOf(access, body.person);
    if (roles === undefined && where !== undefined)
      throw new RequestError(
        'REQUEST_INVALID',
        'Cannot make the token: a selector is given, and no role that it holds for',
      );
    const limits: readonly Grant[] | null =
      roles === undefined ? null : roles.map((role) => ({ role, where: where ?? null }));
    const request = { name, person, limits, goodForMs: days * dayMs };
    const keyed = idempotencyKey === undefined ? request : { ...request, idempotencyKey };
    const { row, token } = await identity.tokens.create(keyed, access);
    if (token === null) throw madeBefore(row);
    return { ...tokenView(row), token };
  },
});

const revoke = defineRoute({
  ...post('/tokens/:id/revoke'),
  summary: 'Revoke a token: it is dead at once',
  action: 'token.own',
  about: 'filtered',
  params: z.object({ id: z.string().min(1).max(100) }),
  answer: TokenView,
  async handle({ params: { id }, caller: { access } }, { store }) {
    const row = await store.access.token(id);
    if (row === null || !isOwn(access, row)) throw unknownToken(id);
    await store.access.revokeToken(id, { actor: access.actor, via: access.via, at: Date.now() });
    const revoked = await store.access.token(id);
    if (revoked === null) throw unknownToken(id);
    return tokenView(revoked);
  },
});

function madeBefore({ id, name, actor }: TokenRow): RequestError {
  const message = `Cannot make the token again: this idempotency key has made "${name}" (${id}) of ${actor}`;
  return new RequestError('TOKEN_MADE_BEFORE', message, { detail: { token: id } });
}

/** A token that makes others would outlive its own end, and its own limits. */
function refuseWithToken({ proof }: Access): void {
  if (proof.kind !== 'token') return;
  throw new RequestError('FORBIDDEN', 'Cannot make a token: the caller is known by a token itself', {
    detail: { hint: 'Sign in, or use the token of the data directory.' },
  });
}

function ownerOf(access: Access, person: string | undefined): string {
  if (access.proof.kind === 'admin-token') return access.actorFor(person);
  if (person === undefined || person === access.actor) return access.actor;
  access.require('token.manage', {});
  return person;
}

function isOwn(access: Access, { actor }: TokenRow): boolean {
  return actor === access.actor || access.may('token.manage', {});
}

function unknownToken(id: string): RequestError {
  return new RequestError('TOKEN_NOT_FOUND', `Cannot find token "${id}": you have none of this id`);
}

export const tokenRoutes = [list, create, revoke] as const;
