import { namesOf, requireJournaled } from '../../client/journaled';
import { useStore } from '../activities/changes/bed';
import { changeOpened } from '../platform/store/change-entries';
import { runCreated } from '../platform/store/entries';

const store = useStore();

beforeEach(async () => {
  await store().journal.append('run/caaa', [changeOpened(12)]);
  await store().journal.append('run/raaa', [runCreated({ number: 12 })]);
});

test.each([
  ['CHG-12', { id: 'caaa', kind: 'change', number: 12 }],
  ['caaa', { id: 'caaa', kind: 'change', number: 12 }],
  // A bare number is that of a run, as everywhere.
  ['12', { id: 'raaa', kind: 'run', number: 12 }],
  ['raaa', { id: 'raaa', kind: 'run', number: 12 }],
])('requireJournaled() of %s', async (reference, found) => {
  expect(await requireJournaled(store(), reference)).toEqual(found);
});

test.each([
  ['CHG-13', 'CHANGE_NOT_FOUND'],
  ['13', 'RUN_NOT_FOUND'],
])('requireJournaled() of %s, which nobody knows, is refused', async (reference, code) => {
  await expect(requireJournaled(store(), reference)).rejects.toMatchObject({ code });
});

test('namesOf() names runs and changes as people call them, and leaves out what nobody knows', async () => {
  expect(await namesOf(store(), ['caaa', 'raaa', 'rzzz', 'caaa'])).toEqual({ caaa: 'CHG-12', raaa: 'run 12' });
});
