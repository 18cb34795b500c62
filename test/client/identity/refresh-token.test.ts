import { signInAtProvider, WalkingBrowser } from '../../support/walking-browser';
import { startOidcInstallation } from './oidc-installation';
import type { OidcInstallation } from './oidc-installation';

/** A refresh token is good once: whoever shows an old one is taken for a thief, and all that came of it is void. */

let installation: OidcInstallation;

const fiveMinutesMs = 5 * 60_000;

beforeEach(async () => {
  // The provider tells of its own defaults.
  jest.spyOn(console, 'info').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
  installation = await startOidcInstallation();
  installation.provider.people.set('anna', ['of-anna']);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await installation.stop();
});

async function signedIn(login: string): Promise<WalkingBrowser> {
  const browser = new WalkingBrowser();
  await signInAtProvider(browser, `${installation.url}/auth/oidc/start`, { login });
  return browser;
}

test('two processes that are asked at once renew once: the provider would end all of it at a token that comes twice', async () => {
  const anna = await signedIn('anna');
  const who = { actor: 'user/anna', groups: ['of-anna'] };

  for (let round = 0; round < 3; round += 1) {
    installation.passMs(fiveMinutesMs);
    const found = await Promise.all([
      installation.whoIs(anna),
      installation.whoIsElsewhere(anna),
      installation.whoIs(anna),
      installation.whoIsElsewhere(anna),
    ]);

    expect(found).toEqual([who, who, who, who]);
  }
});

test('a process that dies after the provider has used up the refresh token ends nothing before its hour is over', async () => {
  const anna = await signedIn('anna');
  installation.passMs(fiveMinutesMs);
  await installation.renewInVain(anna);
  installation.passMs(2 * 60_000);

  const after = await installation.whoIs(anna);
  installation.passMs(52 * 60_000);
  const inTheHour = await installation.whoIs(anna);
  installation.passMs(60_000);

  expect([after?.groups, inTheHour?.groups]).toEqual([['of-anna'], ['of-anna']]);
  expect(await installation.whoIs(anna)).toBeNull();
});

test('whom the provider refuses is signed out, though a process died while it asked before', async () => {
  const anna = await signedIn('anna');
  installation.passMs(fiveMinutesMs);
  await installation.renewInVain(anna);
  installation.provider.people.delete('anna');
  installation.passMs(61 * 60_000);

  expect(await installation.whoIs(anna)).toBeNull();
});

test.each([
  ['before it has told who they are', '/me'],
  ['before it has said anything', '/token'],
  ['altogether', '/'],
])(
  'a provider that goes away %s signs nobody out, and is asked again with the token that it gave last',
  async (_when, path) => {
    const anna = await signedIn('anna');
    installation.passMs(fiveMinutesMs);
    installation.provider.fail(true, path);
    const meanwhile = await installation.whoIs(anna);
    installation.provider.fail(false);
    installation.provider.people.set('anna', ['changed']);
    installation.passMs(fiveMinutesMs);

    const found = [await installation.whoIs(anna)];
    installation.passMs(fiveMinutesMs);
    found.push(await installation.whoIs(anna));

    expect(meanwhile?.groups).toEqual(['of-anna']);
    expect(found.map((person) => person?.groups)).toEqual([['changed'], ['changed']]);
  },
);

test('an answer of the provider that got lost ends nothing before its hour is over', async () => {
  const anna = await signedIn('anna');
  installation.passMs(fiveMinutesMs);
  installation.provider.loseAnswers(true, '/token');
  const lost = await installation.whoIs(anna);
  installation.provider.loseAnswers(false);
  installation.passMs(fiveMinutesMs);
  const refused = await installation.whoIs(anna);
  installation.passMs(51 * 60_000);

  expect([lost?.groups, refused?.groups]).toEqual([['of-anna'], ['of-anna']]);
  expect(await installation.whoIs(anna)).toBeNull();
});
