import { evaluateExpression } from '../../../workflows/domain/expression';

// D12: `||` forgives an error of one side; a limit that was passed is none that may be forgiven, or it would bound nothing.
test.each(['l.all(x, l.all(y, x + y >= 0)) || true', 'size(l.filter(x, l.all(y, x + y >= 0) || true)) > 0'])(
  'a limit that is passed inside "%s" fails the whole expression (D12)',
  (source) => {
    const l = Array.from({ length: 900 }, (_, index) => index);

    expect(evaluateExpression(source, { l })).toMatchObject({ ok: false, failure: { code: 'EXPR_LIMIT' } });
  },
);

// D12: as a double, 5 / 2 would be 2.5, and `%` would have no meaning: integers of JSON are integers of CEL.
test.each([
  ['inputs.n / 2', 2],
  ['inputs.n % 2', 1],
  ['inputs.n + 1', 6],
  ['size(inputs.list) / 2', 1],
  ['inputs.half + 1.0', 1.5],
])('an integer enters as one, and "%s" is %d (D12)', (source, value) => {
  expect(evaluateExpression(source, { inputs: { n: 5, half: 0.5, list: [1, 2, 3] } })).toEqual({ ok: true, value });
});
