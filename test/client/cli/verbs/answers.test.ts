import { testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import type { TestCli } from '../../../support/client/cli';
import { fakeEngine } from '../../../support/client/fake-engine';
import type { FakeAnswers, FakeEngine } from '../../../support/client/fake-engine';
import { taskRow } from '../../../support/client/run-view';

const task = taskRow({
  id: 'c1-1',
  candidates: ['team/web', 'user/eve'],
  asked: ['anna', 'ben', 'cem', 'dora', 'eve', 'finn'].map((name) => ({
    person: `user/${name}`,
    actor: `user/${name}`,
  })),
});

let api: TestApi;
let cli: TestCli;
let engine: FakeEngine;

async function start(given: FakeAnswers = {}): Promise<void> {
  engine = fakeEngine({ tasks: [task], ...given });
  api = await testApi(engine);
  cli = await testCli(api);
}

afterEach(async () => {
  await cli.close();
  await api.close();
});

test.each([
  ['approve', ['approve'], { choice: 'approve' }],
  ['approve for somebody who delegated', ['approve', '--for', 'anna'], { choice: 'approve', onBehalfOf: 'user/anna' }],
  ['abstain', ['approve', '--abstain'], { choice: 'abstain' }],
  ['revoke', ['approve', '--revoke'], { choice: 'revoke' }],
  ['reject with a comment', ['reject', '--comment', 'wrong week'], { choice: 'reject', comment: 'wrong week' }],
  ['reject for somebody', ['reject', '--for', 'user/anna'], { choice: 'reject', onBehalfOf: 'user/anna' }],
])(
  'mainstay %s sends just that, with the hashes of what was shown (R-APPR-9)',
  async (_name, [verb = '', ...rest], sent) => {
    await start();

    const ran = await cli.run(verb, 'c1', '--as', 'dan', ...rest);

    expect(ran.exitCode).toBe(0);
    const { planHash, showHash } = task;
    expect(engine.answers).toMatchObject([{ taskId: 'c1-1', actor: 'user/dan', planHash, showHash, ...sent }]);
  },
);

test.each([
  ['for as long as it is asked', [], null, 'user/dan is asked in your place'],
  [
    'until a time',
    ['--until', '2026-12-24T18:00Z'],
    Date.UTC(2026, 11, 24, 18),
    'user/dan is asked in your place until',
  ],
])('R-APPR-3: mainstay delegate has somebody else answer, %s', async (_name, more, until, said) => {
  await start();

  const ran = await cli.run('delegate', 'c1', '--as', 'anna', '--to', 'dan', ...more);

  expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(said) });
  expect(engine.answers).toEqual([
    expect.objectContaining({
      taskId: 'c1-1',
      actor: 'user/anna',
      choice: 'delegate',
      delegation: { to: 'user/dan', until },
    }),
  ]);
});

test('mainstay delegate wants to know to whom', async () => {
  await start();

  expect(await cli.run('delegate', 'c1')).toMatchObject({ exitCode: 2 });
});

test('mainstay approve cannot abstain and revoke at once', async () => {
  await start();

  expect(await cli.run('approve', 'c1', '--abstain', '--revoke')).toMatchObject({ exitCode: 2 });
  expect(engine.answers).toEqual([]);
});

test('mainstay approve --revoke says that the vote does not count any more', async () => {
  await start({ answer: { accepted: true, decided: false, choice: null, recorded: 'revoke' } });

  expect((await cli.run('approve', 'c1', '--revoke')).stdout).toBe('Revoked; the vote does not count any more');
});

test('mainstay tasks shows who the candidates are now', async () => {
  await start();

  expect((await cli.run('tasks')).stdout).toContain('team/web user/eve (anna, ben, cem, dora and 1 more)');
});
