import fc from 'fast-check';

import { renderArguments, renderInput, renderValue, secretReferences } from '../../../workflows/domain/render';
import type { Json } from '../../../workflows/domain/json';
import type { Value } from '../../../workflows/domain/value';

const scope = { inputs: { login: 'anna', n: 2, ok: true, none: null, list: ['a', 'b'], dash: '-rf', map: {} } };

function secret(reference: string): string {
  return `<${reference}>`;
}

test.each<[Value, Json]>([
  [{ literal: { a: [1] } }, { a: [1] }],
  [{ expression: 'inputs.list' }, ['a', 'b']],
  [
    { text: ['user ', { expression: 'inputs.login' }, '/', { expression: 'inputs.n' }, { expression: 'inputs.ok' }] },
    'user anna/2true',
  ],
  [{ text: ['Bearer ', { secret: 'vault:a#b' }] }, 'Bearer <vault:a#b>'],
  [{ map: { x: { list: [{ secret: 'env:P' }, { literal: null }] } } }, { x: ['<env:P>', null] }],
])('renderValue() renders %j', (value, rendered) => {
  expect(renderValue(value, scope, secret)).toEqual({ ok: true, value: rendered });
});

test.each(['none', 'list', 'map'])('renderValue() refuses inputs.%s inside text', (name) => {
  expect(renderValue({ text: ['x', { expression: `inputs.${name}` }] }, scope, secret)).toMatchObject({
    ok: false,
    failure: { code: 'EXPRESSION_FAILED' },
  });
});

test('renderArguments() expands a list-valued element into arguments', () => {
  expect(
    renderArguments(
      { list: [{ literal: 'id' }, { expression: 'inputs.list' }, { expression: 'inputs.n' }] },
      scope,
      secret,
    ),
  ).toEqual({
    ok: true,
    value: ['id', 'a', 'b', '2'],
  });
});

test.each<[string, readonly Value[], boolean]>([
  ['an expression alone', [{ literal: 'rm' }, { expression: 'inputs.dash' }], false],
  ['an expression that begins the text', [{ literal: 'rm' }, { text: [{ expression: 'inputs.dash' }, 'x'] }], false],
  ['an expression after a literal --', [{ literal: 'rm' }, { literal: '--' }, { expression: 'inputs.dash' }], true],
  ['an expression inside the text', [{ literal: 'rm' }, { text: ['x', { expression: 'inputs.dash' }] }], true],
  ['a literal option', [{ literal: 'rm' }, { literal: '-r' }], true],
])('renderArguments() lets %s look like an option: %#', (_name, list, ok) => {
  const rendered = renderArguments({ list }, scope, secret);

  expect(rendered.ok).toBe(ok);
  if (!rendered.ok) expect(rendered.failure.code).toBe('ARGUMENT_LOOKS_LIKE_OPTION');
});

test('renderArguments() never lets a computed argument pass for an option', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const rendered = renderArguments(
        { list: [{ literal: 'x' }, { expression: 'inputs.text' }] },
        { inputs: { text } },
        secret,
      );

      expect(rendered.ok).toBe(!text.startsWith('-'));
    }),
  );
});

test('renderInput() encodes interpolated parts of a field with an encoding, and only those', () => {
  const input: Value = {
    map: {
      url: { text: ['https://x/', { expression: 'inputs.path' }] },
      note: { text: ['n ', { expression: 'inputs.path' }] },
    },
  };

  const rendered = renderInput(input, { url: 'uri' }, { scope: { inputs: { path: '../a?b' } }, secrets: secret });

  expect(rendered).toEqual({ ok: true, value: { url: 'https://x/..%2Fa%3Fb', note: 'n ../a?b' } });
});

test('secretReferences() names each reference once', () => {
  expect(
    secretReferences({ map: { a: { secret: 'env:A' }, b: { text: ['x', { secret: 'env:B' }, { secret: 'env:A' }] } } }),
  ).toEqual(['env:A', 'env:B']);
});
