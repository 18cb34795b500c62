import fc from 'fast-check';

import { defaultWaves, percentOf, plannedWaves, wavesOf } from '../../../workflows/domain/waves';
import type { CumulativeSize, FailureDomain } from '../../../workflows/domain/waves';

const all = { percent: 100 };

test.each<[string, number, readonly CumulativeSize[], readonly number[]]>([
  ['the ruling of R-ROLL-1', 6, [{ count: 1 }, { percent: 25 }, all], [1, 2, 6]],
  [
    'a percentage that rounds down to what is done takes one host more',
    10,
    [{ count: 3 }, { percent: 30 }, all],
    [3, 4, 10],
  ],
  ['waves after the last host are dropped', 2, [{ count: 1 }, { percent: 50 }, { percent: 75 }, all], [1, 2]],
  ['one wave', 5, [all], [5]],
  ['a count above the number of hosts', 3, [{ count: 10 }, all], [3]],
  ['no hosts', 0, [{ count: 1 }, all], []],
  ['a list that ends too early reaches everybody with its last wave', 10, [{ count: 1 }, { percent: 50 }], [1, 10]],
])('R-ROLL-1: wavesOf() cuts %s', (_name, total, sizes, ends) => {
  expect(wavesOf(total, sizes).map(({ end }) => end)).toEqual(ends);
});

test.each([
  [1000, 33.3, 333],
  [7, 14.285, 0],
  [10_000, 0.01, 1],
  [3, 99.999, 2],
])('percentOf(%d, %d) is exactly %d', (total, percent, expected) => {
  expect(percentOf(total, percent)).toBe(expected);
});

test('R-ROLL-1: waves follow one another without a gap, each with at least one host, and reach everybody', () => {
  const size = fc.oneof(
    fc.record({ count: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.array(size, { maxLength: 6 }), (total, sizes) => {
      const waves = wavesOf(total, [...sizes, all]);

      expect(waves.map(({ index }) => index)).toEqual(waves.map((_, at) => at + 1));
      expect(waves.every(({ start, end }, at) => end > start && start === (waves[at - 1]?.end ?? 0))).toBe(true);
      expect(waves.at(-1)?.end).toBe(total);
    }),
  );
});

test.each<[number, readonly number[]]>([
  [1, [1]],
  [6, [1, 2, 3, 4, 6]],
  [40, [1, 4, 10, 20, 40]],
  [1000, [10, 100, 250, 500, 1000]],
])('R-ROLL-1: by default %d hosts begin with a canary of one host or one percent', (total, ends) => {
  expect(wavesOf(total, defaultWaves).map(({ end }) => end)).toEqual(ends);
});

const domains: readonly FailureDomain[] = [
  { name: 'north', end: 3 },
  { name: 'south', end: 5 },
  { name: 'west', end: 6 },
];

test('R-ROLL-1: a wave that would mix failure domains runs as sub-waves with numbers of their own', () => {
  expect(plannedWaves({ waves: [{ count: 1 }, all], domains }, 6)).toEqual([
    { index: 1, start: 0, end: 1, domain: 'north' },
    { index: 2, start: 1, end: 3, domain: 'north' },
    { index: 3, start: 3, end: 5, domain: 'south' },
    { index: 4, start: 5, end: 6, domain: 'west' },
  ]);
});

test('R-ROLL-1: narrowed targets stay in the domains that they are in', () => {
  // Of six hosts the second, the fifth and the sixth are left.
  const waves = plannedWaves({ waves: [all], domains }, 3, [1, 4, 5]);

  expect(waves.map(({ start, end, domain }) => [start, end, domain])).toEqual([
    [0, 1, 'north'],
    [1, 2, 'south'],
    [2, 3, 'west'],
  ]);
});

test('R-ROLL-1: no wave ever mixes failure domains, and every wave of the author ends with one', () => {
  const sizes = fc.array(
    fc.integer({ min: 1, max: 99 }).map((percent) => ({ percent })),
    { maxLength: 5 },
  );
  const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lengths, sizes, (counts, waves) => {
      const ends = counts.map((_, at) => counts.slice(0, at + 1).reduce((sum, count) => sum + count, 0));
      const named = ends.map((end, at) => ({ name: `d${at}`, end }));
      const total = ends.at(-1) ?? 0;
      const cut = plannedWaves({ waves: [...waves, all], domains: named }, total);

      const domainAt = (position: number): string => named.find(({ end }) => position < end)?.name ?? '';
      expect(cut.every(({ start, end, domain }) => domainAt(start) === domain && domainAt(end - 1) === domain)).toBe(
        true,
      );
      expect(cut.every(({ start, index }, at) => start === (cut[at - 1]?.end ?? 0) && index === at + 1)).toBe(true);
      const ended = cut.map(({ end }) => end);
      for (const { end } of wavesOf(total, [...waves, all])) expect(ended).toContain(end);
    }),
  );
});
