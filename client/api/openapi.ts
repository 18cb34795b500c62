import { rolesFor } from '../../workflows/domain/authorization';
import type { Json, JsonObject } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { bytesType } from './download';
import { eventStreamType } from './event-stream';
import { bodyExamples, parameterExamples } from './openapi-examples';
import { problemResponses, refusalsOf } from './openapi-problems';
import { DocumentSchemas } from './openapi-schemas';
import type { Route } from './route';
import { Problem } from './schema';

/** OpenAPI 3.1 of the routes, from the schemas that they parse with. */
export function openApiDocument(routes: readonly Route[], version: string): JsonObject {
  const schemas = new DocumentSchemas();
  const problem = schemas.of(Problem, 'output');
  const paths: { [path: string]: JsonObject } = {};
  for (const route of routes) {
    const path = documentPath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mainstay',
      version,
      description:
        'Runs of IT operations runbooks, changes and backups: start, watch, answer, steer, audit. Every refusal is a problem document (RFC 9457) with a code and a hint.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    tags: [...new Set(routes.map(tagOf))].sort().map((name) => ({ name })),
    components: { schemas: schemas.components, responses: problemResponses(problem), parameters, securitySchemes },
    paths,
  };
}

export function documentPath(path: string): string {
  return path.replaceAll(/:([A-Za-z]+)/g, '{$1}');
}

const securitySchemes: JsonObject = {
  token: { type: 'http', scheme: 'bearer', description: 'An API token, or the one of the data directory.' },
  session: { type: 'apiKey', in: 'cookie', name: 'mainstay_session', description: 'Of a browser that signed in.' },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: 'x-csrf-token',
    description: 'As "GET /me" tells it; with a session, for everything that changes something.',
  },
};

const parameters: JsonObject = {
  IdempotencyKey: {
    name: 'idempotency-key',
    in: 'header',
    required: false,
    description: 'The same key with the same request is one request: it is safe to send it again.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
    example: '0b6c7a1e-2f0f-4f7a-9d55-5d2b0f1f6a10',
  },
  LastEventId: {
    name: 'last-event-id',
    in: 'header',
    required: false,
    description: 'The last event that was heard: the feed goes on after it.',
    schema: { type: 'string', maxLength: 200 },
    example: '41',
  },
  Range: {
    name: 'range',
    in: 'header',
    required: false,
    description: 'One range of bytes; absent: all of them.',
    schema: { type: 'string' },
    example: 'bytes=0-1023',
  },
};

function operation(route: Route, schemas: DocumentSchemas): JsonObject {
  const { params, query, body } = route.schemas;
  const example = bodyExamples[`${route.method} ${route.path}`];
  const content = { schema: schemas.of(body, 'input'), ...(example === undefined ? {} : { example }) };
  return {
    tags: [tagOf(route)],
    summary: route.summary,
    description: needsOf(route),
    operationId: operationId(route),
    security: securityOf(route),
    parameters: [
      ...parametersIn('path', schemas.of(params, 'input')),
      ...parametersIn('query', schemas.of(query, 'input')),
      ...headersOf(route).map((name): JsonObject => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(route.method === 'POST' ? { requestBody: { required: true, content: { 'application/json': content } } } : {}),
    responses: { ...successOf(route, schemas), ...refusalsOf(route) },
  };
}

function needsOf({ action }: Route): string {
  if (action === 'anybody') return 'Needs nothing.';
  if (action === 'signed-in') return 'Needs a caller who is known.';
  return `Needs "${action}": ${rolesFor(action).join(', ')}.`;
}

function securityOf({ action, method }: Route): readonly JsonObject[] {
  if (action === 'anybody') return [];
  return [{ token: [] }, { session: [], ...(method === 'POST' ? { csrf: [] } : {}) }];
}

function successOf(route: Route, schemas: DocumentSchemas): JsonObject {
  switch (route.produces) {
    case bytesType: {
      const content = { [bytesType]: { schema: {} } };
      return { 200: { description: 'All of it', content }, 206: { description: 'The range', content } };
    }
    case eventStreamType: {
      const schema = schemas.of(route.schemas.answer, 'output');
      return {
        200: { description: 'Events; each has data of this shape', content: { [eventStreamType]: { schema } } },
      };
    }
    case 'application/json': {
      const schema = schemas.of(route.schemas.answer, 'output');
      return { 200: { description: 'Done', content: { 'application/json': { schema } } } };
    }
  }
}

function headersOf(route: Route): readonly string[] {
  if (route.method === 'POST') return ['IdempotencyKey'];
  if (route.produces === eventStreamType) return ['LastEventId'];
  return route.produces === bytesType ? ['Range'] : [];
}

/** `/backup-operations/:ref` belongs to `backups`. */
function tagOf({ path }: Route): string {
  const [first = ''] = path.split('/').filter((word) => word !== '');
  const [noun = first] = first.split('-');
  return noun === 'backup' ? 'backups' : first;
}

function operationId(route: Route): string {
  const words = route.path
    .split('/')
    .filter((word) => word !== '')
    .map((word) => word.replace(':', 'by-'));
  return [route.method.toLowerCase(), ...words].join('-');
}

function parametersIn(where: 'path' | 'query', { properties, required }: JsonObject): readonly JsonObject[] {
  if (!isObject(properties)) return [];
  const needed = isList(required) ? required : [];
  return Object.entries(properties).map(([name, schema]): JsonObject => {
    const example: Json | undefined = Object.hasOwn(parameterExamples, name) ? parameterExamples[name] : undefined;
    return {
      name,
      in: where,
      required: where === 'path' || needed.includes(name),
      schema,
      ...(example === undefined ? {} : { example }),
    };
  });
}
