import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { planText } from '../../../../definitions/backup-documents';
import { backupFact } from '../../../../platform/store/backup-entries';
import { testApi } from '../../../../support/client/api';
import { testCli } from '../../../../support/client/cli';
import { fakeBackups } from '../../../../support/client/fake-backups';
import { fakeEngine } from '../../../../support/client/fake-engine';

let folder: string;
let plan: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-forecast-'));
  plan = join(folder, 'plan.yaml');
  const text = planText(
    "backups: [{id: nightly, schedule: {cron: '30 2 * * *'}}]",
    "verify: {deep: {schedule: {cron: '35 2 29 * *'}}}",
    "drill: {identity: {hostName: web1}, schedule: {cron: '0 5 * * mon'}}",
    'zone: Europe/Berlin',
  );
  writeFileSync(plan, text);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  return (await testCli(null)).run('backup', 'forecast', ...args);
}

test('a forecast tells operations by month, load, delays and changes of clocks', async () => {
  const { exitCode, stdout, stderr } = await run(plan, '--from', '2026-10-01', '--days', '60');

  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
   "2026-10	31	1	4	10 h 15 min
   2026-11	29	1	4	9 h 45 min"
  `);
  expect(stderr).toMatchInlineSnapshot(`
   "1 plan, 70 operations, 2026-10-01T00:00Z to 2026-11-30T00:00Z
   most at once: 1 at 2026-10-01T00:30Z; drills: 1 at 2026-10-05T03:00Z
   2 slots delayed
     2026-10-29T01:35Z sample verify, by 10 min
     2026-11-29T01:35Z sample verify, by 10 min
   0 slots left out: the one before is still waiting
   1 slot at a change of clocks
     2026-10-25T00:30Z sample nightly: the time comes twice on that day, it is the first"
  `);
});

test('how long something takes can be said', async () => {
  const { stdout } = await run(plan, '--from', '2026-10-01', '--days', '30', '--json', '--takes', 'backup=1m,drill=2h');

  expect(JSON.parse(stdout)).toMatchObject({
    fromMs: Date.parse('2026-10-01T00:00:00Z'),
    plans: 1,
    delayed: { count: 0 },
    months: [{ month: '2026-10', started: { backup: 30, verify: 1, drill: 4 } }],
  });
});

test('the engine is asked how long they took', async () => {
  const api = await testApi(fakeEngine(), undefined, undefined, { backups: (store) => fakeBackups(store).engine });
  await api.store.journal.append('run/b1', [
    backupFact('backup.opened', { plan: 'sample', kind: 'drill' }, 0),
    backupFact('backup.verdict', { plan: 'sample', verdict: 'PASS' }, 1),
    backupFact('backup.ended', { kind: 'drill', outcome: 'PASS' }, 7_200_000),
  ]);
  const cli = await testCli(api);

  const { stdout } = await cli.run(
    'backup',
    'forecast',
    plan,
    '--from',
    '2026-10-05',
    '--days',
    '1',
    '--json',
    '--history',
  );

  expect(JSON.parse(stdout)).toMatchObject({ months: [{ busyMs: 7_200_000 + 15 * 60_000 }] });
  await cli.close();
  await api.close();
});

test.each([
  [['--days', '0'], 'Cannot look "0" days ahead'],
  [['--days', 'ten'], 'Cannot look "ten" days ahead'],
  [['--from', 'tomorrow'], 'Cannot begin at "tomorrow"'],
  [['--takes', 'restore=1h'], 'Cannot use --takes "restore=1h"'],
  [['--takes', 'drill=long'], 'Cannot use --takes "drill=long"'],
])('%j is a misuse: %s', async (options, said) => {
  const { exitCode, stderr } = await run(plan, ...options);

  expect(exitCode).toBe(2);
  expect(stderr).toContain(said);
});

test('files without a plan are nothing to forecast', async () => {
  const path = join(folder, 'team.yaml');
  writeFileSync(path, 'apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: web}\nspec: {members: [user/anna]}\n');

  expect(await run(path)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('No document of kind BackupPlan'),
  });
});
