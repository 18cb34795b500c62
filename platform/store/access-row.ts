import type { Grant } from '../../workflows/domain/authorization';

/**
 * Who is signed in, and by what. Secrets come as digests only.
 *
 * - X1 Each change stands in the journal's stream `access` by the same transaction. That somebody was seen is none.
 * - X2 A code is good for one session, whoever asks at once.
 * - X3 Of those who ask anew about a session at once, one does, and what it hears stands only if nobody was faster.
 */
export interface AccessStore {
  addCode(code: NewCode, by: Doer): Promise<void>;
  /** Uses it up; null: there is none, it is over, or it was used. */
  useCode(digest: string, at: number): Promise<SignInCode | null>;
  /** False: what it is opened by was taken back. */
  addSession(session: SessionRow, via: string, basis?: SessionBasis): Promise<boolean>;
  /** Also one that has ended. */
  session(id: string): Promise<SessionRow | null>;
  /** Those that are open at that time, newest first. */
  sessions(filter: { readonly at: number; readonly actor?: string }): Promise<readonly SessionRow[]>;
  sawSession(id: string, at: number): Promise<void>;
  takeRenewal(id: string, renewal: Renewal): Promise<RenewalTurn>;
  /** What the way of signing in says now of somebody who is signed in. False: it has ended, or was renewed since `basis`. */
  renewSession(id: string, renewed: Renewed & Pick<Renewal, 'basis'>): Promise<boolean>;
  /** False: it had ended. */
  endSession(id: string, by: Doer & { readonly reason: string }): Promise<boolean>;
  /** Of the session of somebody that was renewed last, within a week before that time: what tokens of theirs go by. */
  groupsOf(actor: string, at: number): Promise<readonly string[]>;
  /** False: there is one of this id. */
  addToken(token: TokenRow, via: string): Promise<boolean>;
  /** Also one that was revoked. */
  token(id: string): Promise<TokenRow | null>;
  /** Newest first. */
  tokens(filter?: { readonly actor?: string }): Promise<readonly TokenRow[]>;
  sawToken(id: string, at: number): Promise<void>;
  /** False: it was before. */
  revokeToken(id: string, by: Doer): Promise<boolean>;
  /** Somebody was not let in. At most one a minute is kept. */
  noteRefused(what: string, refused: { readonly reason: string; readonly at: number }): Promise<void>;
}

export interface Doer {
  readonly actor: string;
  readonly via: string;
  readonly at: number;
}

export interface SignInCode {
  readonly actor: string;
  /** Given by whoever made it, besides what is published; null: by the rule of installations without grants. */
  readonly given: readonly Grant[] | null;
}

export interface NewCode extends SignInCode {
  readonly digest: string;
  readonly expiresAt: number;
}

export interface SessionRow extends SignInCode {
  readonly id: string;
  readonly digest: string;
  readonly source: 'link' | 'oidc';
  readonly groups: readonly string[];
  /** What the way of signing in keeps for itself, sealed by it. */
  readonly sealed: string | null;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly renewedAt: number;
  /** However much it is used. */
  readonly expiresAt: number;
  readonly endedAt: number | null;
}

/** What a session is opened by: whoever frees the login, or voids the link, ends it or keeps it from being opened. */
export type SessionBasis =
  | { readonly kind: 'login'; readonly issuer: string; readonly subject: string; readonly login: string }
  | { readonly kind: 'code'; readonly digest: string };

export interface Renewed {
  readonly groups: readonly string[];
  readonly sealed: string | null;
  readonly at: number;
  readonly expiresAt: number;
}

export interface Renewal {
  /** When it was renewed last, as its row was read. */
  readonly basis: number;
  readonly at: number;
  /** Nobody else asks until then. */
  readonly until: number;
}

/**
 * `held`: somebody else is asking. `done`: somebody has, or it has ended. `taken over`: somebody asked, and never told what came of it:
 * what they asked with may be used up.
 */
export type RenewalTurn =
  { readonly kind: 'taken' | 'taken over' | 'done' } | { readonly kind: 'held'; readonly until: number };

export interface TokenRow extends SignInCode {
  readonly id: string;
  readonly digest: string;
  readonly name: string;
  /** What it is good for, of all that its owner may do; null: all of it. */
  readonly limits: readonly Grant[] | null;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}
