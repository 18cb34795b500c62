import { isExplosive, matchesInTime } from '../../definitions/pattern';

test.each<[string, string, boolean | null]>([
  ['1.24.0', '^[0-9.]+$', true],
  ['one', '^[0-9.]+$', false],
  ['ä', '^\\p{L}$', true],
  ['x', '[', false],
  [`${'a'.repeat(40)}!`, '^(a+)+$', null],
])('matchesInTime() answers %s against %s with %s', (text, pattern, expected) => {
  expect(matchesInTime(text, pattern)).toBe(expected);
});

test.each([
  ['^(a+)+$', true],
  ['^([a-z]*)*$', true],
  ['^(x|xx)+$', true],
  ['^[0-9][0-9A-Za-z.+~-]*$', false],
  ['^([a-z0-9]+\\.)+[a-z]+$', false],
  ['^[0-9]{1,3}(\\.[0-9]{1,3}){3}$', false],
])('isExplosive() takes %s for %s', (pattern, expected) => {
  expect(isExplosive(pattern)).toBe(expected);
});
