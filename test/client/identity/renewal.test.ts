import { createIdentity } from '../../../client/identity/identity';
import type { Identity } from '../../../client/identity/identity';
import type { DirectoryAnswer } from '../../../client/identity/ldap';
import { believedForMs, createRenewal } from '../../../client/identity/renewal';
import { createLogger } from '../../../platform/logger';
import { createSeal } from '../../../platform/seal';
import { testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { openSession } from '../../support/client/opened-session';
import { fakeEngine } from '../../support/client/fake-engine';

const minuteMs = 60_000;

let api: TestApi;
let identity: Identity;
let now: number;
let answer: DirectoryAnswer;
let questions: string[];

beforeEach(async () => {
  api = await testApi(fakeEngine());
  now = Date.UTC(2026, 0, 1);
  questions = [];
  answer = { kind: 'groups', groups: ['ops'] };
  const renew = createRenewal({
    provider: null,
    directory: {
      groupsOf: (login) => {
        questions.push(login);
        return Promise.resolve(answer);
      },
    },
    logins: api.store.logins,
    seal: createSeal(Buffer.alloc(32, 9)),
    now: () => now,
    logger: createLogger('test', 'silent'),
  });
  identity = createIdentity({ store: api.store, adminToken: 'admin', now: () => now, renew });
});

afterEach(() => api.close());

async function signedInByLink(): Promise<() => Promise<readonly string[] | null>> {
  const by = { actor: 'service/admin-token', via: 'admin-token' };
  const { code } = await identity.links.create({ person: 'user/anna', given: null, by });
  const open = await identity.links.redeem(code);
  return async () => (await identity.sessions.read(open?.cookie ?? ''))?.session.groups ?? null;
}

test('whoever signs in by a link has the groups of the directory, from the first request on', async () => {
  const groups = await signedInByLink();

  expect(await groups()).toEqual(['ops']);
  expect(await groups()).toEqual(['ops']);
  expect(questions).toEqual(['anna']);
});

test('a change in the directory counts after five minutes at the latest', async () => {
  const groups = await signedInByLink();
  await groups();
  answer = { kind: 'groups', groups: [] };

  now += 5 * minuteMs - 1;
  const before = await groups();
  now += 1;

  expect([before, await groups()]).toEqual([['ops'], []]);
});

test('a directory that is away is believed for an hour, and its groups are lost then, but not the session', async () => {
  const groups = await signedInByLink();
  await groups();
  answer = { kind: 'unavailable', reason: 'Cannot read groups: no answer' };

  now += believedForMs - 1;
  const before = await groups();
  now += 5 * minuteMs;

  expect([before, await groups()]).toEqual([['ops'], []]);
});

test('a login that is freed while the provider is asked stays free', async () => {
  const seal = createSeal(Buffer.alloc(32, 9));
  const { logins } = api.store;
  const person = { issuer: 'https://id.example', subject: 's-anna', login: 'anna' };
  const renew = createRenewal({
    provider: {
      renew: async () => {
        await logins.free('anna', { actor: 'user/root', via: 'session', at: now, keepsTokens: false });
        return { ...person, kind: 'person', name: 'Anna', groups: ['ops'], idToken: '', refreshToken: 'next' };
      },
    },
    directory: null,
    logins,
    seal,
    now: () => now,
    logger: createLogger('test', 'silent'),
  });
  const { sessions } = createIdentity({ store: api.store, adminToken: 'admin', now: () => now, renew });
  await logins.claim({ ...person, at: now });
  const provider = { groups: ['ops'], at: now, subject: 's-anna', idToken: 'x', refreshToken: 'y' };
  const sealed = seal.seal(JSON.stringify({ provider, directory: null }));
  const vouched = { actor: 'user/anna', source: 'oidc', groups: ['ops'], given: [], sealed } as const;
  const { cookie } = await openSession(sessions, vouched);
  now += 5 * minuteMs;

  const found = await sessions.read(cookie);

  expect([found, await logins.list()]).toEqual([null, []]);
  expect(await logins.claim({ ...person, subject: 's-eve', at: now })).toEqual({ kind: 'bound', login: 'anna' });
});

test('what the provider vouched for ends when no provider is set up any more', async () => {
  const sealed = createSeal(Buffer.alloc(32, 9)).seal(
    JSON.stringify({
      provider: { groups: ['ops'], at: now, subject: '1', idToken: 'x', refreshToken: 'y' },
      directory: null,
    }),
  );
  const open = await openSession(identity.sessions, {
    actor: 'user/anna',
    source: 'oidc',
    groups: ['ops'],
    given: [],
    sealed,
  });

  now += 5 * minuteMs;

  expect(await identity.sessions.read(open.cookie)).toBeNull();
});
