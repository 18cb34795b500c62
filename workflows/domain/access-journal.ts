import type { Grant } from './authorization';

/** What the stream `access` says: who was let in, by what, and until when. Never a secret, nor what a secret is known by. */
export interface AccessPayloads {
  /** A link was made that signs somebody in, once. */
  'access.link-created': {
    readonly person: string;
    /** Given by the link itself, besides what is published; null: by the rule of installations without grants. */
    readonly given: readonly Grant[] | null;
    readonly expiresAt: number;
  };
  'access.signed-in': {
    readonly session: string;
    /** `link`, `oidc`. */
    readonly source: string;
    readonly groups: readonly string[];
    readonly given: readonly Grant[] | null;
  };
  'access.signed-out': { readonly session: string; readonly person: string; readonly reason: string };
  /** Whom other people say somebody belongs to has changed while they were signed in. */
  'access.groups-changed': { readonly session: string; readonly groups: readonly string[] };
  /** From now on the login is that subject's of the provider, and nobody else's. */
  'login.bound': BoundSubject;
  /** It is nobody's, until somebody comes with it. */
  'login.unbound': BoundSubject;
  'access.token-created': {
    readonly token: string;
    readonly name: string;
    readonly person: string;
    readonly limits: readonly Grant[] | null;
    readonly expiresAt: number;
  };
  'access.token-revoked': { readonly token: string; readonly name: string; readonly person: string };
  /** At most one a minute: whoever tries doors must not fill the journal. */
  'access.refused': { readonly what: string; readonly reason: string };
}

interface BoundSubject {
  readonly login: string;
  readonly issuer: string;
  /** Never given out again by the provider. */
  readonly subject: string;
}
