import fc from 'fast-check';

import { parseTemplate, standsAlone } from '../../../workflows/domain/template';

test.each([
  ['plain', [{ text: 'plain' }]],
  ['', [{ text: '' }]],
  ['${{ inputs.a }}', [{ expression: 'inputs.a', offset: 4 }]],
  ['a ${{ x }} b', [{ text: 'a ' }, { expression: 'x', offset: 6 }, { text: ' b' }]],
  ['${{ {"a": {"b": 1}} }}', [{ expression: '{"a": {"b": 1}}', offset: 4 }]],
  ["${{ '}}' }}", [{ expression: "'}}'", offset: 4 }]],
  ['$${{ x }}', [{ text: '${{ x }}' }]],
  ['$${{ ${{ x }}', [{ text: '${{ ' }, { expression: 'x', offset: 9 }]],
  ['${Version} $HOME', [{ text: '${Version} $HOME' }]],
])('parseTemplate() takes %s apart', (text, parts) => {
  expect(parseTemplate(text)).toEqual({ ok: true, parts });
});

test.each(['${{ x', '${{ }}', "${{ 'a }}"])('parseTemplate() refuses %s', (text) => {
  expect(parseTemplate(text).ok).toBe(false);
});

test('standsAlone() is true only where the whole value is one expression', () => {
  expect([' ${{ a }} ', 'x ${{ a }}', '${{ a }}${{ b }}', 'a'].map(standsAlone)).toEqual([true, false, false, false]);
});

test('parseTemplate() never fails on any text, and keeps every text without an opening', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', "'", '"', '\\', 'a', ' ') }), (text) => {
      const parsed = parseTemplate(text);

      if (!text.includes('${{')) expect(parsed).toEqual({ ok: true, parts: [{ text }] });
    }),
  );
});
