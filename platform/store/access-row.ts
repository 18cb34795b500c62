import type { Grant } from '../../workflows/domain/authorization';

/**
 * Who is signed in, and by what. Secrets come as digests only.
 *
 * - X1 Each change stands in the journal's stream `access` by the same transaction. That somebody was seen is none.
 * - X2 A code is good for one session, whoever asks at once.
 */
export interface AccessStore {
  addCode(code: NewCode, by: Doer): Promise<void>;
  /** Uses it up; null: there is none, it is over, or it was used. */
  useCode(digest: string, at: number): Promise<SignInCode | null>;
  addSession(session: SessionRow, via: string): Promise<void>;
  /** Also one that has ended. */
  session(id: string): Promise<SessionRow | null>;
  /** Those that are open at that time, newest first. */
  sessions(filter: { readonly at: number; readonly actor?: string }): Promise<readonly SessionRow[]>;
  sawSession(id: string, at: number): Promise<void>;
  /** What the way of signing in says now of somebody who is signed in. */
  renewSession(id: string, renewed: Renewed): Promise<void>;
  /** False: it had ended. */
  endSession(id: string, by: Doer & { readonly reason: string }): Promise<boolean>;
  /** Of the session of somebody that was renewed last, within a week before that time: what tokens of theirs go by. */
  groupsOf(actor: string, at: number): Promise<readonly string[]>;
  addToken(token: TokenRow, via: string): Promise<void>;
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

export interface Renewed {
  readonly groups: readonly string[];
  readonly sealed: string | null;
  readonly at: number;
  readonly expiresAt: number;
}

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
