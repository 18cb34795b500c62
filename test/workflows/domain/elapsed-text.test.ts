import { elapsedText } from '../../../workflows/domain/elapsed-text';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [4_000, '4 s'],
  [80_000, '1 min 20 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [3_605_000, '1 h'],
  [273_600_000, '3 d 4 h'],
  [-4_000, '-4 s'],
])('elapsedText() tells %d ms as "%s"', (ms, text) => {
  expect(elapsedText(ms)).toBe(text);
});
