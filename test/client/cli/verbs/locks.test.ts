import { testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import type { TestCli } from '../../../support/client/cli';
import { fakeEngine } from '../../../support/client/fake-engine';
import type { FakeEngine } from '../../../support/client/fake-engine';

let api: TestApi;
let cli: TestCli;
let engine: FakeEngine;

beforeEach(async () => {
  engine = fakeEngine();
  api = await testApi(engine);
  cli = await testCli(api);
  await api.store.locks.acquire({ runId: 'r1', path: 'a', names: ['service/shop'], at: 1 });
  await api.store.locks.acquire({ runId: 'r2', path: 'a', names: ['host/db1'], at: 1 });
  await api.store.locks.orphan({ runId: 'r1', at: 2 });
});

afterEach(async () => {
  await cli.close();
  await api.close();
});

test('mainstay locks free frees the lock of a run that is over, in the name of who asks (D13)', async () => {
  const freed = await cli.run(
    'locks',
    'free',
    'service/shop',
    '--reason',
    'looked at it',
    '--as',
    'user/anna',
    '--json',
  );

  expect(freed.exitCode).toBe(0);
  expect(JSON.parse(freed.stdout)).toEqual({ name: 'service/shop', freed: true });
  expect((await api.store.journal.read('locks')).at(-1)).toMatchObject({
    kind: 'lock.released',
    actor: 'user/anna',
    payload: expect.stringContaining('"reason":"looked at it"'),
  });
  expect((await cli.run('locks')).stdout).toMatch(/^host\/db1\theld\tr2/);
  expect(engine.wakings).toBe(1);
});

test.each([['no reason'], ['an empty reason', '--reason', '  ']])(
  'mainstay locks free wants to know why: %s',
  async (_what, ...more) => {
    const refused = await cli.run('locks', 'free', 'service/shop', ...more);

    expect(refused.exitCode).toBeGreaterThan(0);
    expect(await api.store.locks.list()).toHaveLength(2);
  },
);

test.each([
  ['host/db1', 'LOCK_HELD'],
  ['nobody/knows', 'LOCK_NOT_FOUND'],
])('mainstay locks free %s is refused with %s', async (name, code) => {
  const refused = await cli.run('locks', 'free', name, '--reason', 'looked at it', '--json');

  expect(refused.exitCode).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code } });
  expect(await api.store.locks.list()).toHaveLength(2);
  expect(engine.wakings).toBe(0);
});
