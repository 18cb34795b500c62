import { createHash } from 'node:crypto';

import type { Grant } from '../../workflows/domain/authorization';
import type { Renewed, SessionRow } from '../../platform/store/access-row';
import type { Store } from '../../platform/store/store';
import { idPattern, isSecretOf, newCredential, secretPattern } from './credential';

/** Somebody who has proven who they are. */
export interface SignedIn {
  /** `user/anna`. */
  readonly actor: string;
  readonly source: SessionRow['source'];
  readonly groups: readonly string[];
  /** Given besides what is published; null: by the rule of installations without grants. */
  readonly given: readonly Grant[] | null;
  /** What the way of signing in keeps for itself, sealed by it. */
  readonly sealed: string | null;
  /** At the latest; absent: as long as sessions last. */
  readonly expiresAt?: number;
}

/** What the cookie says of it. */
export interface OpenSession {
  readonly session: SessionRow;
  readonly cookie: string;
  readonly csrf: string;
}

/** Asks the way of signing in anew who somebody is: null ends the session, `later` asks again a while later. */
export type RenewSession = (session: SessionRow) => Promise<Renewed | 'later' | null>;

interface SessionDependencies {
  readonly store: Pick<Store, 'access'>;
  readonly now: () => number;
  readonly renew: RenewSession | null;
}

const hourMs = 3_600_000;
const idleMs = 12 * hourMs;
export const sessionMs = 7 * 24 * hourMs;
/** Nobody needs to know to the second when somebody was last seen. */
const seenEveryMs = 60_000;
const renewEveryMs = 5 * 60_000;

const cookieForm = new RegExp(`^(${idPattern})\\.(${secretPattern})$`);

/**
 * Sessions of browsers.
 *
 * - S1 The cookie holds a secret of which the store has the digest.
 * - S2 Each request reads its session anew: one that was ended is dead at once, in whatever process it was ended.
 * - S3 It ends by itself when it is not used, and after its time however much it is used.
 */
export class Sessions {
  readonly #renewing = new Map<string, Promise<SessionRow | null>>();

  constructor(private readonly dependencies: SessionDependencies) {}

  async open({ actor, source, groups, given, sealed, expiresAt }: SignedIn): Promise<OpenSession> {
    const { store, now } = this.dependencies;
    const { id, secret, digest } = newCredential();
    const at = now();
    const session: SessionRow = {
      id,
      digest,
      actor,
      source,
      groups,
      given,
      sealed,
      createdAt: at,
      seenAt: at,
      renewedAt: at,
      expiresAt: Math.min(expiresAt ?? Infinity, at + sessionMs),
      endedAt: null,
    };
    await store.access.addSession(session, source);
    return { session, cookie: `${id}.${secret}`, csrf: csrfOf(secret) };
  }

  /** Null: no such session, or it is over. */
  async read(cookie: string): Promise<OpenSession | null> {
    const [, id, secret] = cookieForm.exec(cookie) ?? [];
    if (id === undefined || secret === undefined) return null;
    const { store, now } = this.dependencies;
    const found = await store.access.session(id);
    if (found === null || !isSecretOf(found.digest, secret) || found.endedAt !== null) return null;
    const over = whyOver(found, now());
    if (over !== null) {
      await this.end(id, { actor: found.actor, via: 'api', reason: over });
      return null;
    }
    const session = await this.#renewed(found);
    if (session === null) return null;
    if (now() - session.seenAt >= seenEveryMs) await store.access.sawSession(id, now());
    return { session, cookie, csrf: csrfOf(secret) };
  }

  end(id: string, by: { readonly actor: string; readonly via: string; readonly reason: string }): Promise<boolean> {
    return this.dependencies.store.access.endSession(id, { ...by, at: this.dependencies.now() });
  }

  /** Those of the requests that come meanwhile wait for the same answer. */
  async #renewed(session: SessionRow): Promise<SessionRow | null> {
    const { renew, now } = this.dependencies;
    // Of a session by a link nobody has been asked yet: a directory may know groups.
    const isDue = session.sealed === null || now() - session.renewedAt >= renewEveryMs;
    if (renew === null || !isDue) return session;
    const known = this.#renewing.get(session.id);
    if (known !== undefined) return known;
    const asked = this.#ask(session, renew).finally(() => this.#renewing.delete(session.id));
    this.#renewing.set(session.id, asked);
    return asked;
  }

  async #ask(session: SessionRow, renew: RenewSession): Promise<SessionRow | null> {
    const { now, store } = this.dependencies;
    const answer = await renew(session);
    if (answer === 'later') return session;
    if (answer === null) {
      const { id, expiresAt } = session;
      // Tokens go by the groups of the newest session, also of one that has ended.
      await store.access.renewSession(id, { groups: [], sealed: null, at: now(), expiresAt });
      await this.end(session.id, { actor: session.actor, via: session.source, reason: 'not renewed' });
      return null;
    }
    await store.access.renewSession(session.id, answer);
    const { at: renewedAt, groups, sealed, expiresAt } = answer;
    return { ...session, groups, sealed, expiresAt, renewedAt };
  }
}

function whyOver({ seenAt, expiresAt }: SessionRow, now: number): string | null {
  if (now >= expiresAt) return 'expired';
  return now - seenAt >= idleMs ? 'not used' : null;
}

/** Bound to the session, and known to whoever has read it from an answer: pages of other sites have neither. */
function csrfOf(secret: string): string {
  return createHash('sha256').update(`mainstay/csrf/1 ${secret}`).digest('base64url');
}
