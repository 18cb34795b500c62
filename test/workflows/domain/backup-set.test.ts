import { groupOf, newestFirst, peopleToRelease } from '../../../workflows/domain/backup-set';

test.each([
  ['legal', 2],
  ['permanent', 2],
  ['plain', 1],
] as const)('R-BKP-9: a %s hold is lifted by so many people: %d', (kind, people) => {
  expect(peopleToRelease({ kind })).toBe(people);
});

test('R-BKP-5: a group is a service and its sources, in whatever order they are named', () => {
  const group = groupOf({ service: 'shop', source: ['/srv', '/etc'] });

  expect(groupOf({ service: 'shop', source: ['/etc', '/srv'] })).toBe(group);
  expect(groupOf({ service: 'shop', source: ['/etc'] })).not.toBe(group);
  expect(groupOf({ service: 'wiki', source: ['/etc', '/srv'] })).not.toBe(group);
});

test('newestFirst() puts those of one instant always in the same order', () => {
  const sets = [
    { id: 'a', atMs: 1 },
    { id: 'c', atMs: 2 },
    { id: 'b', atMs: 2 },
  ];

  expect(newestFirst(sets).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  expect(newestFirst(sets.toReversed()).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
});
