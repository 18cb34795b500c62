import { storable, toJson } from '../../../platform/store/json';

describe('toJson()', () => {
  test.each([[null], [true], [0], ['text'], [[]], [{}], [{ a: [1, { b: null }] }]])('passes %j', (value) => {
    expect(toJson(value)).toBe(value);
  });

  test.each([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['an infinite number', [Infinity]],
    ['a date', { at: new Date(0) }],
    ['a function', [{ run: () => 1 }]],
    ['a big integer', { n: 1n }],
    ['undefined in a list', [undefined]],
  ])('refuses %s', (_, value) => {
    expect(() => toJson(value)).toThrow(expect.objectContaining({ code: 'PAYLOAD_NOT_JSON' }));
  });
});

describe('storable()', () => {
  test.each([
    ['plain ü 😀', 'plain ü 😀'],
    ['nul\0', 'nul\ufffd'],
    ['lone \ud800 high, lone \udc00 low', 'lone \ufffd high, lone \ufffd low'],
  ])('makes %j storable (D4)', (text, expected) => {
    expect(storable(text)).toBe(expected);
  });
});
