import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { limitGrants } from '../../workflows/domain/authorization';
import type { TokenRow } from '../../platform/store/access-row';
import type { Store } from '../../platform/store/store';
import { adminTokenAccess, createAccess } from '../access';
import type { Access } from '../access';
import { GrantBook } from '../access-grants';
import { cookieValue, sessionCookie } from './cookies';
import { Sessions } from './sessions';
import type { OpenSession, RenewSession } from './sessions';
import { SignInLinks } from './sign-in-links';
import { ApiTokens } from './tokens';

/** Who people are, and by what they show it. */
export interface Identity {
  readonly grants: GrantBook;
  readonly sessions: Sessions;
  readonly links: SignInLinks;
  readonly tokens: ApiTokens;
  /** Null: nothing that proves anything, or something that is wrong. */
  authenticate(request: { readonly headers: IncomingHttpHeaders }): Promise<Access | null>;
}

export interface IdentityOptions {
  readonly store: Pick<Store, 'access' | 'definitions' | 'journal' | 'installation'>;
  /** Of the data directory. */
  readonly adminToken: string;
  readonly now: () => number;
  /** Absent: nobody signs in but by links. */
  readonly renew?: RenewSession;
}

export function createIdentity({ store, adminToken, now, renew }: IdentityOptions): Identity {
  const grants = new GrantBook(store, now);
  const sessions = new Sessions({ store, now, renew: renew ?? null });
  const tokens = new ApiTokens({ store, now });
  return {
    grants,
    sessions,
    links: new SignInLinks({ store, sessions, now }),
    tokens,
    async authenticate(request) {
      const { authorization } = request.headers;
      // A header that is wrong is no reason to go by the cookie: whoever sent it meant to be somebody else.
      if (authorization !== undefined) {
        const bearer = /^Bearer (.+)$/.exec(authorization)?.[1] ?? '';
        if (isSame(bearer, adminToken)) return adminTokenAccess;
        const token = await tokens.read(bearer);
        return token === null || (await grants.hasLeft(token.actor))
          ? null
          : tokenAccess({ store, grants, now }, token);
      }
      const cookie = cookieValue(request, sessionCookie);
      const open = cookie === null ? null : await sessions.read(cookie);
      return open === null || (await grants.hasLeft(open.session.actor)) ? null : sessionAccess(grants, open);
    },
  };
}

async function sessionAccess(book: GrantBook, { session, csrf }: OpenSession): Promise<Access> {
  const grants = await book.grantsOf(session);
  return createAccess({ actor: session.actor, via: 'session', grants, proof: { kind: 'session', session, csrf } });
}

/** Groups are those that its owner was last known to have, if that is no more than a week ago. */
async function tokenAccess(
  { store, grants: book, now }: Pick<IdentityOptions, 'store' | 'now'> & { readonly grants: GrantBook },
  token: TokenRow,
): Promise<Access> {
  const { id, actor, given, limits } = token;
  const all = await book.grantsOf({ actor, given, groups: await store.access.groupsOf(actor, now()) });
  const grants = limits === null ? all : limitGrants(all, limits);
  return createAccess({ actor, via: `token/${id}`, grants, proof: { kind: 'token', token } });
}

/** Compares digests, so that neither content nor length of the token shows in the time it takes. */
function isSame(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
