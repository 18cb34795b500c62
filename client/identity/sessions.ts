import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { Grant } from '../../workflows/domain/authorization';
import type { Renewed, SessionBasis, SessionRow } from '../../platform/store/access-row';
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
  /** What was proven by; absent: nothing that could be taken back meanwhile. */
  readonly basis?: SessionBasis;
}

/** What the cookie says of it. */
export interface OpenSession {
  readonly session: SessionRow;
  readonly cookie: string;
  readonly csrf: string;
}

/**
 * Asks the way of signing in anew who somebody is: null ends the session. `wasBegun`: somebody asked before with what this one asks
 * with, and was never heard of again.
 */
export type RenewSession = (session: SessionRow, how: { readonly wasBegun: boolean }) => Promise<Renewed | null>;

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
/** Longer than provider and directory together may take to answer, each question timed out: of two who ask, one would be void. */
const renewalTurnMs = 2 * 60_000;
/** Nobody waits longer than this, since it began to ask, for what another process hears; the groups that are known stand meanwhile. */
const longestWaitMs = 10_000;
const lookEveryMs = 50;

const cookieForm = new RegExp(`^(${idPattern})\\.(${secretPattern})$`);

/**
 * Sessions of browsers.
 *
 * - S1 The cookie holds a secret of which the store has the digest.
 * - S2 Each request reads its session anew: one that was ended is dead at once, in whatever process it was ended.
 * - S3 It ends by itself when it is not used, and after its time however much it is used.
 * - S4 One process at a time asks anew who its person is; the others go by what that one hears. What was asked with an old refresh
 *   token ends nothing that was renewed meanwhile.
 */
export class Sessions {
  readonly #renewing = new Map<string, Promise<SessionRow | null>>();

  constructor(private readonly dependencies: SessionDependencies) {}

  /** Null: what it was proven by has been taken back meanwhile. */
  async open({ actor, source, groups, given, sealed, expiresAt, basis }: SignedIn): Promise<OpenSession | null> {
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
    const isOpen = await store.access.addSession(session, source, basis);
    if (!isOpen) return null;
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
    const { id, renewedAt: basis } = session;
    const turn = await store.access.takeRenewal(id, { basis, at: now(), until: now() + renewalTurnMs });
    switch (turn.kind) {
      case 'taken':
      case 'taken over':
        return this.#settle(session, await renew(session, { wasBegun: turn.kind === 'taken over' }));
      case 'held':
        return this.#awaitOther(session, turn.until - renewalTurnMs + longestWaitMs - now());
      case 'done':
        return this.#reread(id);
    }
  }

  async #settle(session: SessionRow, answer: Renewed | null): Promise<SessionRow | null> {
    const { now, store } = this.dependencies;
    const { id, actor, source, expiresAt, renewedAt: basis } = session;
    // Tokens go by the groups of the newest session, also of one that has ended.
    const { groups, sealed, ...rest } = answer ?? { groups: [], sealed: null, at: now(), expiresAt };
    // S4: whoever was faster has heard something newer.
    if (!(await store.access.renewSession(id, { groups, sealed, ...rest, basis }))) return this.#reread(id);
    if (answer !== null) return { ...session, groups, sealed, expiresAt: rest.expiresAt, renewedAt: rest.at };
    await this.end(id, { actor, via: source, reason: 'not renewed' });
    return null;
  }

  /** Of one that asks for longer than usual nobody waits any more: it may have died. */
  async #awaitOther(session: SessionRow, waitMs: number): Promise<SessionRow | null> {
    for (let waitedMs = 0; waitedMs < waitMs; waitedMs += lookEveryMs) {
      await pause(lookEveryMs);
      const found = await this.#reread(session.id);
      if (found === null || found.renewedAt !== session.renewedAt || found.sealed !== session.sealed) return found;
    }
    return session;
  }

  /** Null: it has ended. */
  async #reread(id: string): Promise<SessionRow | null> {
    const found = await this.dependencies.store.access.session(id);
    return found?.endedAt === null ? found : null;
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
