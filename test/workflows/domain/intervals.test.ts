import fc from 'fast-check';

import {
  contains,
  intersect,
  nextFreeSlot,
  normalise,
  overlaps,
  subtract,
  totalMs,
  union,
} from '../../../workflows/domain/intervals';
import type { Interval } from '../../../workflows/domain/intervals';

const worldEndMs = 40;
const instants = Array.from({ length: worldEndMs }, (_, ms) => ms);

const stretch = fc
  .tuple(fc.integer({ min: 0, max: worldEndMs }), fc.integer({ min: 0, max: worldEndMs }))
  .map(([startMs, endMs]): Interval => ({ startMs, endMs }));
const list = fc.array(stretch, { maxLength: 8 });

/** The reference: a list is the set of the milliseconds that it has. */
function has(intervals: readonly Interval[], ms: number): boolean {
  return intervals.some(({ startMs, endMs }) => startMs <= ms && ms < endMs);
}

function from(startMs: number, endMs: number): Interval {
  return { startMs, endMs };
}

test.each<[string, readonly Interval[], readonly Interval[]]>([
  ['nothing', [], []],
  ['an empty and a reversed stretch', [from(3, 3), from(9, 4)], []],
  ['R-TIME-5: a day that ends at 24:00 and the next one', [from(24, 48), from(0, 24)], [from(0, 48)]],
  ['stretches apart', [from(5, 6), from(1, 2)], [from(1, 2), from(5, 6)]],
  ['one inside another', [from(0, 9), from(2, 3)], [from(0, 9)]],
])('normalise() of %s', (_name, intervals, expected) => {
  expect(normalise(intervals)).toEqual(expected);
});

test('normalise() leaves nothing else that a stretch carries', () => {
  const holiday = { ...from(0, 1), title: 'Christmas' };

  expect(normalise([holiday])).toEqual([from(0, 1)]);
});

test('the algebra agrees with sets of milliseconds, and answers sorted stretches apart from one another', () => {
  fc.assert(
    fc.property(list, list, (left, right) => {
      const results: readonly [readonly Interval[], (ms: number) => boolean][] = [
        [normalise(left), (ms) => has(left, ms)],
        [union(left, right), (ms) => has(left, ms) || has(right, ms)],
        [intersect(left, right), (ms) => has(left, ms) && has(right, ms)],
        [subtract(left, right), (ms) => has(left, ms) && !has(right, ms)],
      ];

      for (const [result, inReference] of results) {
        expect(instants.filter((ms) => has(result, ms))).toEqual(instants.filter(inReference));
        expect(
          result.every(({ startMs, endMs }, at) => startMs < endMs && startMs > (result[at - 1]?.endMs ?? -1)),
        ).toBe(true);
        expect(totalMs(result)).toBe(instants.filter(inReference).length);
      }
    }),
  );
});

test('overlaps() and contains() agree with sets of milliseconds', () => {
  fc.assert(
    fc.property(stretch, stretch, list, (left, right, intervals) => {
      const wanted = instants.filter((ms) => has([right], ms));

      expect(overlaps(left, right)).toBe(wanted.some((ms) => has([left], ms)));
      expect(overlaps(left, right)).toBe(overlaps(right, left));
      expect(contains(intervals, right)).toBe(wanted.every((ms) => has(intervals, ms)));
    }),
  );
});

test('overlaps() is half-open: what ends when the other starts does not touch it', () => {
  expect([overlaps(from(0, 5), from(5, 9)), overlaps(from(0, 6), from(5, 9))]).toEqual([false, true]);
});

test('nextFreeSlot() never overlaps what is busy, lies in the range, and is the earliest', () => {
  fc.assert(
    fc.property(list, stretch, fc.integer({ min: -1, max: 20 }), (busy, range, lengthMs) => {
      const free = (startMs: number): boolean =>
        startMs >= range.startMs &&
        startMs + lengthMs <= range.endMs &&
        !instants.some((ms) => ms >= startMs && ms < startMs + lengthMs && has(busy, ms));
      const earliestMs = lengthMs > 0 ? instants.find(free) : undefined;

      expect(nextFreeSlot(busy, range, lengthMs)).toEqual(
        earliestMs === undefined ? null : { startMs: earliestMs, endMs: earliestMs + lengthMs },
      );
    }),
  );
});

test.each<[string, readonly string[]]>([
  ['across the end of summer time', ['2024-10-29T05:00Z', '2024-11-05T06:00Z', '2024-11-12T06:00Z']],
  ['across its beginning', ['2025-03-04T06:00Z', '2025-03-11T05:00Z', '2025-03-18T05:00Z']],
])('R-TIME-2: weekly shifts %s have no gap and no overlap between them', (_name, seams) => {
  const instantsOfSeams = seams.map((seam) => Date.parse(seam));
  const shifts = instantsOfSeams.slice(1).map((endMs, at) => from(instantsOfSeams[at] ?? 0, endMs));
  const [first, last] = [instantsOfSeams[0] ?? 0, instantsOfSeams.at(-1) ?? 0];

  expect(normalise(shifts)).toEqual([from(first, last)]);
  expect(shifts.some((shift, at) => shifts.slice(at + 1).some((other) => overlaps(shift, other)))).toBe(false);
});
