import { RequestError } from '../../client/api/errors';
import type { BackupAction } from '../../workflows/backup/messages';
import { publish, publishPlan } from '../activities/plans/backup-bed';
import { useStore } from '../activities/changes/bed';
import { planText } from '../definitions/backup-documents';
import { backupFact } from '../platform/store/backup-entries';
import { fakeBackups } from '../support/client/fake-backups';

const store = useStore();

const by = { actor: 'user/anna', via: 'cli' } as const;
const run: BackupAction = { action: 'run', backup: null };
const away = new RequestError('ENGINE_UNAVAILABLE', 'Cannot reach the engine: no connection');
const keeper = expect.stringMatching(/^k[0-9a-f]{12}$/);

test('act() is sent to the keeper of the plan under the key of the request', async () => {
  const backups = fakeBackups(store());

  const acted = await backups.engine.act('sample', { action: run, ...by, id: 'a1' });

  expect(acted).toEqual({ plan: 'sample', operation: 'b00000000000a', warnings: [] });
  expect(backups.sent).toEqual([{ runId: keeper, name: 'backupAct', id: 'a1', payload: { id: 'a1', ...by, ...run } }]);
});

test('act() on a set takes the beginning of its id, and refuses one that is of another plan or of none', async () => {
  const backups = fakeBackups(store());
  await store().journal.append('run/b1234', [backupFact('backup.set', { set: 'b1234', plan: 'sample' })]);
  const verify = (set: string): BackupAction => ({ action: 'verify', set, level: 'V1', readPercent: 100 });

  await backups.engine.act('sample', { action: verify('b12'), ...by });

  expect(backups.sent).toMatchObject([{ payload: { set: 'b1234' } }]);
  for (const [plan, set] of [
    ['other', 'b12'],
    ['sample', 'b9'],
  ] as const)
    await expect(backups.engine.act(plan, { action: verify(set), ...by })).rejects.toMatchObject({
      code: 'BACKUP_SET_NOT_FOUND',
    });
  expect(backups.sent).toHaveLength(1);
});

test('act() that the keeper does not grant is refused with its reason, its code and a hint', async () => {
  const backups = fakeBackups(store());
  const reason = 'Cannot forget with plan "sample": its retention is empty, nothing is ever deleted';
  const refused = { code: 'RETENTION_EMPTY', reason };
  for (const delivery of [
    { kind: 'rejected', ...refused },
    { kind: 'answered', result: { accepted: false, ...refused } },
  ] as const) {
    backups.answer(delivery);

    await expect(backups.engine.act('sample', { action: { action: 'forget' }, ...by })).rejects.toMatchObject({
      code: 'BACKUP_REFUSED',
      message: reason,
      extra: { detail: { code: 'RETENTION_EMPTY', hint: expect.stringContaining('retention') } },
    });
  }
});

test('act() is sent again while the keeper is behind what was published', async () => {
  const backups = fakeBackups(store());
  await publishPlan(store());
  const behind = { kind: 'rejected', code: 'BACKUP_UNKNOWN', reason: 'it is none of hourly' } as const;
  backups.answer(behind, { kind: 'answered', result: { accepted: true, operation: 'b1', warnings: [] } });

  const acted = await backups.engine.act('sample', { action: { action: 'run', backup: 'nightly' }, ...by });

  expect(acted.operation).toBe('b1');
  backups.answer(behind);
  await expect(
    backups.engine.act('sample', { action: { action: 'run', backup: 'never' }, ...by }),
  ).rejects.toMatchObject({ code: 'BACKUP_REFUSED' });
});

test('act() starts the keeper of a published plan that has none, and refuses a plan that nobody has published', async () => {
  const backups = fakeBackups(store());
  await publishPlan(store());
  backups.answer({ kind: 'closed' }, { kind: 'answered', result: { accepted: true, operation: 'b1', warnings: [] } });

  await backups.engine.act('sample', { action: run, ...by });

  const { id: installation } = await store().installation();
  const identity = { installation, number: 0, requester: 'service/backup', createdAt: 1_000, parent: null };
  expect(backups.started).toEqual([{ plan: 'sample', keeper: { id: keeper, ...identity } }]);
  backups.answer({ kind: 'closed' });
  await expect(backups.engine.act('none', { action: run, ...by })).rejects.toMatchObject({
    code: 'BACKUP_PLAN_NOT_FOUND',
  });
  await expect(backups.engine.act('sample', { action: run, ...by })).rejects.toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
  });
});

test('recover() starts the keeper of each published plan once in its life, and goes on where it was cut off', async () => {
  const backups = fakeBackups(store());
  const counts = [await backups.engine.recover()];
  await publishPlan(store());
  backups.fail(away);
  await expect(backups.engine.recover()).rejects.toThrow('no connection');
  backups.fail(null);

  counts.push(await backups.engine.recover(), await backups.engine.recover());
  await publish(store(), planText().replace('name: sample', 'name: other'));
  counts.push(await backups.engine.recover());

  expect(counts).toEqual([0, 1, 0, 1]);
  expect(backups.started.map(({ plan }) => plan)).toEqual(['sample', 'other']);
  expect(new Set(backups.started.map(({ keeper: { id } }) => id)).size).toBe(2);
});

test('announce() tells the keepers of plans that were published, and of those whose provider has a new runbook', async () => {
  const backups = fakeBackups(store());
  await store().journal.append('run/k1', [backupFact('backup.kept', { plan: 'files', provider: 'restic' })]);
  await store().journal.append('run/k2', [backupFact('backup.kept', { plan: 'db', provider: 'pgdump' })]);

  await backups.engine.announce([
    { kind: 'BackupPlan', name: 'new' },
    { kind: 'Runbook', name: 'backup/restic/verify' },
    { kind: 'Runbook', name: 'deploy' },
    { kind: 'Team', name: 'backup/pgdump/verify' },
  ]);

  expect(backups.told).toEqual(['new', 'files']);
});

test('publishing does not fail because the keepers could not be told', async () => {
  const backups = fakeBackups(store());
  backups.fail(away);

  await expect(backups.engine.announce([{ kind: 'BackupPlan', name: 'new' }])).resolves.toBeUndefined();

  backups.fail(new Error('a bug'));
  await expect(backups.engine.announce([{ kind: 'BackupPlan', name: 'new' }])).rejects.toThrow('a bug');
});

test('cancel() journals who asked for it and why, then tells the operation', async () => {
  const backups = fakeBackups(store());
  await store().journal.append('run/b1', [backupFact('backup.opened')]);

  await backups.engine.cancel('b1', { ...by, reason: 'we need the host', id: 'a1' });

  expect(backups.calledOff).toEqual([{ id: 'b1', reason: 'called off by user/anna: we need the host' }]);
  expect((await store().journal.read('run/b1')).at(-1)).toMatchObject({ kind: 'backup.act', actor: 'user/anna' });
});

test('cancel() of an operation that is over, has not begun, or is none says which', async () => {
  const backups = fakeBackups(store());
  await store().journal.append('run/b1', [backupFact('backup.opened'), backupFact('backup.ended')]);
  await store().journal.append('run/b2', [backupFact('backup.opened')]);
  backups.close();
  const cancel = (reference: string) => backups.engine.cancel(reference, { ...by, reason: '' });

  await expect(cancel('b1')).rejects.toMatchObject({
    code: 'BACKUP_REFUSED',
    message: 'Cannot cancel backup "b1": it is over (succeeded)',
    extra: { detail: { code: 'OPERATION_OVER', hint: expect.stringContaining('backup show') } },
  });
  await expect(cancel('b2')).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  await expect(cancel('b3')).rejects.toMatchObject({ code: 'BACKUP_OPERATION_NOT_FOUND' });
});

test('cancel() of what waits for its turn is sent to the keepers, of whom one has it', async () => {
  const backups = fakeBackups(store());
  for (const [id, plan] of [
    ['k1', 'files'],
    ['k2', 'db'],
  ] as const)
    await store().journal.append(`run/${id}`, [backupFact('backup.kept', { plan })]);
  const waiting = 'b0123456789ab';
  const notHere = { kind: 'rejected', code: 'OPERATION_NOT_QUEUED', reason: 'it does not wait' } as const;
  const cancel = () => backups.engine.cancel(waiting, { ...by, reason: 'not now', id: 'a1' });

  backups.answer(notHere);
  await expect(cancel()).rejects.toMatchObject({ code: 'BACKUP_OPERATION_NOT_FOUND' });
  await expect(backups.engine.cancel('b01', { ...by, reason: '' })).rejects.toMatchObject({
    code: 'BACKUP_OPERATION_NOT_FOUND',
  });
  backups.answer(notHere, { kind: 'answered', result: { accepted: true, operation: waiting, warnings: [] } });
  // Its keeper has it begin, to say that it was called off.
  backups.beforeAnswers(() => store().journal.append(`run/${waiting}`, [backupFact('backup.opened', { plan: 'db' })]));

  expect(await cancel()).toMatchObject({ id: waiting, plan: 'db' });
  expect(new Set(backups.sent.map(({ runId }) => runId))).toEqual(new Set(['k1', 'k2']));
  expect(backups.sent.at(-1)).toMatchObject({
    name: 'backupAct',
    payload: { id: 'a1', ...by, action: 'cancel', operation: waiting, reason: 'not now' },
  });
  expect(backups.calledOff).toEqual([]);
});

test('cancel() of what begins while the keepers are asked is told to it', async () => {
  const backups = fakeBackups(store());
  await store().journal.append('run/k1', [backupFact('backup.kept', { plan: 'files' })]);
  backups.answer({ kind: 'rejected', code: 'OPERATION_NOT_QUEUED', reason: 'it does not wait' });
  backups.beforeAnswers(() => store().journal.append('run/b0123456789ab', [backupFact('backup.opened')]));

  await backups.engine.cancel('b0123456789ab', { ...by, reason: '' });

  expect(backups.calledOff).toEqual([{ id: 'b0123456789ab', reason: 'called off by user/anna' }]);
});

test('plan() shows what is in force, what comes next, what is wrong, and what its keeper has told', async () => {
  const day = 24 * 3_600_000;
  const { engine } = fakeBackups(store(), () => day);
  await publishPlan(store(), "backups: [{id: nightly, schedule: {cron: '30 2 * * *'}}]");
  const { keeper: id } = await engine.plan('sample');
  await store().journal.append(`run/${id}`, [
    backupFact('backup.kept', { plan: 'sample' }),
    backupFact('backup.alarm', { plan: 'sample' }),
    backupFact('backup.expiring', { plan: 'sample' }),
  ]);
  await store().journal.append('run/b1', [backupFact('backup.opened', { plan: 'sample' })]);

  const view = await engine.plan('sample');

  expect(view).toMatchObject({
    name: 'sample',
    service: 'shop',
    kept: { version: '1.0.0', at: 1_000 },
    alarms: [{ alarm: 'rpo' }],
    pruning: { sets: ['b1'] },
    inForce: { zone: 'UTC', backups: [{ id: 'nightly' }] },
    open: [{ id: 'b1' }],
    problems: [],
  });
  expect(view.next.slice(0, 2)).toEqual([
    { run: 'nightly', atMs: day + 2.5 * 3_600_000 },
    { run: 'nightly', atMs: 2 * day + 2.5 * 3_600_000 },
  ]);
  expect(view.timeline.map(({ text }) => text)).toEqual([
    'goes by version 1.0.0 of the plan',
    'alarm rpo: no good backup for 26 h',
    'b1 will be deleted after 1970-01-01T00:00Z',
  ]);
  expect(await engine.plans()).toMatchObject([{ name: 'sample', open: 1, next: { run: 'nightly' } }]);
  await expect(engine.plan('none')).rejects.toMatchObject({ code: 'BACKUP_PLAN_NOT_FOUND' });
});

test('points() are the sets of a plan with what going back to each would lose, and what speaks against it', async () => {
  const { engine } = fakeBackups(store(), () => 10_000);
  await publishPlan(store());
  await store().journal.append('run/b1', [
    backupFact('backup.set', { set: 'b1', plan: 'sample', atMs: 1_000 }),
    backupFact('backup.level', { set: 'b1' }),
  ]);
  await store().journal.append('run/b2', [backupFact('backup.set', { set: 'b2', plan: 'sample', atMs: 4_000 })]);

  const { points } = await engine.points('sample', { limit: 10 });

  expect(points.map(({ id, problem, lossMs }) => ({ id, problem, lossMs }))).toEqual([
    { id: 'b2', problem: 'it is not at V1', lossMs: 6_000 },
    { id: 'b1', problem: '', lossMs: 9_000 },
  ]);
});

test('retention() explains every set with the rules that keepers go by (R-BKP-1, R-BKP-3)', async () => {
  const { engine } = fakeBackups(store(), () => 10_000);
  await publishPlan(store());
  await store().journal.append('run/b1', [backupFact('backup.set', { set: 'b1', plan: 'sample' })]);

  expect(await engine.retention('sample')).toMatchObject({
    plan: 'sample',
    expiring: [],
    explained: [{ set: 'b1', keep: true, reasons: [expect.stringContaining('an empty policy deletes nothing')] }],
    pruning: null,
  });
  await expect(engine.retention('none')).rejects.toMatchObject({ code: 'BACKUP_PLAN_NOT_FOUND' });
});

test('drills() is the calendar of drills of all plans: those to come, and those that were', async () => {
  const { engine } = fakeBackups(store(), () => 0);
  await publishPlan(store(), "drill: {schedule: {cron: '0 5 * * mon'}}");
  await store().journal.append('run/b1', [backupFact('backup.opened', { kind: 'drill' })]);

  const { planned, past } = await engine.drills(14);

  expect(planned.map(({ plan, atMs }) => `${plan} ${new Date(atMs).toISOString()}`)).toEqual([
    'sample 1970-01-05T05:00:00.000Z',
    'sample 1970-01-12T05:00:00.000Z',
  ]);
  expect(past.map(({ id }) => id)).toEqual(['b1']);
});

test('scores() are of every plan, or of those of one service (R-RPO-2, R-RTO-1)', async () => {
  const { engine } = fakeBackups(store(), () => 10_000_000);
  await publishPlan(store(), 'objectives: {rpo: 1h, rto: 30s}', 'drill: {}');
  await store().journal.append('run/b1', [
    backupFact('backup.set', { set: 'b1', plan: 'sample' }),
    backupFact('backup.level', { set: 'b1' }),
  ]);
  await store().journal.append('run/b2', [
    backupFact('backup.opened', { plan: 'sample', kind: 'drill' }),
    backupFact('backup.measured'),
    backupFact('backup.verdict', { plan: 'sample' }),
    backupFact('backup.ended', { kind: 'drill' }, 9_000_000),
  ]);

  const [score] = await engine.scores('shop');

  expect(score).toMatchObject({
    plan: 'sample',
    sets: 1,
    objectives: { rpoMs: 3_600_000, rtoMs: 30_000 },
    card: {
      lastBackup: { id: 'b1', level: 'V1' },
      lastDrill: { id: 'b2', verdict: 'PASS', ageMs: 1_000_000 },
      recoveryTime: { lastMs: 60_000, missed: 1 },
      risk: { kind: 'known', riskMs: 9_999_000 },
    },
  });
  expect(score?.card.findings).toHaveLength(2);
  expect(await engine.scores('other')).toEqual([]);
});
