import type { Declared } from '../../../../client/console/form/form-model';
import { controlOf, initialTexts, isRequired, readForm } from '../../../../client/console/form/form-model';

const declared: Declared = {
  version: { type: 'string', pattern: '^[0-9]+$' },
  count: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
  mode: { type: 'string', enum: ['fast', 'safe'], default: 'safe' },
  dryRun: { type: 'boolean', default: true },
  hosts: { type: 'array', items: { type: 'string' }, required: false },
  limits: { type: 'object', required: false },
  at: { type: 'datetime', required: false },
  token: { type: 'secret', required: false },
};

test('initialTexts() starts from the defaults, and from what the address gives', () => {
  expect(initialTexts(declared, { version: '7' })).toEqual({
    version: '7',
    count: '3',
    mode: 'safe',
    dryRun: 'true',
    hosts: '',
    limits: '',
    at: '',
    token: '',
  });
});

test('readForm() sends what was typed, and nothing for what was left empty', () => {
  const read = readForm(declared, {
    ...initialTexts(declared),
    version: '12',
    hosts: 'web1\n web2 \n\n',
    limits: '{"a":1}',
  });

  expect(read).toEqual({
    values: { version: '12', count: '3', mode: 'safe', dryRun: 'true', hosts: ['web1', 'web2'], limits: '{"a":1}' },
    problems: {},
  });
});

test.each([
  ['version', '', 'It is required'],
  ['version', 'x', 'Found "x", expected text like ^[0-9]+$'],
  ['count', '10', 'Found 10, at most 9'],
  ['count', 'many', 'Found "many", expected an integer'],
  ['limits', 'no', 'Found "no", expected an object'],
  ['at', 'tomorrow', 'Found "tomorrow", expected a time with its zone such as 2026-11-21T09:00:00Z'],
  [
    'token',
    'hunter2',
    'Expected a reference such as vault:ops/api#token, env:NAME or file:/path; a value is never given here',
  ],
])('readForm() says of %s what is wrong with %j', (name, text, problem) => {
  const { problems, values } = readForm(declared, { ...initialTexts(declared), version: '1', [name]: text });

  expect(problems).toEqual({ [name]: problem });
  expect(values).not.toHaveProperty(name);
});

test('readForm() takes a switch that nobody touched as off', () => {
  expect(readForm({ force: { type: 'boolean' } }, {})).toEqual({ values: { force: false }, problems: {} });
});

test.each([
  [{ type: 'string' } as const, true],
  [{ type: 'string', required: false } as const, false],
  [{ type: 'string', default: 'x' } as const, false],
  [{ type: 'boolean' } as const, false],
])('isRequired() of %j is %s', (input, required) => {
  expect(isRequired(input)).toBe(required);
});

test.each([
  [{ type: 'string', enum: ['a', 'b'] } as const, { kind: 'choice', options: ['a', 'b'] }],
  [{ type: 'integer', enum: [1, 2] } as const, { kind: 'choice', options: ['1', '2'] }],
  [{ type: 'array', items: { type: 'object' } } as const, { kind: 'json' }],
  [{ type: 'array' } as const, { kind: 'lines' }],
  [{ type: 'secret' } as const, { kind: 'secret' }],
])('controlOf() shows %j as %j', (input, control) => {
  expect(controlOf(input)).toEqual(control);
});
