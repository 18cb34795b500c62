import { encodeBundle } from '../../../activities/plans/plan-bundle';
import { processCli } from '../../../client/cli/process-cli';
import { runCli } from '../../../client/cli/program';
import { readConfig } from '../../../platform/config';
import type { Registry } from '../../../client/registry';
import { noRegistry, testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { testCli } from '../../support/client/cli';
import type { TestCli } from '../../support/client/cli';
import { fakeEngine } from '../../support/client/fake-engine';
import type { FakeEngine } from '../../support/client/fake-engine';
import { planBundle } from '../../support/client/plan';
import { recordingTerminal } from '../../support/client/recording-terminal';
import { runRow } from '../../support/client/run-view';

let api: TestApi;
let engine: FakeEngine;
let owner: TestCli;

const registry: Registry = {
  ...noRegistry,
  compile: () => Promise.resolve({ ...planBundle(), scope: { service: ['shop'] } }),
  scopeOf: () => Promise.resolve({ service: ['shop'] }),
};

beforeEach(async () => {
  engine = fakeEngine({ runs: [runRow()] });
  api = await testApi(engine, registry);
  owner = await testCli(api);
});

afterEach(async () => {
  await owner.close();
  await api.close();
});

/** The command line on another machine, where there is nothing but an address and a token. */
async function remote(token: string, ...args: readonly string[]) {
  const terminal = recordingTerminal();
  const config = readConfig({ MAINSTAY_URL: `${owner.url}/`, MAINSTAY_TOKEN: token });
  const exitCode = await runCli(
    args,
    processCli(() => config, terminal),
  );
  return { exitCode, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') };
}

async function tokenFor(...args: readonly string[]): Promise<string> {
  return (await owner.run('token', 'create', 'ci', '--for', 'service/ci', ...args)).stdout;
}

test('with MAINSTAY_URL and MAINSTAY_TOKEN the command line works with an engine elsewhere, as whom the token names', async () => {
  const token = await tokenFor('--role', 'operator', '--where', 'service=shop');

  const started = await remote(token, 'run', 'deploy', '-i', 'version=2');

  expect(started).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('started') });
  expect(engine.started).toMatchObject([
    { requester: 'service/ci', via: expect.stringMatching(/^token\//), scope: { service: ['shop'] } },
  ]);
});

test('a plan that somebody brings is for those who may publish, wherever it is for', async () => {
  const token = await tokenFor('--role', 'operator');

  const answer = await api.app.inject({
    method: 'POST',
    url: '/api/v1/runs',
    headers: { authorization: `Bearer ${token}` },
    payload: encodeBundle(planBundle()),
  });

  expect(answer.json()).toMatchObject({ code: 'FORBIDDEN', action: 'definition.write' });
});

test('nobody acts as somebody else there', async () => {
  const token = await tokenFor('--role', 'operator');

  expect(await remote(token, 'run', 'deploy', '--as', 'anna')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Cannot act as "user/anna": the caller is service/ci'),
  });
});

test('a token that is over is told as such', async () => {
  expect(await remote('mst_0123456789ab_x', 'runs')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('nobody is signed in'),
  });
});

test.each([
  [{ MAINSTAY_URL: 'https://mainstay.example' }, 'MAINSTAY_TOKEN: Expected with MAINSTAY_URL'],
  [{ MAINSTAY_TOKEN: 'mst_x' }, 'MAINSTAY_URL: Expected with MAINSTAY_TOKEN'],
])('the environment %j is refused', (environment, problem) => {
  expect(() => readConfig(environment)).toThrow(problem);
});
