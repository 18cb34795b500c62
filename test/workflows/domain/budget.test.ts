import fc from 'fast-check';

import { failureLimit, failuresLeft, isExceeded, nextGroupSize } from '../../../workflows/domain/budget';
import type { Budget } from '../../../workflows/domain/budget';

test.each([
  [0, 0, false],
  [0, 1, true],
  [2, 2, false],
  [2, 3, true],
])('R-ROLL-2: with maxFailures %d, %d failures exceed it: %s', (limit, failures, exceeded) => {
  expect(isExceeded({ limit, parallel: 5, strict: false }, failures)).toBe(exceeded);
});

test('a percentage of failures is rounded down', () => {
  expect([failureLimit({ percent: 10 }, 19), failureLimit({ percent: 10 }, 20), failureLimit({ count: 3 }, 5)]).toEqual(
    [1, 2, 3],
  );
});

test('R-ROLL-2: with strict, failures and hosts in flight never exceed n + 1, in any order of failures', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 10 }),
      fc.array(fc.boolean(), { maxLength: 40 }),
      (limit, parallel, fails) => {
        const budget: Budget = { limit, parallel, strict: true };
        let failures = 0;
        let next = 0;
        for (
          let size = nextGroupSize(budget, failures, fails.length - next);
          size > 0;
          size = nextGroupSize(budget, failures, fails.length - next)
        ) {
          expect(failures + size).toBeLessThanOrEqual(limit + 1);
          expect(size).toBeLessThanOrEqual(parallel);
          failures += fails.slice(next, next + size).filter(Boolean).length;
          next += size;
        }
        expect(failures).toBeLessThanOrEqual(limit + 1);
        if (failures <= limit) expect(next).toBe(fails.length);
      },
    ),
  );
});

test('failuresLeft() says after how many further failures nothing more starts', () => {
  expect([failuresLeft(0, 0), failuresLeft(2, 1), failuresLeft(2, 3)]).toEqual([1, 2, 0]);
});
