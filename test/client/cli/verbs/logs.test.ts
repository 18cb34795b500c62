import { testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import type { TestCli } from '../../../support/client/cli';
import { fakeEngine } from '../../../support/client/fake-engine';
import { runCreated, runEnded } from '../../../support/client/journal';

const runId = 'rabcdefghijkl';
const never = new AbortController().signal;

let api: TestApi;
let cli: TestCli;

beforeEach(async () => {
  api = await testApi(fakeEngine());
  cli = await testCli(api);
  await api.store.journal.append(`run/${runId}`, [runCreated({ number: 1 })]);
  await api.store.outputs.write(
    { runId, path: 'say', phase: 'do', generation: 1 },
    'stdout',
    0,
    Buffer.from('hello\n'),
  );
  await api.store.journal.append(`run/${runId}`, [runEnded()]);
});

afterEach(async () => {
  await cli.close();
  await api.close();
});

test('mainstay logs of a run whose output was deleted says that it has expired, not that there was none', async () => {
  const before = await cli.run('logs', '1', '--raw');
  await api.store.retention.expire(Date.now() + 1_000, never);

  const after = await cli.run('logs', '1');

  expect(before).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('hello') });
  expect(after).toMatchObject({ exitCode: 0, stdout: '' });
  expect(after.stderr).toContain('The output has expired');
  expect(after.stderr).toContain('mainstay show 1');
});
