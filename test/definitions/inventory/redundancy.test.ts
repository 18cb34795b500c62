import fc from 'fast-check';

import { redundancyGroups, seatsOf } from '../../../definitions/inventory/redundancy';
import type { Redundancy } from '../../../definitions/kinds/inventory';

function limitOf(redundancy: Omit<Redundancy, 'members'>, members: number): number | undefined {
  const hosts = Array.from({ length: members }, (_, index) => `h${index}`);
  const known = { hosts: new Set(hosts), groups: { web: hosts } };
  return redundancyGroups({ r: { members: 'web', ...redundancy } }, known)['r']?.limit;
}

// R-ROLL-1: a percentage is rounded down, and the last healthy replica is never taken.
test.each<[string, Omit<Redundancy, 'members'>, number, number | undefined]>([
  ['a count', { maxOut: 2 }, 5, 2],
  ['a count above the members', { maxOut: 9 }, 5, 4],
  ['a percentage', { maxOut: '50%' }, 5, 2],
  ['a percentage of few, which is not none', { maxOut: '25%' }, 3, 1],
  ['all of them', { maxOut: '100%' }, 5, 4],
  ['a single one', { maxOut: 1 }, 1, 0],
  ['a single one that may go', { maxOut: 1, takeLast: true }, 1, 1],
  ['none on purpose', { maxOut: 0 }, 5, 0],
  ['a group without any host', { maxOut: 1 }, 0, undefined],
])('the limit of %s (R-ROLL-1)', (_, redundancy, members, limit) => {
  expect(limitOf(redundancy, members)).toBe(limit);
});

test('one always stays in service, whatever is declared (R-ROLL-1)', () => {
  const maxOut = fc.oneof(
    fc.nat(200),
    fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
  );
  fc.assert(
    fc.property(maxOut, fc.integer({ min: 1, max: 200 }), (most, members) => {
      expect(limitOf({ maxOut: most }, members)).toBeLessThan(members);
    }),
  );
});

test('seatsOf() names the groups of just these hosts, and their limits', () => {
  const groups = redundancyGroups(
    {
      web: { members: 'web', maxOut: 1 },
      rack: { members: ['a', 'c', 'gone'], maxOut: 1 },
      db: { members: ['d', 'e'], maxOut: 1 },
    },
    { hosts: new Set(['a', 'b', 'c', 'd', 'e']), groups: { web: ['a', 'b'] } },
  );

  const { groupsOf, limits } = seatsOf(['a', 'b', 'x'], groups);

  expect([...groupsOf]).toEqual([
    ['a', ['rack', 'web']],
    ['b', ['web']],
  ]);
  expect(limits).toEqual({ rack: 1, web: 1 });
});
