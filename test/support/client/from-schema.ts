import fc from 'fast-check';

/** Values from JSON Schemas of the API's document: such as are right, and such as somebody sends who means no good. */

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

export type Components = (reference: string) => JsonSchema;

const deepest = 4;

/** As the schema has it, as far as its keywords say so. */
export function valid(schema: JsonSchema, components: Components, depth = 0): fc.Arbitrary<unknown> {
  const { $ref, type, enum: choices, const: only, pattern } = schema;
  const inner = (next: unknown) => valid(objectOf(next), components, depth + 1);
  const several = listOf(schema['anyOf'] ?? schema['oneOf']);
  if (typeof $ref === 'string') return depth > deepest ? fc.constant(null) : inner(components($ref));
  if (only !== undefined) return fc.constant(only);
  if (Array.isArray(choices)) return fc.constantFrom(...choices);
  if (several.length > 0) return fc.oneof(...(depth > deepest ? several.slice(0, 1) : several).map(inner));
  switch (type) {
    case 'string':
      return typeof pattern === 'string' ? matching(pattern) : text(schema);
    case 'integer':
    case 'number':
      return fc.integer({
        min: numberOf(schema['minimum'], 0),
        max: Math.min(numberOf(schema['maximum'], 1_000), 10_000),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(inner(schema['items']), { minLength: numberOf(schema['minItems'], 0), maxLength: 3 });
    case 'object':
      return object(schema, inner, depth);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function object(
  { properties, required, additionalProperties }: JsonSchema,
  inner: (next: unknown) => fc.Arbitrary<unknown>,
  depth: number,
): fc.Arbitrary<unknown> {
  const needed = listOf(required).map(String);
  const fields = Object.entries(objectOf(properties)).filter(([name]) => depth <= deepest || needed.includes(name));
  const model = Object.fromEntries(fields.map(([name, schema]) => [name, inner(schema)]));
  if (fields.length > 0) return fc.record(model, { requiredKeys: needed });
  return fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), inner(additionalProperties ?? {}), { maxKeys: 2 });
}

function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    // Look-ahead and the like: nothing of the kind can be made up.
    return fc.constant('x');
  }
}

function text({ minLength, maxLength, format }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.constantFrom('2026-11-21T10:00:00Z', '2026-11-22T10:00:00Z');
  if (format === 'base64') return fc.constantFrom('', 'aGVsbG8=');
  return fc.string({ minLength: numberOf(minLength, 0), maxLength: Math.min(numberOf(maxLength, 20), 40) });
}

/** Of no use to anybody who reads it: control characters, half characters, names of prototypes, ways out of folders. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\u202e\u0301\u{1f4a9}',
    '__proto__',
    'constructor',
    '../../../../etc/passwd',
    '..\\..\\windows',
    '/etc/passwd',
    "'; drop table runs; --",
    '${{ secrets.all }}',
    '{{constructor.constructor("return process")()}}',
    '<script>alert(1)</script>',
    '\r\nx-injected: 1',
    '%00',
    '%2e%2e%2f',
    '-1',
    '0',
    'NaN',
    '1e999',
    '99999999999999999999999',
    ' ',
  ),
  fc.integer({ min: 300, max: 9_000 }).map((length) => 'é'.repeat(length)),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, -1, 0, 1e308, -1e308, 2 ** 53, 0.1, [], {}, [[]], [null]),
  fc.constantFrom(400, 2_000).map(nested),
  fc
    .constant(null)
    .map(() => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}')),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What is right, with one or more things in it that are not. */
export function hostile(schema: JsonSchema, components: Components): fc.Arbitrary<unknown> {
  return fc.oneof(
    hostileValue,
    fc
      .tuple(valid(schema, components), fc.array(fc.tuple(fc.nat(20), hostileValue), { minLength: 1, maxLength: 3 }))
      .map(([value, spoiled]) => spoiled.reduce((object, [place, bad]) => spoil(object, place, bad), value)),
  );
}

function spoil(value: unknown, place: number, bad: unknown): unknown {
  if (typeof value !== 'object' || value === null) return bad;
  const names = [...Object.keys(value), 'unknownField', '__proto__'];
  const name = names[place % names.length] ?? 'unknownField';
  const { [name]: _gone, ...rest }: { [name: string]: unknown } = { ...value };
  return place % 3 === 0 ? rest : Object.fromEntries([...Object.entries(rest), [name, bad]]);
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { in: value };
  return value;
}

export function objectOf(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}
