import type { Logger } from '../../platform/logger';
import type { Seal } from '../../platform/seal';
import type { Renewed, SessionRow } from '../../platform/store/access-row';
import type { GroupDirectory } from './ldap';
import type { OidcProvider } from './oidc';
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
  readonly seal: Seal;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Asks provider and directory what groups somebody is in now.
 *
 * - G1 Whom the provider knows no more, or by another name, is signed out. That it is away signs nobody out for `believedForMs`.
 * - G2 Groups of a directory that is away are lost after the same time: less is allowed then, never more.
 */
export function createRenewal(place: RenewalPlace): RenewSession {
  return async (session) => {
    const before = openStanding(place.seal, session);
    const provider = before.provider === null ? null : await askProvider(place, session, before.provider);
    if (provider === 'over') return null;
    return renewed(place, session, { provider, directory: await askDirectory(place, session, before.directory) });
  };
}

function renewed({ seal, now }: RenewalPlace, { expiresAt }: SessionRow, standing: Standing): Renewed {
  return { groups: groupsOf(standing), sealed: sealStanding(seal, standing), at: now(), expiresAt };
}

async function askProvider(
  { provider, now, logger }: RenewalPlace,
  { actor }: SessionRow,
  before: ProviderStanding,
): Promise<ProviderStanding | 'over'> {
  const over = (reason: string): 'over' => {
    logger.info({ actor, reason }, 'session ended by the sign-in service');
    return 'over';
  };
  if (provider === null) return over('the sign-in service is not set up any more');
  // Nobody may ask without the person: the session is short instead.
  if (before.refreshToken === null) return before;
  const found = await provider.renew({ subject: before.subject, refreshToken: before.refreshToken });
  switch (found.kind) {
    case 'person': {
      const { subject, login, groups, refreshToken } = found;
      if (`user/${login}` !== actor) return over(`they are called "${login}" now`);
      // A new ID token need not come with it, and signing out wants one.
      const idToken = found.idToken === '' ? before.idToken : found.idToken;
      return { subject, idToken, refreshToken, groups, at: now() };
    }
    case 'refused':
      return over(found.reason);
    case 'unavailable':
      if (now() - before.at >= believedForMs) return over(found.reason);
      logger.warn({ actor, reason: found.reason }, 'groups not read anew: the earlier ones stand');
      return before;
  }
}

async function askDirectory(
  { directory, now, logger }: RenewalPlace,
  { actor }: SessionRow,
  before: Standing['directory'],
): Promise<Standing['directory']> {
  if (directory === null) return null;
  const found = await directory.groupsOf(actor.replace(/^user\//, ''));
  switch (found.kind) {
    case 'groups':
      return { groups: found.groups, at: now() };
    case 'unavailable':
      logger.warn({ actor, reason: found.reason }, 'groups of the directory not read');
      return before !== null && now() - before.at < believedForMs ? before : null;
  }
}
