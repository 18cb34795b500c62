import fc from 'fast-check';

import { lineDiff } from '../../../client/console/line-diff';

test('lineDiff() tells what went, what came and what stayed', () => {
  expect(lineDiff('a\nb\nc', 'a\nx\nc')).toEqual([
    { sign: ' ', text: 'a' },
    { sign: '-', text: 'b' },
    { sign: '+', text: 'x' },
    { sign: ' ', text: 'c' },
  ]);
});

test('lineDiff() holds both texts whole', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '')).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after);
      const without = (sign: string): string =>
        lines
          .filter((line) => line.sign !== sign)
          .map((line) => line.text)
          .join('\n');

      expect(without('+')).toBe(before);
      expect(without('-')).toBe(after);
    }),
  );
});
