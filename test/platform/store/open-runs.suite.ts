import { readOpenRuns } from '../../../platform/store/open-runs';
import { createStore } from '../../../platform/store/open';
import { migrate } from '../../../platform/store/migrate';
import { backupFact } from './backup-entries';
import type { StoreBed } from './dialects';
import { changeOpened, changeState } from './change-entries';
import { runCreated, runEnded, runStarted } from './entries';

export function openRunsSuite(bed: StoreBed): void {
  test('readOpenRuns() counts what has not ended, and names the oldest', async () => {
    const place = await bed.newPlace();
    const database = bed.open(place);
    await migrate(database);
    const store = createStore(database);
    for (let index = 1; index <= 13; index += 1)
      await store.journal.append(`run/r${index}`, [runCreated({ number: index })]);
    await store.journal.append('run/r1', [runStarted(false, 2_000), runEnded()]);

    const open = await readOpenRuns(place);

    expect(open.count).toBe(12);
    expect(open.first.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(open.first[0]).toMatchObject({ id: 'r2', state: 'pending' });
  });

  test('readOpenRuns() counts changes that are not over: their executions would be lost too', async () => {
    const place = await bed.newPlace();
    const database = bed.open(place);
    await migrate(database);
    const { journal } = createStore(database);
    await journal.append('run/c1', [changeOpened(1), changeState('authorising')]);
    await journal.append('run/c2', [changeOpened(2), changeState('closed')]);

    expect(await readOpenRuns(place)).toEqual({
      count: 1,
      first: [{ id: 'CHG-1', number: null, definition: 'change', state: 'authorising' }],
    });
  });

  test('readOpenRuns() counts backup operations that have not ended, and no keeper: those never end', async () => {
    const place = await bed.newPlace();
    const database = bed.open(place);
    await migrate(database);
    const { journal } = createStore(database);
    await journal.append('run/k1', [backupFact('backup.kept')]);
    await journal.append('run/b1', [backupFact('backup.opened', { kind: 'drill' })]);
    await journal.append('run/b2', [backupFact('backup.opened'), backupFact('backup.ended')]);

    expect(await readOpenRuns(place)).toEqual({
      count: 1,
      first: [{ id: 'b1', number: null, definition: 'drill of shop', state: 'running' }],
    });
  });

  // An older version must be able to go on with its store after a newer one has looked and refused.
  test.each([0, 1, 2])('readOpenRuns() leaves a store at version %i as it is', async (version) => {
    const place = await bed.newPlace();
    const database = bed.open(place);
    if (version > 0) await migrate(database, version);
    const before = await database.query.introspection.getTables();

    expect(await readOpenRuns(place)).toEqual({ count: 0, first: [] });

    expect((await database.query.introspection.getTables()).map(({ name }) => name)).toEqual(
      before.map(({ name }) => name),
    );
  });
}
