import fc from 'fast-check';

import { encodePart } from '../../../workflows/domain/encoding';
import type { Encoding } from '../../../workflows/domain/encoding';

test.each<[Encoding, string, string]>([
  ['uri', '../a?b=c#d/é', '..%2Fa%3Fb%3Dc%23d%2F%C3%A9'],
  ['uri', "it's(1)*", 'it%27s%281%29%2A'],
  ['ldap-dn', 'Smith, John+x="y"', String.raw`Smith\, John\+x\=\"y\"`],
  ['ldap-dn', ' #lead ', String.raw`\ #lead\ `],
  ['ldap-filter', 'a*(b)\\c\0', String.raw`a\2a\28b\29\5cc\00`],
  ['sql-value', "O'Brien", "O''Brien"],
])('encodePart() keeps a part of %s in its place: %s', (encoding, text, encoded) => {
  expect(encodePart(encoding, text)).toBe(encoded);
});

test('encodePart() never lets a part end a path segment or a filter', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(encodePart('uri', text)).not.toMatch(/[/?#&=:@]/);
      expect(encodePart('ldap-filter', text)).not.toMatch(/[*()\0]/);
    }),
  );
});
