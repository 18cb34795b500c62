import { testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import type { TestCli } from '../../../support/client/cli';
import { fakeEngine } from '../../../support/client/fake-engine';
import { seedTwoScopes } from '../../../support/client/two-scopes';

let api: TestApi;
let cli: TestCli;

beforeEach(async () => {
  api = await testApi(fakeEngine());
  cli = await testCli(api);
  await seedTwoScopes(api.store);
});

afterEach(async () => {
  await cli.close();
  await api.close();
});

test('notices shows who is told of a run, by what, and why it has come to nothing', async () => {
  const { exitCode, stdout } = await cli.run('notices', '--run', '1');

  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(
    `"1970-01-01 00:00:01	run.failed	run 1	user/person-openshop	mail	failed	1	MAIL_REFUSED: 550 no openshop"`,
  );
});

test('notices --json tells the same to programs, and --state narrows it', async () => {
  const all = await cli.run('notices', '--json');
  const sent = await cli.run('notices', '--state', 'sent', '--json');

  expect(JSON.parse(all.stdout)).toHaveLength(2);
  expect(JSON.parse(sent.stdout)).toEqual([]);
});

test('notices is about one thing at a time', async () => {
  const { exitCode, stderr } = await cli.run('notices', '--run', '1', '--change', 'CHG-1');

  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("cannot be used with option '--change <number>'")]);
});
