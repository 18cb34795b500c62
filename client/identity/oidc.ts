import * as openid from 'openid-client';
import type { Configuration } from 'openid-client';

import type { OidcSettings } from '../../platform/identity-settings';
import { discoverProvider } from '../../platform/oidc-discovery';
import { ClaimsRefused, readClaims } from './oidc-claims';
import type { Claims, ClaimsOfPerson } from './oidc-claims';
import { providerProblem } from './oidc-problem';
import type { ProviderProblem } from './oidc-problem';

/**
 * Sign-in by an OpenID provider: authorization code with PKCE.
 *
 * - O1 Nothing of the provider is kept between two requests: addresses and keys are read anew, so that what it rotates counts at once.
 * - O2 Signatures of ID tokens are checked although they come straight from the provider.
 * - O3 State, nonce and PKCE verifier are of one sign-in, and stay with the browser that began it.
 */
export interface OidcProvider {
  /** Where the browser goes, and what has to be known when it comes back. */
  begin(redirectUri: string): Promise<{ readonly address: URL; readonly secrets: FlowSecrets } | ProviderProblem>;
  /** `callback`: the whole address at which the browser came back. */
  finish(callback: URL, secrets: FlowSecrets): Promise<ProvenPerson | ProviderProblem>;
  /** What the provider says of the person now. */
  renew(standing: { readonly subject: string; readonly refreshToken: string }): Promise<ProvenPerson | RenewalProblem>;
  /** Where the browser goes to be signed out of the provider too; null: the provider has no such place. */
  endAddress(idToken: string, returnTo: string): Promise<URL | ProviderProblem | null>;
}

export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface ProvenPerson extends ClaimsOfPerson {
  readonly kind: 'person';
  /** Together with the subject: what stays the same, whatever the person is called. */
  readonly issuer: string;
  readonly subject: string;
  readonly idToken: string;
  /** Null: the provider lets nobody ask again without the person. */
  readonly refreshToken: string | null;
}

/** `token`: what became of the refresh token that was shown. A new one stands in its place; `doubtful`: nobody knows; absent: nothing. */
export interface RenewalProblem extends ProviderProblem {
  readonly token?: { readonly kind: 'renewed'; readonly refreshToken: string } | { readonly kind: 'doubtful' };
}

const timeoutSeconds = 10;

export function createOidcProvider(settings: OidcSettings): OidcProvider {
  return {
    begin: (redirectUri) => orProblem(() => begin(settings, redirectUri)),
    finish: (callback, secrets) => orProblem(() => finish(settings, callback, secrets)),
    renew: (standing) => orProblem(() => renew(settings, standing)),
    endAddress: (idToken, returnTo) => orProblem(() => endAddress(settings, idToken, returnTo)),
  };
}

async function begin(settings: OidcSettings, redirectUri: string): Promise<{ address: URL; secrets: FlowSecrets }> {
  const secrets = {
    state: openid.randomState(),
    nonce: openid.randomNonce(),
    verifier: openid.randomPKCECodeVerifier(),
  };
  const address = openid.buildAuthorizationUrl(await discover(settings), {
    redirect_uri: redirectUri,
    scope: settings.scopes.join(' '),
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(secrets.verifier),
    code_challenge_method: 'S256',
  });
  return { address, secrets };
}

async function finish(settings: OidcSettings, callback: URL, secrets: FlowSecrets): Promise<ProvenPerson> {
  const configuration = await discover(settings);
  const tokens = await openid.authorizationCodeGrant(configuration, callback, {
    expectedState: secrets.state,
    expectedNonce: secrets.nonce,
    pkceCodeVerifier: secrets.verifier,
    idTokenExpected: true,
  });
  return personOf(settings, configuration, { tokens, known: null });
}

async function renew(
  settings: OidcSettings,
  { subject, refreshToken }: { readonly subject: string; readonly refreshToken: string },
): Promise<ProvenPerson | RenewalProblem> {
  const configuration = await discover(settings);
  const granted = await orProblem(() => refresh(configuration, refreshToken));
  if (granted.kind !== 'granted') return { ...granted, token: { kind: 'doubtful' } };
  const { tokens } = granted;
  // A provider that does not rotate refresh tokens sends none: the one at hand stands.
  const token = { kind: 'renewed', refreshToken: tokens.refresh_token ?? refreshToken } as const;
  // Gone away before it has told the rest: the old token is void all the same.
  const person = await orProblem(() => personOf(settings, configuration, { tokens, known: subject }));
  return person.kind === 'person' ? { ...person, refreshToken: token.refreshToken } : { ...person, token };
}

async function refresh(configuration: Configuration, refreshToken: string) {
  return { kind: 'granted', tokens: await openid.refreshTokenGrant(configuration, refreshToken) } as const;
}

async function endAddress(settings: OidcSettings, idToken: string, returnTo: string): Promise<URL | null> {
  const configuration = await discover(settings);
  if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
  return openid.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: returnTo });
}

interface Told {
  readonly tokens: Awaited<ReturnType<typeof openid.refreshTokenGrant>>;
  /** Whom the tokens have to be about; null: whomever they name. */
  readonly known: string | null;
}

async function personOf(
  settings: OidcSettings,
  configuration: Configuration,
  { tokens, known }: Told,
): Promise<ProvenPerson> {
  const ofToken: Claims = tokens.claims() ?? {};
  const subject = known ?? tokens.claims()?.sub ?? '';
  const claims = { ...ofToken, ...(await userInfo(configuration, tokens.access_token, subject)) };
  if (claims['sub'] !== subject) throw new ClaimsRefused('the provider answers about somebody else');
  return {
    kind: 'person',
    issuer: configuration.serverMetadata().issuer,
    subject,
    ...readClaims(claims, settings),
    idToken: tokens.id_token ?? '',
    refreshToken: tokens.refresh_token ?? null,
  };
}

/** Most providers put little into the ID token, and tell the rest where the access token is shown. */
async function userInfo(configuration: Configuration, accessToken: string, subject: string): Promise<Claims> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  return openid.fetchUserInfo(configuration, accessToken, subject);
}

function discover(settings: OidcSettings): Promise<Configuration> {
  return discoverProvider(settings, timeoutSeconds);
}

async function orProblem<T>(work: () => Promise<T>): Promise<T | ProviderProblem> {
  try {
    return await work();
  } catch (error) {
    const problem = providerProblem(error);
    if (problem === null) throw error;
    return problem;
  }
}
