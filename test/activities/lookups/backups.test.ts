import {
  backupManifest,
  backupSets,
  drillHistory,
  openOperation,
  operationsEnded,
} from '../../../activities/lookups/backups';
import { useStore } from '../changes/bed';
import { backupFact } from '../../platform/store/backup-entries';
import { operationInput } from '../../workflows/backup/bed';

const store = useStore();

test('backupSets() tells processes all that they go by, and nothing of what is only shown', async () => {
  await store().journal.append('run/b1', [backupFact('backup.set'), backupFact('backup.manifest')]);

  const { sets } = await backupSets(store(), { plan: 'shop' });

  expect(sets).toEqual([
    {
      id: 'b1',
      setId: 'snap-1',
      plan: 'shop',
      atMs: 1_000,
      kind: 'full',
      parent: '',
      sizeBytes: 100,
      owned: true,
      levels: {},
      broken: '',
      holds: [],
      pins: [],
      offsite: false,
      expiring: false,
      group: 'shop',
      digest: 'sha256:1',
      versions: { tool: '0.16', server: '' },
      hasManifest: true,
    },
  ]);
  expect(await backupManifest(store(), { set: 'b1' })).toEqual({ manifest: { tree: 't1' } });
  expect(await backupManifest(store(), { set: 'b2' })).toEqual({ manifest: null });
});

test('operationsEnded() tells ends as the operations told them, also when the telling was lost', async () => {
  await store().journal.append('run/b1', [backupFact('backup.opened')]);
  await store().journal.append('run/b2', [
    backupFact('backup.opened', { kind: 'forget' }),
    backupFact(
      'backup.ended',
      { kind: 'forget', outcome: 'failed', reason: 'r', set: null, alarms: { repository: 'x' } },
      7,
    ),
  ]);
  await store().journal.append('run/b3', [
    backupFact('backup.opened', { kind: 'watch' }),
    backupFact('backup.ended', { kind: 'watch', set: null }, 8),
  ]);
  await store().journal.append('run/b4', [
    backupFact('backup.opened'),
    backupFact('backup.ended', { outcome: 'cancelled' }, 9),
  ]);

  const { ended } = await operationsEnded(store(), { ids: ['b1', 'b2', 'b3', 'b4', 'b5'] });

  expect(ended).toEqual([
    {
      operation: 'b2',
      kind: 'forget',
      outcome: 'failed',
      reason: 'r',
      set: null,
      endedAt: 7,
      alarms: { repository: 'x' },
    },
    { operation: 'b3', kind: 'watch', outcome: 'succeeded', reason: '', set: null, endedAt: 8, alarms: {} },
    // It was called off, and may not have looked.
    { operation: 'b4', kind: 'backup', outcome: 'cancelled', reason: '', set: 'b1', endedAt: 9 },
  ]);
});

test('drillHistory() tells the verdicts of drills, newest first, with what was measured (R-DRILL-5)', async () => {
  for (const [id, at] of [
    ['b1', 1],
    ['b2', 2],
  ] as const)
    await store().journal.append(`run/${id}`, [
      backupFact('backup.opened', { kind: 'drill' }, at),
      backupFact('backup.verdict', { verdict: id === 'b1' ? 'PASS' : 'BLOCKED' }),
      ...(id === 'b1' ? [backupFact('backup.measured')] : []),
      backupFact('backup.ended', { kind: 'drill' }, at + 10),
    ]);
  await store().journal.append('run/b3', [backupFact('backup.opened', { kind: 'drill' }), backupFact('backup.ended')]);

  expect(await drillHistory(store(), { plan: 'shop' })).toEqual({
    drills: [
      { operation: 'b2', verdict: 'BLOCKED', endedAt: 12, rtoMs: null, rpoMs: null },
      { operation: 'b1', verdict: 'PASS', endedAt: 11, rtoMs: 60_000, rpoMs: 1_000 },
    ],
  });
});

test('openOperation() enters an operation once, in the name of whoever asked for it', async () => {
  const input = operationInput({ kind: 'watch' });

  await openOperation(store(), input);
  await openOperation(store(), input);

  const { id, requester } = input.operation;
  const entries = await store().journal.read(`run/${id}`);
  expect(entries).toMatchObject([{ kind: 'backup.opened', actor: requester, via: 'engine' }]);
  expect(await store().backups.operation(id)).toMatchObject({
    kind: input.work.kind,
    plan: input.plan.name,
    requester,
  });
});

test('openOperation() gives an operation the scope of its plan', async () => {
  const { plan, ...input } = operationInput({ kind: 'watch' });

  await openOperation(store(), { ...input, plan: { ...plan, scope: { env: ['prod'], service: ['shop'] } } });

  const row = await store().backups.operation(input.operation.id);
  expect(row?.scope).toEqual({ env: ['prod'], service: ['shop'] });
});
