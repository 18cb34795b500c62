import { createEngine } from '../../../../client/run-engine';
import { streamOf } from '../../../../workflows/domain/streams';
import { runCreated, runEnded } from '../../../platform/store/entries';
import { testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import type { TestCli } from '../../../support/client/cli';
import { fakeGateway } from '../../../support/client/fake-gateway';

let api: TestApi;
let cli: TestCli;

beforeAll(async () => {
  api = await testApi((store) => createEngine({ store, gateway: fakeGateway(), now: () => 1 }));
  cli = await testCli(api);
  await api.store.journal.append(streamOf('r1'), [
    runCreated({ number: 1, requester: 'user/ben', scope: { env: ['prod'], service: ['shop'] } }),
    runEnded({ outcome: 'failed' }),
  ]);
  await api.store.journal.append(streamOf('r2'), [runCreated({ number: 2, inputs: { ticket: 'INC-7' } })]);
});

afterAll(async () => {
  await cli.close();
  await api.close();
});

test.each([
  [[], ['2', '1']],
  [['--outcome', 'failed'], ['1']],
  [['--requester', 'user/anna'], ['2']],
  [['--label', 'env:prod', '--label', 'service:shop'], ['1']],
  [['--label', 'env:prod', '--label', 'service:pay'], []],
  [['--search', 'inc 7'], ['2']],
  [['--before', '2'], ['1']],
])('mainstay runs %j lists runs %j', async (options, numbers) => {
  const { exitCode, stdout } = await cli.run('runs', ...options);

  expect(exitCode).toBe(0);
  expect(stdout.split('\n').flatMap((line) => /^\d+/.exec(line) ?? [])).toEqual(numbers);
});

test.each([
  ['an outcome that there is not', ['--outcome', 'fine'], 2],
  ['a label without a value', ['--label', 'env'], 1],
])('mainstay runs refuses %s', async (_name, options, exitCode) => {
  expect((await cli.run('runs', ...options)).exitCode).toBe(exitCode);
});
