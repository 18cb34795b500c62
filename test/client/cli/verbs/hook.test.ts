import { testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import type { TestCli } from '../../../support/client/cli';
import { fakeEngine } from '../../../support/client/fake-engine';
import { digestOf } from '../../../../platform/store/blobs';

let api: TestApi;
let cli: TestCli;

beforeEach(async () => {
  api = await testApi(fakeEngine());
  cli = await testCli(api);
  await publish('Hook', 'released', 'auth: { token: env:A }\n  start: { runbook: release }');
  await publish('Subscription', 'ops', "url: 'https://ops.example/hear'\n  secret: env:B\n  events: [run.ended]");
  const delivery = { subscription: 'ops', eventId: 'evt_1', kind: 'run.ended', body: '{}', createdAt: 1_000 };
  await api.store.deliveries.add(
    [
      { id: 'd1', ...delivery },
      { id: 'd2', ...delivery },
    ],
    1,
  );
  await api.store.deliveries.attempted('d2', { round: 1, state: 'dead', answer: '503', at: 2_000 });
});

afterEach(async () => {
  await cli.close();
  await api.close();
});

async function publish(kind: string, name: string, spec: string): Promise<void> {
  const text = `apiVersion: mainstay/v1\nkind: ${kind}\nmetadata: { name: ${name}, owner: team/ops }\nspec:\n  ${spec}\n`;
  const definition = { kind, name, version: '0.0.1', digest: digestOf(Buffer.from(text)), text, files: {} };
  await api.store.definitions.publish(definition, { actor: 'user/anna', via: 'cli', at: 1 });
}

test('hook list shows who may call, and who is told', async () => {
  const { exitCode, stdout } = await cli.run('hook', 'list');

  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
   "in	released	/hooks/released	start release
   out	ops	https://ops.example/hear	run.ended"
  `);
});

test('hook deliveries shows how far each message has come', async () => {
  const all = await cli.run('hook', 'deliveries', '--json');
  const dead = await cli.run('hook', 'deliveries', '--state', 'dead', '--json');

  expect(JSON.parse(all.stdout)).toHaveLength(2);
  expect(JSON.parse(dead.stdout)).toMatchObject([{ id: 'd2', state: 'dead', attempts: 1, answer: '503' }]);
});

test('hook retry tells again of what was given up, and of nothing else', async () => {
  const [dead, waiting, unknown] = [
    await cli.run('hook', 'retry', 'd2'),
    await cli.run('hook', 'retry', 'd1'),
    await cli.run('hook', 'retry', 'd3'),
  ];

  expect([dead.exitCode, waiting.exitCode, unknown.exitCode]).toEqual([0, 1, 1]);
  expect(waiting.stderr).toContain('it is waiting');
  expect(unknown.stderr).toContain('no such delivery');
  expect(await api.store.deliveries.get('d2')).toMatchObject({ state: 'waiting', round: 2 });
});
