import { flawOf } from '../../../client/api/flaw';

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

test.each([
  ['a text', 'hello', null],
  ['nothing', undefined, null],
  ['a document', { steps: [{ run: 'a\nb' }] }, null],
  ['500 levels', nested(500), null],
  ['a NUL in a text', { a: ['b\u0000'] }, 'a text in it holds a NUL character'],
  ['a NUL in a name', { 'a\u0000': 1 }, 'a name in it holds a NUL character'],
  ['501 levels', nested(501), 'it is nested deeper than 500 levels'],
  ['100,000 levels', nested(100_000), 'it is nested deeper than 500 levels'],
])('flawOf() of %s', (_what, value, flaw) => {
  expect(flawOf(value)).toBe(flaw);
});
