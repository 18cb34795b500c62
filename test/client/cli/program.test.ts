import type { Command } from 'commander';

import { processCli } from '../../../client/cli/process-cli';
import { buildProgram } from '../../../client/cli/program';
import { readConfig } from '../../../platform/config';
import { testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { testCli } from '../../support/client/cli';
import type { TestCli } from '../../support/client/cli';
import { fakeEngine } from '../../support/client/fake-engine';
import type { FakeAnswers, FakeEngine } from '../../support/client/fake-engine';
import { runCreated } from '../../support/client/journal';
import { recordingTerminal } from '../../support/client/recording-terminal';
import { runRow, runView, stepView, taskRow } from '../../support/client/run-view';

let api: TestApi;
let cli: TestCli;
let engine: FakeEngine;

async function start(answers: FakeAnswers = {}): Promise<void> {
  engine = fakeEngine(answers);
  api = await testApi(engine);
  cli = await testCli(api);
}

afterEach(async () => {
  await cli.close();
  await api.close();
});

test('show --json has the fields that the contract names', async () => {
  const hosts = [
    {
      name: 'web1',
      delegate: null,
      status: 'succeeded' as const,
      changed: true,
      exitCode: 0,
      durationMs: 5,
      error: null,
    },
  ];
  await start({ views: [runView({ steps: [stepView({ hosts })], tasks: [taskRow()], undone: ['install web1'] })] });

  const { exitCode, stdout } = await cli.run('show', '12', '--json');

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    id: 'rabcdefghijkl',
    definition: { name: 'nginx-upgrade' },
    planHash: 'sha256:aa',
    state: 'closed',
    outcome: 'succeeded',
    requester: 'user/anna',
    startedAt: '2026-11-21T09:00:00.000Z',
    endedAt: '2026-11-21T09:03:12.000Z',
    steps: [
      {
        id: 'install',
        path: 'install',
        verb: 'exec',
        status: 'succeeded',
        attempts: 1,
        startedAt: expect.any(String),
        endedAt: expect.any(String),
        error: null,
        hosts: [{ name: 'web1', status: 'succeeded', exitCode: 0, durationMs: 5 }],
      },
    ],
    tasks: [{ id: 'rabcdefghijkl/approve' }],
    undone: ['install web1'],
  });
});

test('runs prints tab-separated rows in a pipe', async () => {
  await start({ runs: [runRow({ state: 'closed', outcome: 'failed', startedAt: Date.UTC(2026, 10, 21, 9) })] });

  const { stdout } = await cli.run('runs');

  expect(stdout).toBe('12\trabcdefghijkl\thello 1.0.0\tfailed\tuser/anna\t2026-11-21 09:00:00');
});

test('tasks lists what waits, with its options', async () => {
  await start({ tasks: [taskRow()] });

  const { stdout } = await cli.run('tasks');

  expect(stdout).toBe('rabcdefghijkl/approve\tapproval\t3\trabcdefghijkl\tnginx 1.24.0\tapprove|reject\tteam/web\t-');
});

test.each([['ben'], ['user/ben']])(
  'approve --as %s votes as user/ben, for the plan that the task names',
  async (name) => {
    await start({ tasks: [taskRow()] });

    const { exitCode, stdout } = await cli.run('approve', 'rabcdef', '--as', name, '--comment', 'seen');

    expect(exitCode).toBe(0);
    expect(stdout).toBe('Decided: approve');
    expect(engine.answers).toMatchObject([
      {
        taskId: 'rabcdefghijkl/approve',
        actor: 'user/ben',
        choice: 'approve',
        comment: 'seen',
        planHash: 'aa',
        showHash: 'bb',
      },
    ]);
  },
);

test('reject and decide answer with their choices', async () => {
  await start({ tasks: [taskRow()] });

  await cli.run('reject', 'rabcdefghijkl/approve');
  await cli.run('decide', 'rabcdefghijkl/approve', 'done', '--host', 'web1,web2', '--form', '{"a":1}');

  expect(engine.answers.map(({ choice, hosts, form }) => ({ choice, hosts, form }))).toEqual([
    { choice: 'reject', hosts: undefined, form: undefined },
    { choice: 'done', hosts: ['web1', 'web2'], form: { a: 1 } },
  ]);
});

test('a refused answer exits with 1 and says why, without a stack', async () => {
  await start({
    tasks: [taskRow()],
    answer: { accepted: false, code: 'NOT_A_CANDIDATE', reason: 'not a member of team/web' },
  });

  const { exitCode, stdout, stderr } = await cli.run('approve', 'rabcdefghijkl/approve');

  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('NOT_A_CANDIDATE');
  expect(stderr).toContain('not a member of team/web');
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('cancel --keep and pause steer the run', async () => {
  await start();

  await cli.run('cancel', '12', '--keep', '--reason', 'wrong week');
  await cli.run('pause', '12');

  expect(engine.controls.map(({ request }) => request)).toEqual([
    {
      action: 'cancel',
      actor: 'user/tester',
      via: 'admin-token',
      id: expect.any(String),
      keep: true,
      reason: 'wrong week',
    },
    { action: 'pause', actor: 'user/tester', via: 'admin-token', id: expect.any(String) },
  ]);
});

test('resume and undo go on with a run', async () => {
  await start({ runs: [runRow({})] });
  await api.store.journal.append('run/rabcdefghijkl', [runCreated()]);

  expect((await cli.run('resume', '12', '--from', 'install', '--host', 'web3')).exitCode).toBe(0);
  expect((await cli.run('undo', '12')).exitCode).toBe(0);

  expect(engine.resumes.map(({ request }) => request)).toEqual([
    { actor: 'user/tester', via: 'admin-token', id: expect.any(String), from: 'install', hosts: ['web3'] },
    { actor: 'user/tester', via: 'admin-token', id: expect.any(String), undo: true },
  ]);
});

test('signal passes JSON data', async () => {
  await start();

  const { exitCode } = await cli.run('signal', '12', 'backupDone', '-d', '{"size":1}');

  expect(exitCode).toBe(0);
  expect(engine.signals).toMatchObject([{ reference: '12', request: { name: 'backupDone', data: { size: 1 } } }]);
});

test.each([
  [['nonsense'], 2],
  [['show'], 2],
  [['runs', '--state', 'nonsense'], 2],
  [['runs', '--limit', 'many'], 2],
  [['runs', '--limit', '0'], 2],
  [['signal', '12', 'e', '-d', '{'], 2],
  [['approve', 't', '--as', 'a b'], 2],
  [['decide', 't', 'done', '--form', '{'], 2],
  [['show', '99'], 1],
  [['logs', '99'], 1],
  [['logs', '99', '-f'], 1],
  [['resume', '99'], 1],
  [['audit', 'verify', '99'], 1],
  [['audit', 'falsify', '1'], 2],
  [['approve'], 2],
  [['run'], 2],
  [['version'], 0],
  [['--help'], 0],
])('%j exits with %i', async (args, expected) => {
  await start();

  expect((await cli.run(...args)).exitCode).toBe(expected);
});

function leaves(command: Command, path: string): readonly (readonly [string, Command])[] {
  if (command.commands.length === 0) return [[path, command]];
  return command.commands.flatMap((child) => leaves(child, `${path} ${child.name()}`.trim()));
}

const everyVerb = leaves(buildProgram({ ...processCli(readConfig), terminal: recordingTerminal() }), '');

test.each(everyVerb)('%s takes --json, explains itself, and calls an unknown option a misuse', async (path, verb) => {
  await start();

  const help = await cli.run(...path.split(' '), '--help');
  const misuse = await cli.run(...path.split(' '), '--nonsense');

  expect(verb.options.map(({ long }) => long)).toContain('--json');
  expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`Usage: mainstay ${path}`) });
  expect(misuse).toMatchObject({ exitCode: 2, stdout: '' });
});

test('without an engine a verb says how to start it', async () => {
  await start();
  await cli.close();
  cli = await testCli(null);

  const { exitCode, stderr } = await cli.run('runs');

  expect(exitCode).toBe(1);
  expect(stderr).toMatchInlineSnapshot(`
   "NOT_CONNECTED: Cannot reach the engine: it is not running
     Start it with "mainstay up", or name its data directory with --data DIR."
  `);
});

test('--json prints refusals as JSON, too', async () => {
  await start();

  const { exitCode, stdout } = await cli.run('show', '99', '--json');

  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'RUN_NOT_FOUND' } });
});
