import fc from 'fast-check';

import { percentOf, wavesOf } from '../../../workflows/domain/waves';
import type { CumulativeSize } from '../../../workflows/domain/waves';

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
