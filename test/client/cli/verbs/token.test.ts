import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import type { TestCli } from '../../../support/client/cli';
import { fakeEngine } from '../../../support/client/fake-engine';

let api: TestApi;
let cli: TestCli;

beforeEach(async () => {
  api = await testApi(fakeEngine());
  cli = await testCli(api);
});

afterEach(async () => {
  await cli.close();
  await api.close();
});

async function me(token: string) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await api.app.inject({ method: 'GET', url: '/api/v1/me', headers });
  return { status: response.statusCode, body: response.json() };
}

test('token create tells the secret once, on standard output alone', async () => {
  const made = await cli.run(
    'token',
    'create',
    'ci',
    '--for',
    'service/ci',
    '--role',
    'operator',
    '--where',
    'service=shop,pay',
  );

  expect(made).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^mst_[0-9a-f]{12}_[\w-]{43}$/) });
  expect(made.stderr).not.toContain(made.stdout);
  expect(await me(made.stdout)).toMatchObject({
    body: { actor: 'service/ci', grants: [{ role: 'operator', where: { service: ['shop', 'pay'] } }] },
  });
});

test('token list shows what there is, and token revoke ends it', async () => {
  const { stdout: secret } = await cli.run('token', 'create', 'ci', '--for', 'service/ci', '--role', 'viewer');
  const id = secret.slice(4, 16);

  const listed = await cli.run('token', 'list');
  const revoked = await cli.run('token', 'revoke', id);

  expect(listed.stdout).toMatch(new RegExp(`^${id}\\tci\\tservice/ci\\tviewer\\tuntil .*\\tnever$`));
  expect(revoked).toMatchObject({ exitCode: 0, stdout: `Token ${id} (ci) is revoked` });
  expect((await me(secret)).status).toBe(401);
  expect((await cli.run('token', 'list')).stdout).toBe('');
  expect((await cli.run('token', 'list', '--all')).stdout).toContain('revoked');
});

test.each([
  [['token', 'create', 'x', '--where', 'shop'], 2],
  [['token', 'create', 'x', '--days', '0'], 2],
  [['token', 'create', 'x', '--days', '999'], 1],
  [['token', 'create', 'x', '--role', 'root'], 1],
  [['token', 'revoke', 'nothing'], 1],
])('%j is refused', async (args, exitCode) => {
  expect((await cli.run(...args)).exitCode).toBe(exitCode);
});

test('sign-in makes a link that signs in whom it names', async () => {
  const { stdout, stderr } = await cli.run('sign-in', '--as', 'ben', '--role', 'approver', '--role', 'viewer');
  const [, code] = /^http:\/\/127\.0\.0\.1:\d+\/sign-in#([\w-]{43})$/.exec(stdout) ?? [];

  const session = await api.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { code } });

  expect(stderr).toContain('user/ben');
  expect(session.json()).toMatchObject({ actor: 'user/ben' });
  const sessions = await api.app.inject({ method: 'GET', url: '/api/v1/sessions', headers: authorized });
  expect(sessions.json().sessions).toMatchObject([
    { actor: 'user/ben', given: [{ role: 'approver' }, { role: 'viewer' }] },
  ]);
});

test('me shows whom the engine takes us for, and the grants that go with it', async () => {
  const shown = await cli.run('me');

  expect(shown).toEqual({
    exitCode: 0,
    stdout: 'admin\teverywhere',
    stderr: 'service/admin-token via admin-token, in the name of whoever --as names',
  });
});
