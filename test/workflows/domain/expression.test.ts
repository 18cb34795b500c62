import fc from 'fast-check';

import { checkExpression, evaluateExpression } from '../../../workflows/domain/expression';
import { unavailable } from '../../../workflows/domain/expression-functions';
import type { Json } from '../../../workflows/domain/json';

const scope = {
  inputs: { n: 3, version: '1.24.0', empty: '', ratio: 0.5 },
  host: { name: 'web1', labels: { role: 'web', absent: null }, vars: { weight: 2 } },
  result: { status: 200, samples: [1, 2.5] },
  steps: { before: { stdout: '{"a": 1}', exitCode: 0 }, long: { stdout: unavailable('OUTPUT_TRUNCATED') } },
  index: 0,
};

test.each<[string, Json]>([
  ['inputs.n + 1', 4],
  ['index + 1', 1],
  ['result.status == 200', true],
  ['inputs.n * 1.5', 4.5],
  ['inputs.ratio * 4', 2],
  ['7 / 2', 3],
  ['7.0 / 2', 3.5],
  ['1 == 1.0', true],
  ['size(result.samples)', 2],
  ['host.labels.role == "web"', true],
  ['"nginx " + inputs.version', 'nginx 1.24.0'],
  ['result.samples.map(x, x * 2.0)', [2, 5]],
  ['inputs.n > 2 ? "many" : 0', 'many'],
  ['json(steps.before.stdout).a', 1],
  ['toJson({"b": [1, 2.5, null], "a": result.samples})', '{"a":[1,2.5],"b":[1,2.5,null]}'],
  ["lines('a\\nb\\n')", ['a', 'b']],
  ['default(host.labels.absent, "none")', 'none'],
  ['default(result.body.deep, 7)', 7],
  ['unique([1, 1, 2.5, "a", "a"])', [1, 2.5, 'a']],
  ['sum(result.samples)', 3.5],
  ['sum([1, 2])', 3],
  ['join([1, "b"], ",")', '1,b'],
  ['toInt(" 12 ")', 12],
  ['toDouble("1.5")', 1.5],
  ['int(2.7)', 2],
  ['duration("PT5M") > duration("10s")', true],
  ['duration("5m")', 'PT5M'],
  ['timestamp("2026-01-01T00:00:00Z") + duration("PT1H")', '2026-01-01T01:00:00.000Z'],
  ['has(result.body)', false],
  ['has(host.labels.absent)', false],
])('evaluateExpression() answers %s', (source, value) => {
  expect(evaluateExpression(source, scope)).toEqual({ ok: true, value });
});

test.each([
  'host.labels.other',
  'host.vars.other',
  'steps.notReached.stdout',
  'steps.before.result.body.deep',
  'host.labels.absent',
])('evaluateExpression() gives null for %s: what is absent, and what is selected from null', (source) => {
  expect(evaluateExpression(source, scope)).toEqual({ ok: true, value: null });
});

test.each<[string, string]>([
  ['result.statsu', 'EXPRESSION_FAILED'],
  ['nobody.name', 'EXPRESSION_FAILED'],
  ['result.samples[9]', 'EXPRESSION_FAILED'],
  ['host.labels.absent > 3', 'EXPRESSION_FAILED'],
  ['1 / 0', 'EXPRESSION_FAILED'],
  ['1.0 / 0.0', 'EXPRESSION_FAILED'],
  ['toInt("")', 'EXPRESSION_FAILED'],
  ['toInt("1.5")', 'EXPRESSION_FAILED'],
  ['json("{")', 'EXPRESSION_FAILED'],
  ['1 +', 'EXPRESSION_FAILED'],
  ['steps.long.stdout == ""', 'OUTPUT_TRUNCATED'],
  // D12: BigInt leaves as a safe number or not at all.
  ['9007199254740991 + 1', 'EXPR_INT_RANGE'],
])('evaluateExpression() fails for %s with %s, never false', (source, code) => {
  expect(evaluateExpression(source, scope)).toMatchObject({ ok: false, failure: { code } });
});

// D12: what could take long, or differs between machines, is refused where it is written.
test.each<[string, string]>([
  ['"aaaa".matches("^(a+)+$")', 'EXPRESSION_REFUSED'],
  ['timestamp("2026-01-01T00:00:00Z").getHours("Europe/Berlin")', 'EXPRESSION_REFUSED'],
  ['timestamp("2026-01-01T00:00:00Z").getDayOfYear()', 'EXPRESSION_REFUSED'],
  ['int("")', 'EXPRESSION_REFUSED'],
  ['double("1")', 'EXPRESSION_REFUSED'],
  ['cel.bind(x, 1, x)', 'EXPRESSION_REFUSED'],
  ['ms_get(inputs, "n")', 'EXPRESSION_REFUSED'],
  ['[1].map(a, [1].map(b, [1].map(c, c)))', 'EXPR_LIMIT'],
  ['1' + '+1'.repeat(2100), 'EXPR_LIMIT'],
  ['('.repeat(300) + '1' + ')'.repeat(300), 'EXPR_LIMIT'],
  [`[${Array.from({ length: 1001 }, () => '1').join(',')}]`, 'EXPR_LIMIT'],
  ['inputs.n +', 'EXPRESSION_INVALID'],
  ['inputs.n + "a"', 'EXPRESSION_TYPE'],
  ['inputs.m', 'UNKNOWN_NAME'],
  ['input.n', 'UNKNOWN_NAME'],
])('checkExpression() refuses %s with %s', (source, code) => {
  const checked = checkExpression(source, { inputs: { n: 'int' } });

  expect(checked).toMatchObject({ ok: false, problem: { code } });
});

test('checkExpression() knows variables of loops', () => {
  expect(checkExpression('inputs.list.filter(x, x > inputs.n)', { inputs: { n: 'int', list: 'list' } })).toMatchObject({
    ok: true,
    type: 'list',
  });
});

test.each<[string, number, boolean]>([
  ['l.exists(x, x < 0)', 10_000, true],
  ['l.exists(x, x < 0)', 10_001, false],
  ['[1].exists(y, l.exists(x, x < 0))', 1000, true],
  ['[1].exists(y, l.exists(x, x < 0))', 1001, false],
  // D12: three nested `all` over 500 items hit the isolate's five seconds; two over 600 pass the count of steps.
  ['l.all(x, l.all(y, x + y >= 0))', 600, false],
  ['l.exists(x, l.exists(y, x + y < 0) || true) || true', 600, true],
])('evaluateExpression() bounds %s over %d items', (source, length, ok) => {
  const l = Array.from({ length }, (_, index) => index);

  const evaluated = evaluateExpression(source, { l });

  expect(evaluated.ok).toBe(ok);
  if (!evaluated.ok) expect(evaluated.failure.code).toBe('EXPR_LIMIT');
});

test('evaluateExpression() does not reach prototypes', () => {
  for (const source of ['host.__proto__', 'host.constructor', 'host.toString', 'inputs["__proto__"]']) {
    expect(evaluateExpression(source, scope)).toEqual({ ok: true, value: null });
  }
});

test('evaluateExpression() never throws, whatever the text', () => {
  const token = fc.constantFrom(
    'inputs',
    '.',
    'n',
    '(',
    ')',
    '[',
    ']',
    '1',
    '"a"',
    '+',
    '==',
    '&&',
    'has',
    'map',
    ',',
    'x',
    '?',
    ':',
    '{',
    '}',
    '-',
  );

  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      const evaluated = evaluateExpression(tokens.join(''), scope);

      expect(typeof evaluated.ok).toBe('boolean');
    }),
    { numRuns: 500 },
  );
});

test('evaluateExpression() keeps any JSON that passes through it', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('a', 'b', 'c'),
        fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), fc.boolean()),
      ),
      (members) => {
        expect(evaluateExpression('[result]', { result: members })).toEqual({ ok: true, value: [members] });
      },
    ),
  );
});
