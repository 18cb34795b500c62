import { createHash } from 'node:crypto';

import { signInAtProvider, WalkingBrowser } from '../../support/walking-browser';
import type { Step } from '../../support/walking-browser';
import { startOidcInstallation } from './oidc-installation';
import type { OidcInstallation, OidcInstallationOptions } from './oidc-installation';

/** Who somebody is goes by issuer and subject: what the provider calls them is theirs, or the provider's, to change. */

let installation: OidcInstallation;

const fiveMinutesMs = 5 * 60_000;
const admin = { actor: 'user/root', via: 'session', at: Date.now(), keepsTokens: false };

async function installed(options: OidcInstallationOptions = {}): Promise<void> {
  installation = await startOidcInstallation(options);
  for (const subject of ['anna', 'eve']) installation.provider.people.set(subject, [`of-${subject}`]);
}

beforeEach(() => {
  // The provider tells of its own defaults.
  jest.spyOn(console, 'info').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await installation.stop();
});

function signIn(browser: WalkingBrowser, subject: string): Promise<Step> {
  return signInAtProvider(browser, `${installation.url}/auth/oidc/start`, { login: subject });
}

async function signedIn(subject: string): Promise<WalkingBrowser> {
  const browser = new WalkingBrowser();
  await signIn(browser, subject);
  return browser;
}

test.each(['anna', 'Anna', 'ANNA'])('whoever calls themself %s at the provider is not anna', async (name) => {
  await installed();
  await signedIn('anna');
  installation.provider.names.set('eve', name);
  const eve = new WalkingBrowser();

  const end = await signIn(eve, 'eve');

  expect(end).toMatchObject({ status: 403, body: expect.stringContaining('LOGIN_TAKEN') });
  expect(end.body).toContain('mainstay person unbind LOGIN');
  expect(await installation.whoIs(eve)).toBeNull();
  const refused = (await installation.store.journal.read('access')).filter(({ kind }) => kind === 'access.refused');
  expect(refused.map(({ payload }) => payload)).toEqual([expect.stringContaining('another subject')]);
});

test('whom the provider calls otherwise later is who they were, at the next sign-in and in the session they have', async () => {
  const asked: string[] = [];
  await installed({
    directory: {
      groupsOf: (login) => {
        asked.push(login);
        return Promise.resolve({ kind: 'groups', groups: [] });
      },
    },
  });
  const before = await signedIn('anna');
  installation.provider.names.set('anna', 'ann.miller');
  installation.passMs(fiveMinutesMs);

  const found = [await installation.whoIs(before), await installation.whoIs(await signedIn('anna'))];

  expect(found.map((person) => person?.actor)).toEqual(['user/anna', 'user/anna']);
  expect(new Set(asked)).toEqual(new Set(['anna']));
  expect(installation.logged('the sign-in service calls somebody otherwise now: their login stands')).toEqual([
    { actor: 'user/anna', calledThere: 'ann.miller' },
    { actor: 'user/anna', calledThere: 'ann.miller' },
  ]);
});

test('a login that is freed while somebody comes back from the provider signs nobody in', async () => {
  let isFreed = false;
  await installed({
    directory: {
      groupsOf: async (login) => {
        if (isFreed) await installation.store.logins.free(login, admin);
        return { kind: 'groups', groups: [] };
      },
    },
  });
  await signedIn('anna');
  isFreed = true;
  const anna = new WalkingBrowser();

  const end = await signIn(anna, 'anna');

  expect(end).toMatchObject({ status: 400, body: expect.stringContaining('was freed meanwhile') });
  expect(await installation.whoIs(anna)).toBeNull();
  expect(await installation.store.access.sessions({ at: Date.now() })).toEqual([]);
});

test('who has left does not come back by another case of their login', async () => {
  await installed();
  const text = 'apiVersion: mainstay/v1\nkind: Person\nmetadata: {name: anna}\nspec: {active: false}\n';
  const digest = createHash('sha256').update(text).digest('hex');
  const person = { kind: 'Person', name: 'anna', version: '1.0.0', digest, text, files: {} };
  await installation.store.definitions.publish(person, admin);
  installation.gone.add('user/anna');
  installation.provider.names.set('anna', 'Anna');
  const browser = new WalkingBrowser();

  const end = await signIn(browser, 'anna');

  expect(end).toMatchObject({ status: 401, body: expect.stringContaining('user/anna has left') });
  expect(await installation.whoIs(browser)).toBeNull();
});

test('a login that was freed is whose who comes next; sessions of whoever had it are over', async () => {
  await installed();
  const anna = await signedIn('anna');
  installation.provider.names.set('eve', 'anna');
  await installation.store.logins.free('anna', admin);

  const eve = await signedIn('eve');

  expect([await installation.whoIs(anna), (await installation.whoIs(eve))?.actor]).toEqual([null, 'user/anna']);
  expect(await signIn(new WalkingBrowser(), 'anna')).toMatchObject({ status: 403 });
});
