import { filled } from '../../../workflows/domain/filled';
import type { Json } from '../../../workflows/domain/json';

const scope = { body: { n: 7, text: 'x', list: [1, 2], none: null }, id: 'msg_1' };

test.each<[Json, Json]>([
  ['plain', 'plain'],
  [true, true],
  [null, null],
  // An expression that is the whole value keeps its type, also with space around it.
  [' ${{ body.n }} ', 7],
  ['${{ body.list }}', [1, 2]],
  ['v${{ body.n }}-${{ id }}', 'v7-msg_1'],
  ['$${{ literally }}', '${{ literally }}'],
  [
    ['${{ body.n }}', { deep: 'a ${{ body.text }}' }],
    [7, { deep: 'a x' }],
  ],
])('filled() of %j is %j', (value, expected) => {
  expect(filled(value, scope)).toEqual({ ok: true, value: expected });
});

test.each<[string, Json]>([
  ['what is not there', '${{ body.missing }}'],
  ['what does not fit into a text', 'a ${{ body.list }}'],
  ['an expression that is not closed', '${{ body.n'],
  ['one of many that fails', { good: 'x', list: ['${{ nobody }}'] }],
])('filled() tells of %s', (_what, value) => {
  expect(filled(value, scope)).toMatchObject({ ok: false, failure: { code: expect.any(String) } });
});

test('filled() takes a key for a key, whatever it is called', () => {
  const value: Json = JSON.parse('{"__proto__": {"n": "${{ body.n }}"}}');

  expect(JSON.stringify(filled(value, scope))).toBe('{"ok":true,"value":{"__proto__":{"n":7}}}');
});
