import { namesOf, requireJournaled } from '../../client/journaled';
import { useStore } from '../activities/changes/bed';
import { changeOpened } from '../platform/store/change-entries';
import { backupFact } from '../platform/store/backup-entries';
import { runCreated } from '../platform/store/entries';

const store = useStore();

beforeEach(async () => {
  await store().journal.append('run/caaa', [changeOpened(12)]);
  await store().journal.append('run/raaa', [runCreated({ number: 12 })]);
  await store().journal.append('run/baaa', [backupFact('backup.opened')]);
  await store().journal.append('run/kaaa', [backupFact('backup.kept')]);
});

test.each([
  ['CHG-12', { id: 'caaa', name: 'change-12' }],
  ['caaa', { id: 'caaa', name: 'change-12' }],
  // A bare number is that of a run, as everywhere.
  ['12', { id: 'raaa', name: 'run-12' }],
  ['raaa', { id: 'raaa', name: 'run-12' }],
  ['baaa', { id: 'baaa', name: 'backup-baaa' }],
  ['ba', { id: 'baaa', name: 'backup-baaa' }],
  ['kaaa', { id: 'kaaa', name: 'keeper-kaaa' }],
])('requireJournaled() of %s', async (reference, found) => {
  expect(await requireJournaled(store(), reference)).toEqual(found);
});

test.each([
  ['CHG-13', 'CHANGE_NOT_FOUND'],
  ['13', 'RUN_NOT_FOUND'],
  ['bbbb', 'BACKUP_OPERATION_NOT_FOUND'],
  ['kbbb', 'RUN_NOT_FOUND'],
])('requireJournaled() of %s, which nobody knows, is refused', async (reference, code) => {
  await expect(requireJournaled(store(), reference)).rejects.toMatchObject({ code });
});

test('namesOf() names everything as people call it, and leaves out what nobody knows', async () => {
  const names = await namesOf(store(), ['caaa', 'raaa', 'rzzz', 'caaa', 'baaa', 'bzzz', 'kaaa', 'kzzz']);

  expect(names).toEqual({ caaa: 'CHG-12', raaa: 'run 12', baaa: 'backup of shop', kaaa: 'backups of shop' });
});
