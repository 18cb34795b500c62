import { z } from 'zod';

import { fail, ok, warn } from './finding';
import type { Finding } from './finding';
import type { IdentitySettings, LdapSettings, OidcSettings } from './identity-settings';
import { withDirectory } from './ldap-connection';
import { discoverProvider } from './oidc-discovery';
import { messageOf } from './system-error';

const timeoutSeconds = 5;

/** Whether those answer who tell us who people are. */
export async function examineIdentity({ oidc, ldap }: IdentitySettings): Promise<readonly Finding[]> {
  return Promise.all([
    oidc === null ? ok('sign-in', 'by links only: no OpenID provider is set up') : examineProvider(oidc),
    ...(ldap === null ? [] : [examineDirectory(ldap)]),
  ]);
}

async function examineProvider(settings: OidcSettings): Promise<Finding> {
  const name = 'sign-in';
  const { issuer } = settings;
  try {
    const metadata = (await discoverProvider(settings, timeoutSeconds)).serverMetadata();
    const keys = await countKeys(metadata.jwks_uri);
    if (keys === 0)
      return fail(name, `${issuer} answers, and shows no key to check signatures with`, 'Look at its "jwks_uri".');
    if (metadata.code_challenge_methods_supported?.includes('S256') !== true)
      return warn(name, `${issuer} does not say that it knows PKCE (S256)`, 'Sign in once, to see whether it does.');
    return ok(name, `${issuer} answers, with ${keys} ${keys === 1 ? 'key' : 'keys'}`);
  } catch (error) {
    const advice =
      'Check MAINSTAY_OIDC_ISSUER, and whether this machine reaches and trusts it: nobody can sign in by it.';
    return fail(name, `${issuer} does not answer as expected: ${messageOf(error)}`, advice);
  }
}

const KeySet = z.looseObject({ keys: z.array(z.looseObject({ use: z.string().exactOptional() })) });

/** Those that signatures may be checked with. */
async function countKeys(address: string | undefined): Promise<number> {
  if (address === undefined) return 0;
  const response = await fetch(address, { signal: AbortSignal.timeout(timeoutSeconds * 1_000), redirect: 'error' });
  if (!response.ok) throw new Error(`its keys are answered with ${response.status}`);
  const { keys } = KeySet.parse(await response.json());
  return keys.filter(({ use }) => use === undefined || use === 'sig').length;
}

async function examineDirectory(settings: LdapSettings): Promise<Finding> {
  const name = 'directory';
  const { url, base, bind } = settings;
  try {
    await withDirectory(settings, (client) => client.search(base, { scope: 'base', attributes: ['1.1'] }));
    return ok(name, `${url} answers ${bind === null ? 'whoever asks' : `"${bind.dn}"`} below "${base}"`);
  } catch (error) {
    const advice = 'Check MAINSTAY_LDAP_*: without it people have the groups of the provider alone.';
    return fail(name, `${url} does not answer as expected: ${messageOf(error)}`, advice);
  }
}
