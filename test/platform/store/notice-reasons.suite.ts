import type { Store } from '../../../platform/store/store';
import type { AnyJournalEntry } from '../../../workflows/domain/journal';
import { backupFact } from './backup-entries';
import { changeEnded, changeOpened, changeScheduled, changeState } from './change-entries';
import type { StoreBed } from './dialects';
import { entry, runCreated, runEnded, runStarted } from './entries';

const error = { code: 'CORE_FAILED', message: 'on purpose' };
const failed = runEnded({ outcome: 'failed', error });

async function told(store: Store): Promise<readonly string[]> {
  const { notices } = store;
  const taken = await notices.take({ now: 99_000_000, leaseMs: 99_000_000, limit: 100 });
  return taken.map(({ what, about }) => `${what} ${about.kind}/${about.id}`).toSorted();
}

function changed(event: string, to: string, at: number): AnyJournalEntry {
  const state = { from: '', to, event, reason: '', hash: '' };
  return entry('change.state', state, { key: `${event}@${at}`, at });
}

export function noticeReasonsSuite(bed: StoreBed): void {
  test.each([
    ['failed', runEnded({ outcome: 'failed', error }), ['run.failed run/r1']],
    ['was backed out', runEnded({ outcome: 'undone', error }), ['run.failed run/r1']],
    ['could not be undone', runEnded({ outcome: 'undo-failed', error }), ['run.failed run/r1']],
    ['was undone because somebody asked', runEnded({ outcome: 'undone' }), []],
    ['was cancelled', runEnded({ outcome: 'cancelled' }), []],
    ['succeeded', runEnded(), []],
    ['was only checked', runEnded({ outcome: 'checked' }), []],
  ] as const)('of a run that %s this is told', async (_how, ended, expected) => {
    const { store } = await bed.newStore();

    await store.journal.append('run/r1', [runCreated(), ended]);

    expect(await told(store)).toEqual(expected);
  });

  test('of a part its whole tells: nothing is told of the run of a run, a change or a backup', async () => {
    const { store } = await bed.newStore();

    for (const [index, parent] of ['r0', 'c1', 'b1'].entries()) {
      await store.journal.append(`run/r${index + 1}`, [runCreated({ number: index + 1, parent })]);
      await store.journal.append(`run/r${index + 1}`, [failed]);
    }

    expect(await told(store)).toEqual([]);
  });

  test('the first run that succeeds after a failure is told, of the same runbook and requester, and only the first', async () => {
    const { store } = await bed.newStore();
    const other = { name: 'other', version: '1.0.0', digest: 'd1', title: 'Other', owner: 'team/web' };
    const runs = [
      { ended: runEnded() },
      { ended: failed },
      { ended: runEnded(), requester: 'user/ben' },
      { ended: runEnded(), definition: other },
      { ended: runEnded({ outcome: 'cancelled' }) },
      { ended: runEnded() },
      { ended: runEnded() },
    ];

    for (const [index, { ended, ...created }] of runs.entries())
      await store.journal.append(`run/r${index + 1}`, [runCreated({ number: index + 1, ...created }), ended]);

    expect(await told(store)).toEqual(['run.failed run/r2', 'run.recovered run/r6']);
  });

  test('a run that succeeds once it was resumed is told again', async () => {
    const { store } = await bed.newStore();

    await store.journal.append('run/r1', [runCreated(), runStarted(false, 1_500), failed]);
    await store.journal.append('run/r1', [runStarted(true, 10_000), runEnded({}, 11_000)]);

    expect(await told(store)).toEqual(['run.failed run/r1', 'run.recovered run/r1']);
  });

  test('of a change its time, its start, its end and its back-out are told, however its entries are cut', async () => {
    const entries = [
      changeOpened(1),
      changeState('assessing'),
      changeScheduled(),
      changed('approve', 'scheduled', 2_000),
      changed('hold', 'held', 2_100),
      changed('release', 'scheduled', 2_200),
      changed('start', 'implementing', 3_000),
      changed('backOut', 'backing-out', 4_000),
      changed('backedOut', 'backed-out', 5_000),
      changed('review', 'reviewing', 5_100),
      changed('close', 'closed', 6_000),
      changeEnded(),
    ];
    const { store: whole } = await bed.newStore();
    const { store: cut } = await bed.newStore();

    await whole.journal.append('run/c1', entries);
    for (const each of entries) await cut.journal.append('run/c1', [each]);

    const expected = ['change.backed-out change/c1', 'change.scheduled change/c1', 'change.started change/c1'];
    expect(await told(whole)).toEqual(expected);
    expect(await told(cut)).toEqual(expected);
  });

  test('that a change could not be taken back is not told as if it had been', async () => {
    const { store } = await bed.newStore();

    await store.journal.append('run/c1', [
      changeOpened(1),
      changeScheduled(),
      changed('backOut', 'backing-out', 4_000),
      changed('fail', 'back-out-failed', 5_000),
    ]);

    expect(await told(store)).toEqual(['change.back-out-failed change/c1']);
  });

  test('R-WIN-3: that a window was extended is told, and not that it was set, or moved before the start', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/c1', [
      changeOpened(1),
      changeScheduled({}, 1_200),
      changeScheduled({ endMs: 250_000 }, 1_300),
      changed('start', 'implementing', 2_000),
    ]);

    await store.journal.append('run/c1', [changeScheduled({ endMs: 250_000 }, 3_000)]);
    const before = await told(store);
    await store.journal.append('run/c1', [changeScheduled({ endMs: 300_000 }, 3_100)]);

    expect(before).toEqual(['change.started change/c1']);
    expect(await told(store)).toEqual(['change.extended change/c1']);
  });

  test('a drill that fails, and an alarm that goes on, are told of a backup plan (R-DRILL-5, R-RPO-2)', async () => {
    const { store } = await bed.newStore();

    await store.journal.append('run/b1', [
      backupFact('backup.verdict', { verdict: 'BLOCKED' }),
      backupFact('backup.verdict', { verdict: 'FAIL' }),
    ]);
    await store.journal.append('run/k1', [
      backupFact('backup.alarm', { active: true }),
      backupFact('backup.alarm', { active: false }),
    ]);

    expect(await told(store)).toEqual(['backup.at-risk backup/k1', 'drill.failed backup/b1']);
  });

  test('locks that a run left behind are told once (D13)', async () => {
    const { store } = await bed.newStore();
    await store.locks.acquire({ runId: 'r1', path: 'a', names: ['x', 'y'], at: 1_000 });

    await store.locks.orphan({ runId: 'r1', at: 2_000 });
    await store.locks.orphan({ runId: 'r1', at: 3_000 });

    expect(await told(store)).toEqual(['lock.orphaned lock/r1']);
  });

  test('folding the journal anew makes no notices: what happened before is no news', async () => {
    const { store, database } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated(), failed]);
    await database.transaction(({ query }) => query.deleteFrom('notices').execute());

    await store.journal.rebuildFolds();

    expect(await told(store)).toEqual([]);
  });
}
