import { hkdfSync } from 'node:crypto';

import type { IdentitySettings } from '../../platform/identity-settings';
import type { Logger } from '../../platform/logger';
import type { People } from '../../platform/people';
import { createSeal } from '../../platform/seal';
import type { Store } from '../../platform/store/store';
import type { GroupDirectory } from './ldap';
import type { OidcProvider } from './oidc';
import type { OidcPlace } from './oidc-routes';
import { createRenewal } from './renewal';
import type { RenewSession } from './sessions';

/** Everything that others tell us of people. */
export interface OutsideIdentity {
  /** Null: nobody signs in by a provider. */
  readonly oidc: Omit<OidcPlace, 'sessions'> | null;
  readonly renew: RenewSession;
}

export interface OutsideOptions {
  readonly settings: IdentitySettings;
  readonly publicUrl: string | null;
  readonly installationKey: Uint8Array;
  readonly store: Pick<Store, 'access' | 'logins'>;
  readonly people: Pick<People, 'find'>;
  readonly logger: Logger;
}

/** Null: nobody tells us anything. */
export async function createOutsideIdentity(options: OutsideOptions): Promise<OutsideIdentity | null> {
  const { settings, publicUrl, store, people, logger } = options;
  const provider = await openProvider(settings);
  const directory = await openDirectory(settings);
  if (provider === null && directory === null) return null;
  // Of its own, so that what is sealed here says nothing about what else the installation's key protects.
  const key = hkdfSync('sha256', options.installationKey, '', 'mainstay/sign-in/1', 32);
  const place = { directory, seal: createSeal(Buffer.from(key)), now: () => Date.now() };
  return {
    oidc: provider === null || publicUrl === null ? null : { ...place, provider, store, people, publicUrl },
    renew: createRenewal({ ...place, provider, logins: store.logins, logger }),
  };
}

/** Loaded only where they are wanted. */
async function openProvider({ oidc }: IdentitySettings): Promise<OidcProvider | null> {
  if (oidc === null) return null;
  const { createOidcProvider } = await import('./oidc.js');
  return createOidcProvider(oidc);
}

async function openDirectory({ ldap }: IdentitySettings): Promise<GroupDirectory | null> {
  if (ldap === null) return null;
  const { createLdapDirectory } = await import('./ldap.js');
  return createLdapDirectory(ldap);
}
