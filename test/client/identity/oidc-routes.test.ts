import { signInAtProvider, WalkingBrowser } from '../../support/walking-browser';
import type { Step } from '../../support/walking-browser';
import { startOidcInstallation } from './oidc-installation';
import type { OidcInstallation, OidcInstallationOptions } from './oidc-installation';

let installation: OidcInstallation;
let browser: WalkingBrowser;

const minuteMs = 60_000;

async function installed(options: OidcInstallationOptions = {}): Promise<void> {
  installation = await startOidcInstallation(options);
  installation.provider.people.set('anna', ['ops', 'approvers']);
}

beforeEach(() => {
  browser = new WalkingBrowser();
  // The provider tells of its own defaults.
  jest.spyOn(console, 'info').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await installation.stop();
});

function signIn(to = '/', login = 'anna'): Promise<Step> {
  return signInAtProvider(browser, `${installation.url}/auth/oidc/start?to=${encodeURIComponent(to)}`, { login });
}

/** Up to the redirect that leads back to us, which is not followed. */
async function callbackAddress(): Promise<URL> {
  const isOurs = (address: string): boolean => address.startsWith(`${installation.url}/auth/oidc/callback`);
  const start = `${installation.url}/auth/oidc/start`;
  const step = await signInAtProvider(browser, start, { login: 'anna', until: isOurs });
  return new URL(step.headers.get('location') ?? '', step.url);
}

test('whoever signs in at the provider has a session with their groups, and is where they wanted to be', async () => {
  await installed();

  const end = await signIn('/runs/12?tab=log');

  expect(end).toMatchObject({ status: 200, url: `${installation.url}/runs/12?tab=log` });
  expect(await installation.whoIs(browser)).toEqual({ actor: 'user/anna', groups: ['approvers', 'ops'] });
  expect([...browser.cookies.keys()].filter((name) => name.startsWith('mainstay_'))).toEqual(['mainstay_session']);
});

test('a session by a provider gives what is published, and nothing because nothing is published', async () => {
  await installed();

  await signIn();

  const sessions = await installation.store.access.sessions({ at: Date.now() });
  expect(sessions).toMatchObject([{ source: 'oidc', given: [] }]);
});

test('what the provider says about a session lies sealed in the store', async () => {
  await installed();

  await signIn();

  const [session] = await installation.store.access.sessions({ at: Date.now() });
  expect(session?.sealed).toMatch(/^sealed:1:/);
  expect(Buffer.from(session?.sealed?.slice(9) ?? '', 'base64').toString('latin1')).not.toMatch(/anna|refresh/);
});

test('a change of groups at the provider counts after five minutes at the latest', async () => {
  await installed();
  await signIn();
  installation.provider.people.set('anna', ['readers']);

  installation.passMs(4 * minuteMs);
  const before = await installation.whoIs(browser);
  installation.passMs(minuteMs);

  expect(before?.groups).toEqual(['approvers', 'ops']);
  expect(await installation.whoIs(browser)).toEqual({ actor: 'user/anna', groups: ['readers'] });
});

test('groups are read again and again, by the refresh token that the provider gave last', async () => {
  await installed();
  await signIn();

  for (const group of ['first', 'second', 'third']) {
    installation.provider.people.set('anna', [group]);
    installation.passMs(5 * minuteMs);

    expect((await installation.whoIs(browser))?.groups).toEqual([group]);
  }
});

test('requests at the same time ask the provider once: a refresh token that comes twice would be void', async () => {
  await installed();
  await signIn();
  installation.passMs(5 * minuteMs);

  const found = await Promise.all(Array.from({ length: 8 }, () => installation.whoIs(browser)));
  installation.passMs(5 * minuteMs);

  expect(found).toEqual(Array.from({ length: 8 }, () => ({ actor: 'user/anna', groups: ['approvers', 'ops'] })));
  expect(await installation.whoIs(browser)).not.toBeNull();
});

test.each<[string, () => void]>([
  ['is no more known to the provider', () => installation.provider.people.delete('anna')],
  ['was signed out of the provider', () => installation.provider.forgetEverything()],
])('a session of somebody who %s ends after five minutes at the latest', async (_what, happens) => {
  await installed();
  await signIn();
  happens();

  installation.passMs(5 * minuteMs);

  expect(await installation.whoIs(browser)).toBeNull();
});

test('a provider that is away signs nobody out for an hour, and everybody after it', async () => {
  await installed();
  await signIn();
  installation.provider.fail(true);

  installation.passMs(30 * minuteMs);
  const soon = await installation.whoIs(browser);
  installation.passMs(31 * minuteMs);

  expect(soon).toEqual({ actor: 'user/anna', groups: ['approvers', 'ops'] });
  expect(await installation.whoIs(browser)).toBeNull();
});

test('without a refresh token a session lasts an hour, so that a change of groups counts by then', async () => {
  await installed({ givesRefreshTokens: false });
  await signIn();

  installation.passMs(59 * minuteMs);
  const before = await installation.whoIs(browser);
  installation.passMs(minuteMs);

  expect(before).not.toBeNull();
  expect(await installation.whoIs(browser)).toBeNull();
});

test('keys that the provider has just changed are no reason to refuse a sign-in', async () => {
  await installed();
  await signIn();
  installation.provider.rotateKeys();

  const again = await signIn('/again');

  expect(again).toMatchObject({ status: 200, url: `${installation.url}/again` });
});

test('a sign-in goes on over a change of keys between its beginning and its end', async () => {
  await installed();
  const callback = await callbackAddress();
  installation.provider.rotateKeys();

  expect(await browser.go(callback.href)).toMatchObject({ status: 200, url: `${installation.url}/` });
});

test('a callback is good for one sign-in: the same one again is refused', async () => {
  await installed();
  const callback = await callbackAddress();
  const cookies = new Map(browser.cookies);

  const first = await browser.go(callback.href);
  const replayed = await browser.go(callback.href);
  const thief = new WalkingBrowser();
  for (const [name, cookie] of cookies) thief.cookies.set(name, cookie);
  const withCookie = await thief.go(callback.href);

  expect([first.status, replayed.status, withCookie.status]).toEqual([200, 400, 401]);
  expect(withCookie.body).toContain('invalid_grant');
  expect(await installation.whoIs(thief)).toBeNull();
});

test.each<[string, (callback: URL) => void, number]>([
  ['another state', (callback) => callback.searchParams.set('state', 'x'.repeat(43)), 400],
  ['no state', (callback) => callback.searchParams.delete('state'), 400],
  ['two states', (callback) => callback.searchParams.append('state', 'x'), 400],
  ['another code', (callback) => callback.searchParams.set('code', 'x'.repeat(43)), 401],
  ['no code', (callback) => callback.searchParams.delete('code'), 401],
  ['another issuer', (callback) => callback.searchParams.set('iss', 'https://evil.example'), 401],
  ['a refusal of the provider', (callback) => callback.searchParams.set('error', 'access_denied'), 401],
])('a callback with %s signs nobody in', async (_what, change, status) => {
  await installed();
  const callback = await callbackAddress();
  change(callback);

  const end = await browser.go(callback.href);

  expect(end.status).toBe(status);
  expect(end.body).toContain('You are not signed in');
  expect(await installation.whoIs(browser)).toBeNull();
});

test('a callback in a browser that did not begin the sign-in signs nobody in', async () => {
  await installed();
  const callback = await callbackAddress();
  const victim = new WalkingBrowser();

  const end = await victim.go(callback.href);

  expect(end).toMatchObject({ status: 400, body: expect.stringContaining('another browser') });
  expect(await installation.whoIs(victim)).toBeNull();
});

test('a code is of no use with the secrets of another sign-in: PKCE and nonce bind it', async () => {
  await installed();
  const callback = await callbackAddress();
  const other = await new WalkingBrowser().go(`${installation.url}/auth/oidc/start`, { until: () => true });
  const [cookie = ''] = other.headers.getSetCookie();
  const state = new URL(other.headers.get('location') ?? '').searchParams.get('state') ?? '';
  callback.searchParams.set('state', state);

  const response = await fetch(callback, { headers: { cookie: cookie.split(';')[0] ?? '' }, redirect: 'manual' });

  expect(response.status).toBe(401);
  expect(await response.text()).toContain('invalid_grant');
});

test('a sign-in that takes more than ten minutes is refused', async () => {
  await installed();
  const callback = await callbackAddress();

  installation.passMs(10 * minuteMs);

  expect(await browser.go(callback.href)).toMatchObject({ status: 400 });
});

test('whoever has left is not signed in, though the provider knows them', async () => {
  await installed();
  installation.gone.add('user/anna');

  const end = await signIn();

  expect(end).toMatchObject({ status: 401, body: expect.stringContaining('user/anna has left') });
});

test('a provider that does not answer is told as that, with a way to try again', async () => {
  await installed();
  installation.provider.fail(true);

  const end = await browser.go(`${installation.url}/auth/oidc/start`);

  expect(end.status).toBe(503);
  expect(end.body).toContain('href="/auth/oidc/start"');
});

test.each(['//evil.example/', 'https://evil.example/', '/\\evil.example', '/.//evil.example', 'javascript:alert(1)'])(
  'a sign-in never ends at %s',
  async (to) => {
    await installed();

    expect(await signIn(to)).toMatchObject({ status: 200, url: `${installation.url}/` });
  },
);

test('signing out ends the session here and leads to where the provider ends its own', async () => {
  await installed();
  await signIn();
  const { value = '' } = browser.cookies.get('mainstay_session') ?? {};

  const out = await browser.go(`${installation.url}/auth/oidc/end`, { until: () => true });

  const address = new URL(out.headers.get('location') ?? '');
  expect(address.origin).toBe(installation.provider.issuer);
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    id_token_hint: expect.any(String),
    post_logout_redirect_uri: `${installation.url}/sign-in`,
  });
  browser.cookies.set('mainstay_session', { value, path: '/' });
  expect(await installation.whoIs(browser)).toBeNull();
});

test('a link of another site signs nobody out', async () => {
  await installed();
  await signIn();

  await browser.go(`${installation.url}/auth/oidc/end`, { headers: { 'sec-fetch-site': 'cross-site' } });

  expect(await installation.whoIs(browser)).not.toBeNull();
});

test('groups of a directory come to those of the provider, and a directory that is away keeps nobody out', async () => {
  let away = false;
  await installed({
    directory: {
      groupsOf: (login) =>
        Promise.resolve(
          away ? { kind: 'unavailable', reason: 'Cannot read' } : { kind: 'groups', groups: [`unix-${login}`] },
        ),
    },
  });
  await signIn();
  const with_ = await installation.whoIs(browser);
  away = true;

  installation.passMs(30 * minuteMs);
  const still = await installation.whoIs(browser);
  installation.passMs(61 * minuteMs);

  expect(with_?.groups).toEqual(['approvers', 'ops', 'unix-anna']);
  expect(still?.groups).toEqual(['approvers', 'ops', 'unix-anna']);
  expect((await installation.whoIs(browser))?.groups).toEqual(['approvers', 'ops']);
});
