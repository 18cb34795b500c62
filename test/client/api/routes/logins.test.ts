import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import { fakeEngine } from '../../../support/client/fake-engine';
import { signedIn } from '../../../support/client/signed-in';

let api: TestApi;

const issuer = 'https://id.example';

beforeEach(async () => {
  api = await testApi(fakeEngine());
  await api.store.logins.claim({ issuer, subject: 's-anna', login: 'anna', at: 1_000 });
});

afterEach(() => api.close());

function unbind(login: string, headers: Record<string, string>, payload: object = {}) {
  return api.app.inject({ method: 'POST', url: `/api/v1/logins/${login}/unbind`, headers, payload });
}

test('an administrator frees a login; the journal tells who', async () => {
  const freed = await unbind('anna', authorized);

  expect(freed.json()).toEqual({
    login: 'anna',
    issuer,
    subject: 's-anna',
    boundAt: 1_000,
    sessionsEnded: 0,
    tokensRevoked: 0,
  });
  expect(await api.store.journal.read('access', { kinds: ['login.unbound'] })).toMatchObject([
    { actor: 'service/admin-token', via: 'admin-token' },
  ]);
});

test('a login that is nobody’s is not freed, and a refusal says how to find those that are somebody’s', async () => {
  const refused = await unbind('ben', authorized);

  expect(refused.statusCode).toBe(404);
  expect(refused.json()).toMatchObject({ code: 'LOGIN_NOT_FOUND', hint: expect.stringContaining('person logins') });
});

test.each([
  ['viewer', 403, 403],
  ['manager', 200, 403],
  ['admin', 200, 200],
] as const)('as %s: the list is answered with %d, freeing with %d', async (role, list, free) => {
  const browser = { ...(await signedIn(api, { person: 'user/ben', roles: [role] })) };

  const listed = await api.app.inject({ method: 'GET', url: '/api/v1/logins', headers: browser });
  const freed = await unbind('anna', browser);

  expect([listed.statusCode, freed.statusCode]).toEqual([list, free]);
});

test('the command line lists whose logins are, and frees one', async () => {
  const cli = await testCli(api);

  const listed = await cli.run('person', 'logins');
  const freed = await cli.run('person', 'unbind', 'Anna', '--keep-tokens');
  const again = await cli.run('person', 'unbind', 'anna');
  await cli.close();

  expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('anna\thttps://id.example\ts-anna') });
  expect(freed).toMatchObject({ exitCode: 0, stderr: '0 sessions ended, 0 tokens revoked' });
  expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('LOGIN_NOT_FOUND') });
});
