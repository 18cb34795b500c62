import fc from 'fast-check';
import { phasesWithStanding, scheduledBefore, standingOf } from '../../../workflows/domain/change-standing';
import type { TimeClaim } from '../../../workflows/domain/change-standing';
import { changeLifecycle } from '../../../workflows/change/lifecycle';

test('standingOf() knows every phase of the life of a change, and no other', () => {
  expect([...phasesWithStanding].sort()).toEqual([...changeLifecycle.states].sort());
});

test('standingOf() says "over" of exactly the phases that nothing leads out of', () => {
  for (const phase of changeLifecycle.states)
    expect([phase, standingOf(phase) === 'over']).toEqual([phase, changeLifecycle.isFinal(phase)]);
});

function claim(id: string, standing: TimeClaim['standing'], claimedAt: number | null): TimeClaim {
  return { id, standing, claimedAt };
}

test.each([
  ['one that took its place before', claim('c1', 'planned', 1), true],
  ['one that took its place after', claim('c1', 'planned', 3), false],
  ['one of the same instant with a lower id', claim('c1', 'planned', 2), true],
  ['one of the same instant with a higher id', claim('c9', 'planned', 2), false],
  ['one that is under way, whenever it took its place', claim('c9', 'under-way', 9), true],
  ['one that has no place', claim('c1', 'planned', null), false],
  ['a draft', claim('c1', 'idle', 1), false],
  ['one that is over', claim('c1', 'over', 1), false],
  ['the change itself', claim('c5', 'planned', 1), false],
])('scheduledBefore() while planning: %s counts: %s (R-CONF-1)', (_what, other, counts) => {
  expect(scheduledBefore([other], claim('c5', 'planned', 2), false)).toEqual(counts ? [other] : []);
});

test('scheduledBefore() counts every change that has a place for one that has none yet (R-CONF-1)', () => {
  const others = [claim('c1', 'planned', 1), claim('c2', 'planned', 9)];

  expect(scheduledBefore(others, claim('c5', 'idle', null), false)).toEqual(others);
});

test('scheduledBefore() at the start counts only what is under way: the first to hold the lock wins (R-CONF-3)', () => {
  const others = [claim('c1', 'planned', 1), claim('c2', 'under-way', 9)];

  expect(scheduledBefore(others, claim('c5', 'planned', 2), true)).toEqual([claim('c2', 'under-way', 9)]);
});

test('scheduledBefore() never lets two planned changes wait for each other, nor both pass (R-CONF-1)', () => {
  const planned = fc.record({ id: fc.constantFrom('c1', 'c2', 'c3'), claimedAt: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(planned, planned, (left, right) => {
      fc.pre(left.id !== right.id);
      const [one, other] = [claim(left.id, 'planned', left.claimedAt), claim(right.id, 'planned', right.claimedAt)];
      const told = [scheduledBefore([other], one, false), scheduledBefore([one], other, false)];
      expect(told.flat()).toHaveLength(1);
    }),
  );
});
