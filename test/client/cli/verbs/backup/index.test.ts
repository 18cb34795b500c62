import { publishPlan } from '../../../../activities/plans/backup-bed';
import { backupFact } from '../../../../platform/store/backup-entries';
import { testApi } from '../../../../support/client/api';
import type { TestApi } from '../../../../support/client/api';
import { testCli } from '../../../../support/client/cli';
import type { TestCli } from '../../../../support/client/cli';
import { fakeBackups } from '../../../../support/client/fake-backups';
import type { FakeBackups } from '../../../../support/client/fake-backups';
import { fakeEngine } from '../../../../support/client/fake-engine';

let api: TestApi;
let backups: FakeBackups;
let cli: TestCli;

const operation = 'b00000000000a';

beforeEach(async () => {
  api = await testApi(fakeEngine(), undefined, undefined, {
    backups: (store) => {
      backups = fakeBackups(store, () => 100_000);
      return backups.engine;
    },
  });
  cli = await testCli(api);
});

afterEach(async () => {
  await cli.close();
  await api.close();
});

/** The operation that every act is answered with has come to this end. */
async function ended(kind: string, outcome: string, verdict?: string): Promise<void> {
  await api.store.journal.append(`run/${operation}`, [
    backupFact('backup.opened', { kind }),
    ...(verdict === undefined ? [] : [backupFact('backup.verdict', { verdict, at: 'assert:rows', reason: 'r' })]),
    backupFact('backup.ended', { kind, outcome, reason: 'because' }, 61_000),
  ]);
}

function text(...lines: readonly string[]): string {
  return lines.join('\n');
}

test('verbs that act send what their options say', async () => {
  await api.store.journal.append('run/b1234', [backupFact('backup.set', { set: 'b1234' })]);
  const reason = ['--reason', 'r'];

  const ran = [
    await cli.run('backup', 'run', 'shop', '--backup', 'nightly', '--as', 'anna'),
    await cli.run('backup', 'verify', 'shop', '--level', 'V2', '--read-percent', '10', '--set', 'b12'),
    await cli.run('backup', 'forget', 'shop'),
    await cli.run('backup', 'hold', 'shop', 'b12', '--name', 'n', '--until', '1970-01-01T00:00:09Z', ...reason),
    await cli.run('backup', 'hold', 'shop', 'b12', '--name', 'court', '--kind', 'legal', ...reason),
    await cli.run('backup', 'release', 'shop', 'b12', '--name', 'n', ...reason),
    await cli.run('backup', 'restore', 'shop', ...reason),
    await cli.run(
      'backup',
      'restore',
      'shop',
      '--at',
      '2026-10-25T02:30',
      '--zone',
      'Europe/Berlin',
      '--over',
      ...reason,
    ),
    await cli.run('backup', 'drill', 'shop', '--seed', '0'),
    await cli.run('backup', 'pause', 'shop', ...reason),
    await cli.run('backup', 'resume', 'shop'),
  ];

  expect(ran.map(({ exitCode }) => exitCode)).toEqual(ran.map(() => 0));
  expect(ran[0]?.stdout).toBe(`shop: run accepted: operation ${operation}`);
  const hold = { name: 'n', kind: 'plain', untilMs: 9_000, reason: 'r' };
  expect(backups.sent.map(({ payload }) => payload)).toMatchObject([
    { action: 'run', backup: 'nightly', actor: 'user/anna' },
    { action: 'verify', level: 'V2', readPercent: 10, set: 'b1234' },
    { action: 'forget' },
    { action: 'hold', set: 'b1234', hold },
    { action: 'hold', hold: { name: 'court', kind: 'legal', untilMs: null, reason: 'r' } },
    { action: 'release', set: 'b1234', name: 'n', reason: 'r' },
    { action: 'restore', set: null, targetMs: -1, over: false, reason: 'r' },
    // That time comes twice that night: it is the first (R-TIME-3).
    { action: 'restore', targetMs: Date.UTC(2026, 9, 25, 0, 30), over: true },
    { action: 'drill', set: null, seed: 0, targetMs: 0 },
    { action: 'pause', reason: 'r' },
    { action: 'resume', reason: '' },
  ]);
});

test.each([
  ['backup', 'succeeded', undefined, 0],
  ['backup', 'failed', undefined, 1],
  ['verify', 'blocked', undefined, 1],
  ['restore', 'cancelled', undefined, 1],
  ['drill', 'succeeded', 'PASS', 0],
  ['drill', 'FAIL', 'FAIL', 1],
  ['drill', 'INVALID', 'INVALID', 1],
  ['drill', 'blocked', 'BLOCKED', 1],
  // A drill without a verdict has proven nothing, whatever it calls itself.
  ['drill', 'succeeded', undefined, 1],
])(
  '--wait on a %s that ended as %s (verdict %s) exits with %i (R-DRILL-5)',
  async (kind, outcome, verdict, exitCode) => {
    await ended(kind, outcome, verdict);
    const options = kind === 'restore' ? ['--reason', 'r'] : [];

    const ran = await cli.run('backup', kind === 'backup' ? 'run' : kind, 'shop', '--wait', ...options);

    expect(ran.exitCode).toBe(exitCode);
    expect(ran.stderr).toContain(`${kind} of shop begins`);
    expect(ran.stdout).toContain(`${kind} ${operation} of shop (service shop): ${verdict ?? outcome}`);
  },
);

test('--wait --json prints the operation and nothing else', async () => {
  await ended('backup', 'succeeded');

  const ran = await cli.run('backup', 'run', 'shop', '--wait', '--json');

  expect(JSON.parse(ran.stdout)).toMatchObject({ id: operation, outcome: 'succeeded' });
});

test('--wait lets go at Ctrl-C, and says how to find the operation again', async () => {
  await api.store.journal.append(`run/${operation}`, [backupFact('backup.opened')]);

  const running = cli.run('backup', 'run', 'shop', '--wait');
  cli.interrupt();
  const ran = await running;

  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain(`mainstay backup show ${operation}`);
});

test('show tells a drill with its steps, assertions, figures and evidence (R-DRILL-7, R-RTO-1, R-RPO-1)', async () => {
  const results = [
    { name: 'rows', level: 'V5', ok: false, detail: '7 of 9' },
    { name: 'starts', level: 'V4', ok: true, detail: '' },
  ];
  const evidence = {
    digest: 'sha256:1',
    toolVersions: ['0.16'],
    operator: 'service/backup',
    approver: 'team/ops',
    targetFingerprint: 'machine 7',
    seed: 4,
    leftovers: [],
    mutations: [{ mutation: 'dropped-rows', result: 'noticed' }],
  };
  await api.store.journal.append('run/b2', [
    backupFact('backup.opened', { kind: 'drill' }),
    backupFact('backup.step', { what: 'restored', startedAt: 1_000 }, 3_500),
    backupFact('backup.asserted', { results }),
    backupFact('backup.measured', { rtoMs: 61_000, rpoMs: null, reported: 'RTO achieved' }),
    backupFact('backup.verdict', { verdict: 'FAIL', at: 'assert:rows', reason: 'rows are missing', evidence }),
    backupFact('backup.ended', { kind: 'drill', outcome: 'FAIL', reason: 'rows are missing' }, 61_000),
  ]);

  const ran = await cli.run('backup', 'show', 'b2');

  expect(ran.stdout).toBe(
    text(
      'drill b2 of shop (service shop): FAIL at assert:rows',
      '  rows are missing',
      '  began 1970-01-01 00:00:01, asked for by service/backup, took 1 min 00 s',
      '  set b1',
      '  RTO 1 min 1 s, RPO unknown (RTO achieved)',
      '',
      'Steps',
      '  restored: 2.5 s',
      '',
      'Assertions',
      '  V5 rows: does not hold (7 of 9)',
      '  V4 starts: holds',
      '',
      'Evidence',
      '  digest     sha256:1',
      '  tools      0.16',
      '  operator   service/backup',
      '  approver   team/ops',
      '  target     machine 7',
      '  seed       4',
      '  mutations  dropped-rows noticed',
      '  left over  nothing',
      '',
      'Timeline',
      '  1970-01-01 00:00:01  drill of shop begins, asked for by service/backup',
      '  1970-01-01 00:00:03  restored',
      '  1970-01-01 00:00:01  does not hold: rows',
      '  1970-01-01 00:00:01  RTO 61.0 s, RPO unknown: RTO achieved',
      '  1970-01-01 00:00:01  FAIL at assert:rows: rows are missing',
      '  1970-01-01 00:01:01  drill ended: FAIL: rows are missing',
    ),
  );
});

test('show tells a backup with the set that it made', async () => {
  await api.store.journal.append('run/b1', [
    backupFact('backup.opened'),
    backupFact('backup.set', { sizeBytes: 1_536 }),
    backupFact('backup.level'),
    backupFact('backup.replicated'),
    backupFact('backup.ended'),
  ]);

  const ran = await cli.run('backup', 'show', 'b1');

  for (const line of [
    '  taken    1970-01-01T00:00:01Z, full',
    '  in       /srv/backup as snap-1',
    '  size     1.5 KiB, 10 B of it new in the repository',
    '  levels   V0 1970-01-01T00:00:01Z, V1 1970-01-01T00:00:01Z',
    '  offsite  sftp:away since 1970-01-01T00:00:01Z',
  ])
    expect(ran.stdout.split('\n').map((shown) => shown.replace(/:01\.\d+Z/g, ':01Z'))).toContain(line);
});

test('list shows the points to restore to with what each would lose; explain why each stays (R-BKP-1, R-BKP-3)', async () => {
  await publishPlan(api.store);
  await api.store.journal.append('run/b1', [backupFact('backup.set', { plan: 'sample', atMs: 40_000 })]);
  await api.store.journal.append('run/k1', [backupFact('backup.held')]);

  const sets = await cli.run('backup', 'list', 'sample');
  const operations = await cli.run('backup', 'list', '--operations');
  const explained = await cli.run('backup', 'explain', 'sample');

  expect(sets.stdout.split('\t')).toEqual([
    'b1',
    '1970-01-01T00:00:40Z',
    'full',
    '100 B',
    '-',
    '1 min',
    'legal:audit',
    'it is not at V1',
  ]);
  expect(operations).toMatchObject({ exitCode: 0, stdout: '' });
  expect(explained.stdout).toContain('1 set, 0 of them no rule keeps');
  expect(explained.stdout).toContain('b1  kept: ');
  expect((await cli.run('backup', 'list')).exitCode).toBe(2);
});

test('plan shows what is in force and what comes next, in the zone of the plan', async () => {
  await publishPlan(
    api.store,
    'zone: Europe/Berlin',
    "backups: [{id: nightly, schedule: {cron: '30 2 * * *'}}]",
    'objectives: {rpo: 26h}',
    'drill: {mutations: [stale-backup]}',
  );

  const all = await cli.run('backup', 'plan');
  const one = await cli.run('backup', 'plan', 'sample');

  expect(all.stdout.split('\t')).toEqual(['sample', 'shop', 'fake', '-', '1970-01-01T01:30Z nightly', '0', '-']);
  for (const line of [
    'sample 0.0.1 of service shop',
    '  its keeper has not begun',
    '  backups    nightly (full, missed: run-once-late)',
    '  keeps      everything',
    '  drills     when asked for, the newest on web1, must notice stale-backup',
    '  objective  RPO 1 d 2 h, RTO none',
    '  Thu 1970-01-01 02:30 +01:00 (1970-01-01T01:30Z)  nightly',
  ])
    expect(one.stdout.split('\n')).toContain(line);
});

test('score tells what somebody should see to, and the figures (R-RPO-2, R-DRILL-5)', async () => {
  await publishPlan(api.store, 'objectives: {rpo: 1h}');
  await api.store.journal.append('run/k1', [backupFact('backup.kept', { plan: 'sample' })]);

  const ran = await cli.run('backup', 'score', 'service/shop');

  expect(ran.stdout).toBe(
    text(
      'shop by sample: see to',
      '  - no good backup is where it should be',
      '  last backup    none',
      '  last verified  none',
      '  last proven    none',
      '  RPO risk now   everything; objective 1 h',
      '  last drill     none',
      '  RTO of drills  not measured yet',
      '  RPO of drills  not measured yet; objective 1 h',
      '  sets           0, 0 broken, 0 holds',
    ),
  );
});

test('calendar lists the drills that were, with their figures, and those to come', async () => {
  await publishPlan(api.store, "drill: {schedule: {cron: '0 5 * * mon'}}");
  await api.store.journal.append('run/b2', [
    backupFact('backup.opened', { kind: 'drill' }),
    backupFact('backup.measured'),
    backupFact('backup.verdict'),
    backupFact('backup.ended', { kind: 'drill' }),
  ]);

  const ran = await cli.run('backup', 'calendar', '--days', '7');

  expect(ran.stdout.split('\n').map((line) => line.split('\t'))).toEqual([
    ['1970-01-01T00:00:01Z', 'shop', 'shop', 'PASS', 'RTO 1 min, RPO 1 s', 'b2'],
    ['1970-01-05T05:00Z', 'sample', 'shop', 'planned', '-', '-'],
  ]);
});

test('cancel asks an operation to end', async () => {
  await api.store.journal.append('run/b1', [backupFact('backup.opened')]);

  const ran = await cli.run('backup', 'cancel', 'b1', '--reason', 'we need the host', '--as', 'ben');

  expect(ran).toMatchObject({ exitCode: 0, stdout: 'backup b1 of shop: cancel accepted, it cleans up' });
  expect(backups.calledOff).toEqual([{ id: 'b1', reason: 'called off by user/ben: we need the host' }]);
});

test.each([
  ['a plan that nobody has published', ['plan', 'none'], 1],
  ['an operation that nobody knows', ['show', 'b9'], 1],
  ['a restore without a reason', ['restore', 'shop'], 2],
  ['a time without an offset or a zone', ['restore', 'shop', '--at', '2026-11-21T09:30', '--reason', 'r'], 2],
  [
    'a legal hold that would end by itself',
    ['hold', 'shop', 'b1', '--name', 'n', '--kind', 'legal', '--until', '2026-11-21T09:30Z', '--reason', 'r'],
    2,
  ],
  ['a seed that is no number', ['drill', 'shop', '--seed', 'x'], 2],
  ['a level that is none to verify at', ['verify', 'shop', '--level', 'V9'], 2],
])('%s is told with the exit code that says whose fault it is', async (_what, args, exitCode) => {
  expect((await cli.run('backup', ...args)).exitCode).toBe(exitCode);
});
