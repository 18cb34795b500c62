import { isAllowed, isAllowedEverywhere, isAllowedSomewhere, rolesFor } from '../workflows/domain/authorization';
import type { Action, Grant, Scope } from '../workflows/domain/authorization';
import type { SessionRow, TokenRow } from '../platform/store/access-row';
import type { KnownScope } from '../platform/store/scopes';
import { RequestError } from './api/errors';

/** Who asks, how that was proven, and what they may do. What a request does goes by this, and by nothing else. */
export interface Access extends Identified {
  may(action: Action, scope: Scope): boolean;
  /** To something or other: what it is about is then still to be looked at. */
  maySomewhere(action: Action): boolean;
  /** To whatever there is: nothing has to be filtered. */
  mayEverywhere(action: Action): boolean;
  /** Throws `FORBIDDEN`, which says whose matter it is. */
  require(action: Action, scope: Scope): void;
  /** In whose name something is done. Whoever is somebody acts as themself; the admin token is nobody, and says for whom it acts. */
  actorFor(named?: string): string;
  /** Of the known scopes those in which the action is allowed; null: whatever there is. */
  scopeIds(action: Action, known: readonly KnownScope[]): readonly number[] | null;
}

export interface Identified {
  /** `user/anna`, `service/ci`. */
  readonly actor: string;
  /** `session`, `token/<id>`, `admin-token`: journaled with everything that is done. */
  readonly via: string;
  readonly grants: readonly Grant[];
  readonly proof: Proof;
}

export type Proof =
  | { readonly kind: 'admin-token' }
  /** `csrf`: what its pages send along, which no other site knows. */
  | { readonly kind: 'session'; readonly session: SessionRow; readonly csrf: string }
  | { readonly kind: 'token'; readonly token: TokenRow }
  | { readonly kind: 'none' };

export function createAccess(identified: Identified): Access {
  const { actor, grants, proof } = identified;
  const access: Access = {
    ...identified,
    may: (action, scope) => isAllowed(grants, action, scope),
    maySomewhere: (action) => isAllowedSomewhere(grants, action),
    mayEverywhere: (action) => isAllowedEverywhere(grants, action),
    require(action, scope) {
      if (!isAllowed(grants, action, scope)) throw forbidden(access, action);
    },
    actorFor: (named) => (proof.kind === 'admin-token' ? requireNamed(named) : requireOneself(actor, named)),
    scopeIds: (action, known) =>
      access.mayEverywhere(action) ? null : known.filter(({ scope }) => access.may(action, scope)).map(({ id }) => id),
  };
  return access;
}

/** Whoever holds the admin token may do everything, in anybody's name. */
export const adminTokenAccess: Access = createAccess({
  actor: 'service/admin-token',
  via: 'admin-token',
  grants: [{ role: 'admin', where: null }],
  proof: { kind: 'admin-token' },
});

/** Whoever has shown nothing yet. */
export const nobodyAccess: Access = createAccess({
  actor: 'nobody',
  via: 'api',
  grants: [],
  proof: { kind: 'none' },
});

export function forbidden({ actor }: Access, action: Action): RequestError {
  const roles = rolesFor(action);
  return new RequestError('FORBIDDEN', `Cannot do this as ${actor}: no grant of theirs allows "${action}" here`, {
    detail: { action, roles: [...roles], hint: `Ask for a grant of one of these roles: ${roles.join(', ')}.` },
  });
}

function requireNamed(named: string | undefined): string {
  if (named !== undefined) return named;
  throw new RequestError(
    'REQUEST_INVALID',
    'Cannot tell who does this: the admin token is nobody, and no actor is named',
  );
}

function requireOneself(actor: string, named: string | undefined): string {
  if (named === undefined || named === actor) return actor;
  throw new RequestError('FORBIDDEN', `Cannot act as "${named}": the caller is ${actor}`, {
    detail: { hint: 'Leave the actor out: everybody acts as themself.' },
  });
}
