import fc from 'fast-check';

import { canonicalJson } from '../../../workflows/domain/canonical-json';

test.each([
  [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
  [{ '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': 4 }, '{"\\r":2,"1":3,"\u20ac":1,"\ud83d\ude00":4}'],
  [[1e21, 0.000001, -0, 333333333.3333333], '[1e+21,0.000001,0,333333333.3333333]'],
  ['a\0b\ud800', '"a\ufffdb\ufffd"'],
])('canonicalJson() follows RFC 8785 for %j', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test('canonicalJson() does not depend on the order of members', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.integer()), (members) => {
      const reversed = Object.fromEntries(Object.entries(members).reverse());

      expect(canonicalJson(reversed)).toBe(canonicalJson(members));
    }),
  );
});
