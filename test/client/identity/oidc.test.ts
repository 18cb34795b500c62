import { createOidcProvider } from '../../../client/identity/oidc';
import type { FlowSecrets, OidcProvider } from '../../../client/identity/oidc';
import { Secret } from '../../../platform/secret';
import { startOidcProvider } from '../../support/oidc-provider';
import type { TestProvider, TestProviderOptions } from '../../support/oidc-provider';
import { signInAtProvider, WalkingBrowser } from '../../support/walking-browser';

const clientUrl = 'http://127.0.0.1:9';
const redirectUri = `${clientUrl}/auth/oidc/callback`;

let server: TestProvider;
let provider: OidcProvider;

async function started(
  options: Partial<TestProviderOptions> = {},
  settings: { readonly secret?: string; readonly loginClaim?: string; readonly groupsClaim?: string } = {},
): Promise<void> {
  server = await startOidcProvider({ clientUrl, ...options });
  server.people.set('anna', ['ops']);
  provider = createOidcProvider({
    issuer: server.issuer,
    clientId: server.clientId,
    clientSecret: new Secret(settings.secret ?? server.clientSecret),
    scopes: ['openid', 'profile', 'groups', 'offline_access'],
    loginClaim: settings.loginClaim ?? null,
    groupsClaim: settings.groupsClaim ?? 'groups',
  });
}

beforeEach(() => {
  jest.spyOn(console, 'info').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await server.stop();
});

async function comeBack(): Promise<{ readonly callback: URL; readonly secrets: FlowSecrets }> {
  const begun = await provider.begin(redirectUri);
  if ('kind' in begun) throw new Error(begun.reason);
  const step = await signInAtProvider(new WalkingBrowser(), begun.address.href, {
    login: 'anna',
    until: (address) => address.startsWith(clientUrl),
  });
  return { callback: new URL(step.headers.get('location') ?? '', step.url), secrets: begun.secrets };
}

test('a sign-in asks for a code with PKCE by S256, and for a nonce and a state that nobody can guess', async () => {
  await started();

  const begun = await provider.begin(redirectUri);

  if ('kind' in begun) throw new Error(begun.reason);
  expect(Object.fromEntries(begun.address.searchParams)).toEqual({
    client_id: 'mainstay',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile groups offline_access',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  });
});

test.each<[string, (secrets: FlowSecrets) => FlowSecrets, string]>([
  ['nonce', (secrets) => ({ ...secrets, nonce: 'x'.repeat(43) }), 'unexpected JWT claim value'],
  ['verifier', (secrets) => ({ ...secrets, verifier: 'x'.repeat(43) }), 'invalid_grant'],
  ['state', (secrets) => ({ ...secrets, state: 'x'.repeat(43) }), 'OAUTH_INVALID_RESPONSE'],
])('a code with the wrong %s is refused', async (_what, change, reason) => {
  await started();
  const { callback, secrets } = await comeBack();

  const found = await provider.finish(callback, change(secrets));

  expect(found).toEqual({ kind: 'refused', reason: expect.stringContaining(reason) });
});

test('a code that is too old for the provider is refused', async () => {
  await started({ codeLifetimeSeconds: 5 });
  const { callback, secrets } = await comeBack();
  const later = Date.now() + 6000;
  jest.spyOn(Date, 'now').mockReturnValue(later);

  const found = await provider.finish(callback, secrets);

  expect(found).toMatchObject({ kind: 'refused', reason: expect.stringContaining('invalid_grant') });
});

test('a secret that the provider does not know is told as that', async () => {
  await started({}, { secret: 'another' });
  const { callback, secrets } = await comeBack();

  expect(await provider.finish(callback, secrets)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('client id and secret'),
  });
});

test('a login claim that the provider does not tell refuses the sign-in instead of guessing', async () => {
  await started({}, { loginClaim: 'employee_number' });
  const { callback, secrets } = await comeBack();

  expect(await provider.finish(callback, secrets)).toEqual({
    kind: 'refused',
    reason: 'the provider tells no login: there is no claim employee_number',
  });
});

test('a refresh token that was used up is refused', async () => {
  await started();
  const { callback, secrets } = await comeBack();
  const person = await provider.finish(callback, secrets);
  if (person.kind !== 'person') throw new Error(person.reason);
  const standing = { subject: person.subject, refreshToken: person.refreshToken ?? '' };

  const [first, again] = [await provider.renew(standing), await provider.renew(standing)];

  expect(first).toMatchObject({ kind: 'person', groups: ['ops'] });
  expect(again).toMatchObject({ kind: 'refused', reason: expect.stringContaining('invalid_grant') });
});

test('nobody listens at the issuer: that is told as away, not as a refusal', async () => {
  await started();
  await server.stop();

  expect(await provider.begin(redirectUri)).toMatchObject({ kind: 'unavailable' });

  await started();
});
