import { parseInputs } from '../../../workflows/domain/inputs';
import type { Json } from '../../../workflows/domain/json';
import type { Input } from '../../../workflows/runbook/inputs/schema';

const context = {
  findHost: (name: string): Json | null => (name === 'web1' ? { name: 'web1' } : null),
  late: new Set<string>(),
};

test.each<[Input, Json, Json]>([
  [{ type: 'string' }, 'x', 'x'],
  [{ type: 'string', pattern: '^[a-z]+$', minLength: 2, maxLength: 3 }, 'abc', 'abc'],
  [{ type: 'string', enum: ['a', 'b'] }, 'b', 'b'],
  [{ type: 'integer' }, '12', 12],
  [{ type: 'integer', minimum: 1, maximum: 3 }, 3, 3],
  [{ type: 'number' }, '1.5', 1.5],
  [{ type: 'boolean' }, 'true', true],
  [{ type: 'array', items: { type: 'integer' } }, '[1, "2"]', [1, 2]],
  [
    { type: 'object', properties: { n: { type: 'integer' }, s: { type: 'string', default: 'd' } } },
    { n: '1' },
    { n: 1, s: 'd' },
  ],
  [{ type: 'datetime' }, '2026-11-21T09:00:00Z', '2026-11-21T09:00:00Z'],
  [{ type: 'duration', maximum: '1h' }, '30m', '30m'],
  [{ type: 'host' }, 'web1', { name: 'web1' }],
  [{ type: 'secret' }, 'vault:ops/api#token', 'vault:ops/api#token'],
])('parseInputs() reads %j from %j', (input, given, value) => {
  expect(parseInputs({ x: given }, { ...context, declared: { x: input } })).toEqual({
    values: { x: value },
    problems: [],
  });
});

test.each<[Input, Json]>([
  [{ type: 'string' }, 5],
  [{ type: 'string', pattern: '^[a-z]+$' }, 'A'],
  [{ type: 'string', minLength: 2 }, 'a'],
  [{ type: 'string', maxLength: 1 }, 'ab'],
  [{ type: 'string', enum: ['a'] }, 'b'],
  [{ type: 'integer' }, '1.5'],
  [{ type: 'integer' }, ''],
  [{ type: 'integer', minimum: 2 }, 1],
  [{ type: 'number' }, 'NaN'],
  [{ type: 'boolean' }, 'yes'],
  [{ type: 'array' }, 'a,b'],
  [{ type: 'array', uniqueItems: true }, [1, 1]],
  [{ type: 'array', items: { type: 'integer' } }, ['x']],
  [{ type: 'object', properties: { n: { type: 'integer' } } }, { m: 1 }],
  [{ type: 'object', properties: { n: { type: 'integer' } } }, {}],
  [{ type: 'datetime' }, '2026-11-21 09:00'],
  [{ type: 'duration' }, '1d'],
  [{ type: 'duration', minimum: '1h' }, '30m'],
  [{ type: 'host' }, 'web9'],
  [{ type: 'secret' }, 'hunter2'],
])('parseInputs() refuses for %j the value %j', (input, given) => {
  expect(parseInputs({ x: given }, { ...context, declared: { x: input } }).problems).toEqual([
    expect.objectContaining({ code: 'INVALID_INPUT', input: 'x' }),
  ]);
});

test('parseInputs() tells what is missing and what is unknown, and fills in defaults', () => {
  const declared: { readonly [name: string]: Input } = {
    a: { type: 'string' },
    b: { type: 'string', default: 'B' },
    c: { type: 'string', required: false },
  };

  const parsed = parseInputs({ d: 1 }, { ...context, declared });

  expect(parsed.values).toEqual({ b: 'B', c: null });
  expect(parsed.problems.map(({ code, input }) => `${code} ${input}`)).toEqual(['UNKNOWN_INPUT d', 'MISSING_INPUT a']);
});

test('parseInputs() never shows the text of a refused secret', () => {
  const { problems } = parseInputs({ x: 'hunter2' }, { ...context, declared: { x: { type: 'secret' } } });

  expect(JSON.stringify(problems)).not.toContain('hunter2');
});
