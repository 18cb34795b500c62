import { useStore } from '../activities/changes/bed';
import { operationsEnded } from '../../activities/lookups/backups';
import { publishPlan } from '../activities/plans/backup-bed';
import { backupFact } from '../platform/store/backup-entries';
import { taskOpened } from '../platform/store/entries';
import { fakeBackups } from '../support/client/fake-backups';
import type { FakeBackups } from '../support/client/fake-backups';

const store = useStore();
const minuteMs = 60_000;

/** b1 is open in the journal, of the plan "sample"; its keeper is there. */
async function bedAt(now: () => number): Promise<FakeBackups> {
  const backups = fakeBackups(store(), now);
  await publishPlan(store());
  await backups.engine.recover();
  await store().journal.append('run/b1', [backupFact('backup.opened', { plan: 'sample', kind: 'restore' }, 1_000)]);
  return backups;
}

test('recover() ends operations whose execution is over without a word, and their keepers hear of it (D7)', async () => {
  let now = 1_000;
  const backups = await bedAt(() => now);
  await store().journal.append('run/b1', [taskOpened({ id: 'b1-1' })]);
  backups.standings.set('b1', 'closed');
  now += 5 * minuteMs;

  expect(await backups.engine.recover()).toBe(1);

  const { ended } = await operationsEnded(store(), { ids: ['b1'] });
  expect(ended).toEqual([
    {
      operation: 'b1',
      kind: 'restore',
      outcome: 'failed',
      reason: 'its execution was ended from outside',
      set: null,
      endedAt: now,
    },
  ]);
  expect(backups.told).toEqual(['sample']);
  expect(await store().views.tasks({ runId: 'b1', open: true })).toEqual([]);
  now += 5 * minuteMs;
  expect(await backups.engine.recover()).toBe(0);
  expect(backups.told).toEqual(['sample']);
});

test.each([
  ['that goes on', 'open', 2 * 24 * 60, false],
  ['that Temporal does not know yet', 'unknown', 23 * 60, false],
  ['that Temporal has not known for a day', 'unknown', 25 * 60, true],
] as const)('recover() of an operation %s', async (_what, standing, minutes, isEnded) => {
  let now = 1_000;
  const backups = await bedAt(() => now);
  backups.standings.set('b1', standing);
  now += minutes * minuteMs;

  await backups.engine.recover();

  expect((await store().backups.operation('b1'))?.outcome ?? null).toBe(isEnded ? 'failed' : null);
});

test('recover() leaves an operation alone that has written its end while it was asked after', async () => {
  let now = 1_000;
  const backups = await bedAt(() => now);
  backups.standings.set('b1', 'closed');
  const ended = backupFact('backup.ended', { kind: 'restore', outcome: 'succeeded' }, 2_000);
  backups.beforeAnswers(() => store().journal.append('run/b1', [ended]));
  now += 5 * minuteMs;

  expect(await backups.engine.recover()).toBe(0);

  expect(await store().backups.operation('b1')).toMatchObject({ outcome: 'succeeded', endedAt: 2_000 });
});

test('recover() asks after executions every two minutes, not each time', async () => {
  let now = 1_000;
  const backups = await bedAt(() => now);
  backups.standings.set('b1', 'closed');

  const found = [await backups.engine.recover()];
  now += 2 * minuteMs;
  found.push(await backups.engine.recover());

  expect(found).toEqual([0, 1]);
});
