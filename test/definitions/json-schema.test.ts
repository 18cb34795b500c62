import { combinedSchema, kindSchema } from '../../definitions/json-schema';
import { definitionKinds } from '../../definitions/document';

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

function at(schema: unknown, reference: string): unknown {
  let current: unknown = schema;
  for (const part of reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((piece) => piece !== '')) {
    const entry =
      typeof current === 'object' && current !== null
        ? Object.entries(current).find(([key]) => key === part)
        : undefined;
    current = entry?.[1];
  }
  return current;
}

test.each([
  ...definitionKinds.map((kind) => [kind, kindSchema(kind)] as const),
  ['all kinds', combinedSchema()] as const,
])('the schema of %s refers to nothing that it does not hold', (_, schema) => {
  expect(references(schema).filter((reference) => at(schema, reference) === undefined)).toEqual([]);
});

test('editors are not told of the field that loading adds', () => {
  expect(JSON.stringify(combinedSchema())).not.toContain('"verb"');
});

test('the kind decides which part of the combined schema holds', () => {
  const { allOf, properties } = combinedSchema();

  expect(properties).toEqual({ apiVersion: { const: 'mainstay/v1' }, kind: { enum: [...definitionKinds] } });
  expect(allOf).toHaveLength(definitionKinds.length);
});

test('a document is strict: an unknown key is marked by the editor', () => {
  expect(kindSchema('Team')).toMatchObject({
    additionalProperties: false,
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
  });
});
