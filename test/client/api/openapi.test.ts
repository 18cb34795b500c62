import { z } from 'zod';

import { openApiDocument } from '../../../client/api/openapi';
import { bodyExamples, parameterExamples } from '../../../client/api/openapi-examples';
import { routes } from '../../../client/api/routes';

const Operation = z.looseObject({
  operationId: z.string(),
  tags: z.array(z.string()).length(1),
  summary: z.string().min(1),
  parameters: z.array(
    z.looseObject({ $ref: z.string().optional(), name: z.string().optional(), in: z.string().optional() }),
  ),
  requestBody: z.looseObject({}).optional(),
  responses: z.record(z.string(), z.looseObject({})),
});
const Document = z.looseObject({
  openapi: z.literal('3.1.0'),
  tags: z.array(z.object({ name: z.string() })),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})) }),
  paths: z.record(z.string(), z.record(z.enum(['get', 'post']), Operation.optional())),
});

const plain: unknown = JSON.parse(JSON.stringify(openApiDocument(routes, '1.2.3')));
const document = Document.parse(plain);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) =>
    operation === undefined ? [] : [{ at: `${method.toUpperCase()} ${path}`, path, method, operation }],
  ),
);

test('the document has each route once, under an id of its own', () => {
  const ids = operations.map(({ operation }) => operation.operationId);

  expect(operations).toHaveLength(routes.length);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every reference in the document leads somewhere', () => {
  const missing = [...referencesIn(plain)].filter((reference) => resolve(reference) === undefined);

  expect(missing).toEqual([]);
});

test('every component is a schema that can be read, and somebody refers to each', () => {
  const used = referencesIn(plain);
  for (const name of Object.keys(document.components.schemas)) {
    expect(used).toContain(`#/components/schemas/${name}`);
    expect(() => schemaAt(`#/components/schemas/${name}`)).not.toThrow();
  }
});

test('what has a name stands once in the document: no operation spells it out again', () => {
  const named = new Map(
    Object.entries(document.components.schemas).map(([name, schema]) => [fieldsOf(schema), name] as const),
  );
  const again = [...objectsIn(document.paths)]
    .map(fieldsOf)
    .filter((fields) => fields.includes(',') && named.has(fields));

  expect([...new Set(again.map((fields) => named.get(fields)))]).toEqual([]);
});

/** Names of the fields of a shape; a shape is known by them. */
function fieldsOf(schema: object): string {
  const properties = 'properties' in schema ? schema.properties : {};
  return Object.keys(typeof properties === 'object' && properties !== null ? properties : {})
    .toSorted()
    .join(',');
}

function* objectsIn(value: unknown): Generator<object> {
  if (typeof value !== 'object' || value === null) return;
  if ('properties' in value) yield value;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

test.each(operations)(
  '$at says its path parameters, its body and what it may be refused with',
  ({ path, method, operation }) => {
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);

    expect(inPath.toSorted()).toEqual([...path.matchAll(/\{[^}]+\}/g)].map(([name]) => name).toSorted());
    expect(operation.requestBody !== undefined).toBe(method === 'post');
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['200', '400', '401', 'default']));
    expect(document.tags.map(({ name }) => name)).toContain(operation.tags[0]);
    expect(operation.parameters.some(({ $ref = '' }) => $ref.endsWith('/IdempotencyKey'))).toBe(method === 'post');
  },
);

test('examples are right: of bodies by the schema of their route, of parameters by the one of each route that has them', () => {
  for (const [at, example] of Object.entries(bodyExamples)) {
    const route = routes.find(({ method, path }) => `${method} ${path}` === at);
    expect({ at, ok: route?.schemas.body.safeParse(example).success }).toEqual({ at, ok: true });
  }
  const given = new Set(operations.flatMap(({ operation }) => operation.parameters.map(({ name }) => name)));
  expect(Object.keys(parameterExamples).filter((name) => !given.has(name))).toEqual([]);
});

function schemaAt(reference: string): z.ZodType {
  const $defs = JSON.parse(JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'));
  return z.fromJSONSchema({ $ref: reference.replace('#/components/schemas/', '#/$defs/'), $defs });
}

function referencesIn(value: unknown, found: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string') found.add(inner);
    else referencesIn(inner, found);
  }
  return found;
}

function resolve(reference: string): unknown {
  let at: unknown = plain;
  for (const part of reference.replace('#/', '').split('/'))
    at = typeof at === 'object' && at !== null ? Object.getOwnPropertyDescriptor(at, part)?.value : undefined;
  return at;
}
