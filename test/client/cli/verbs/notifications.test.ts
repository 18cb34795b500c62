import { testApi } from '../../../support/client/api';
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

const notifications = ['me', 'notifications'];

test.each([[[]], [['show']]])('me notifications %j shows what somebody is told, and how', async (verb) => {
  const shown = await cli.run(...notifications, ...verb);

  expect(shown).toMatchObject({ exitCode: 0, stderr: 'user/tester, reached by mail; times are of UTC' });
  expect(shown.stdout.split('\n').slice(0, 4)).toEqual([
    'channels\tall\tBy which you are told',
    'quiet\toff\tWhen only what is urgent comes',
    'digest\toff\tWhat can wait, gathered',
    'task.opened\tmail\tA vote or an answer of yours is wanted (normal)',
  ]);
});

test('me notifications set changes what is named, and leaves the rest', async () => {
  await cli.run(...notifications, 'set', '--off', 'run.recovered,task.opened', '--digest', 'daily');

  const when = ['--quiet', '22:00-07:00', '--digest-at', '09:30'];
  const how = ['--channels', 'mail,ntfy', '--channel', 'run.failed=ntfy,mail', '--channel', 'change.ended=chat'];
  const set = await cli.run(...notifications, 'set', ...when, ...how, '--json');

  expect(JSON.parse(set.stdout)).toEqual({
    person: 'user/tester',
    preferences: {
      channels: ['mail', 'ntfy'],
      kinds: {
        'run.recovered': 'off',
        'task.opened': 'off',
        'run.failed': ['ntfy', 'mail'],
        'change.ended': ['chat'],
      },
      quiet: { from: '22:00', to: '07:00' },
      digest: 'daily',
      digestAt: '09:30',
    },
    reachable: ['mail'],
    zone: 'UTC',
  });
  const { stdout } = await cli.run(...notifications);
  expect(stdout).toContain('digest\tdaily at 09:30\t');
  expect(stdout).toContain('run.recovered\toff\t');
  // It waits for an answer of theirs: that it comes all the same is not kept from them.
  expect(stdout).toContain('task.opened\tmail\t');
});

test('me notifications set takes back what was set before', async () => {
  await cli.run(...notifications, 'set', '--off', 'run.failed', '--quiet', '22:00-07:00', '--channels', 'ntfy');

  await cli.run(...notifications, 'set', '--on', 'run.failed', '--quiet', 'off', '--channels', 'all');

  expect(await api.store.preferences.get('tester')).toMatchObject({ channels: null, kinds: {}, quiet: null });
});

test('me notifications --as is about somebody else', async () => {
  const set = await cli.run(...notifications, 'set', '--digest', 'hourly', '--as', 'ben');

  expect(set.stderr).toContain('user/ben');
  expect(await api.store.preferences.get('user/ben')).toMatchObject({ digest: 'hourly' });
  expect(await api.store.preferences.get('user/tester')).toMatchObject({ digest: 'off' });
});

test.each([
  [['--off', 'run.lost'], 2],
  [['--channel', 'run.failed=pigeon'], 2],
  [['--channel', 'run.failed'], 2],
  [['--quiet', '22:00'], 2],
  [['--digest', 'weekly'], 2],
  [['--quiet', '22:00-27:00'], 1],
  [['--quiet', '08:00-07:00'], 1],
  [['--digest-at', 'noon'], 1],
])('me notifications set %j is refused', async (args, exitCode) => {
  expect((await cli.run(...notifications, 'set', ...args)).exitCode).toBe(exitCode);
});
