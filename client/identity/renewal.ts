import type { Logger } from '../../platform/logger';
import type { Seal } from '../../platform/seal';
import type { Renewed, SessionRow } from '../../platform/store/access-row';
import type { Logins } from '../../platform/store/logins';
import type { GroupDirectory } from './ldap';
import type { OidcProvider, ProvenPerson, RenewalProblem } from './oidc';
import type { RenewSession } from './sessions';
import { groupsOf, openStanding, sealStanding } from './standing';
import type { ProviderStanding, Standing } from './standing';

/** While nobody can be asked, what was said last stands for this long and no longer. */
export const believedForMs = 60 * 60_000;

export interface RenewalPlace {
  /** Null: not set up. */
  readonly provider: Pick<OidcProvider, 'renew'> | null;
  /** Null: not set up. */
  readonly directory: GroupDirectory | null;
  readonly logins: Pick<Logins, 'claim'>;
  readonly seal: Seal;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Asks provider and directory what groups somebody is in now.
 *
 * - G1 Whom the provider knows no more is signed out. That it is away signs nobody out for `believedForMs`.
 * - G2 Groups of a directory that is away are lost after the same time: less is allowed then, never more.
 * - G3 Whose login is bound to another subject, or was freed while the provider was asked, is signed out; whom the provider calls otherwise now keeps their login.
 * - G4 A process that went away while it asked, or an answer that got lost, may have used up the refresh token: that it is refused then
 *   says nothing of the person.
 */
export function createRenewal(place: RenewalPlace): RenewSession {
  return async (session, { wasBegun }) => {
    const before = openStanding(place.seal, session);
    const provider =
      before.provider === null ? null : await askProvider(place, session, { before: before.provider, wasBegun });
    if (provider === 'over') return null;
    return renewed(place, session, { provider, directory: await askDirectory(place, session, before.directory) });
  };
}

function renewed({ seal, now }: RenewalPlace, session: SessionRow, standing: Standing): Renewed {
  const { provider } = standing;
  // Nobody may ask again without the person: the session is short instead.
  const lastMs = provider === null || provider.refreshToken !== null ? Infinity : provider.at + believedForMs;
  const expiresAt = Math.min(session.expiresAt, lastMs);
  return { groups: groupsOf(standing), sealed: sealStanding(seal, standing), at: now(), expiresAt };
}

interface Asked {
  readonly before: ProviderStanding;
  readonly wasBegun: boolean;
}

async function askProvider(
  place: RenewalPlace,
  session: SessionRow,
  { before, wasBegun }: Asked,
): Promise<ProviderStanding | 'over'> {
  const { actor } = session;
  const { provider, now, logger } = place;
  const over = (reason: string): 'over' => {
    logger.info({ actor, reason }, 'session ended by the sign-in service');
    return 'over';
  };
  if (provider === null) return over('the sign-in service is not set up any more');
  if (before.refreshToken === null) return before;
  const found = await provider.renew({ subject: before.subject, refreshToken: before.refreshToken });
  const isBelieved = now() - before.at < believedForMs;
  switch (found.kind) {
    case 'person':
      return (await stillThemself(place, session, { found, before })) ?? over('their login is not theirs any more');
    case 'refused':
      if (!isBelieved || !(wasBegun || before.isDoubtful === true)) return over(found.reason);
      logger.warn({ actor, reason: found.reason }, 'groups not read anew: what was asked before is not known');
      return { ...before, refreshToken: null };
    case 'unavailable':
      if (!isBelieved) return over(found.reason);
      logger.warn({ actor, reason: found.reason }, 'groups not read anew: the earlier ones stand');
      return afterOutage(before, found);
  }
}

function afterOutage(before: ProviderStanding, { token }: RenewalProblem): ProviderStanding {
  switch (token?.kind) {
    case 'renewed': {
      const { isDoubtful: _over, ...known } = before;
      return { ...known, refreshToken: token.refreshToken };
    }
    case 'doubtful':
      return { ...before, isDoubtful: true };
    case undefined:
      return before;
  }
}

/** Null: the login that they are signed in by is not theirs (G3). */
async function stillThemself(
  { logins, logger, now }: RenewalPlace,
  { id, actor }: SessionRow,
  { found, before }: { readonly found: ProvenPerson; readonly before: ProviderStanding },
): Promise<ProviderStanding | null> {
  const { issuer, subject, groups, refreshToken } = found;
  const login = loginOf(actor);
  // Sessions that began before logins were bound bind theirs now.
  const claimed = await logins.claim({ issuer, subject, login, at: now(), session: id });
  if (claimed.kind === 'taken' || claimed.login !== login) return null;
  // A new ID token need not come with it, and signing out wants one.
  const idToken = found.idToken === '' ? before.idToken : found.idToken;
  const standing = { subject, idToken, refreshToken, groups, at: now() };
  if (found.login === login) return standing;
  if (found.login !== before.calledThere) logger.warn({ actor, calledThere: found.login }, renamedThere);
  return { ...standing, calledThere: found.login };
}

export const renamedThere = 'the sign-in service calls somebody otherwise now: their login stands';

async function askDirectory(
  { directory, now, logger }: RenewalPlace,
  { actor }: SessionRow,
  before: Standing['directory'],
): Promise<Standing['directory']> {
  if (directory === null) return null;
  const found = await directory.groupsOf(loginOf(actor));
  switch (found.kind) {
    case 'groups':
      return { groups: found.groups, at: now() };
    case 'unavailable':
      logger.warn({ actor, reason: found.reason }, 'groups of the directory not read');
      return before !== null && now() - before.at < believedForMs ? before : null;
  }
}

function loginOf(actor: string): string {
  return actor.replace(/^user\//, '');
}
