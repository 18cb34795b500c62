import { z } from 'zod';

import type { Route } from './route';
import { Problem } from './schema';

/** OpenAPI 3.1 of the routes, from the schemas that they parse with. */
export function openApiDocument(routes: readonly Route[], version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mainstay',
      version,
      description: 'Runs of IT operations runbooks, and changes: start, watch, answer, steer, audit.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths,
  };
}

function operation(route: Route): Readonly<Record<string, unknown>> {
  const { params, query, body, answer } = route.schemas;
  return {
    summary: route.summary,
    operationId: operationId(route),
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
    ...(route.method === 'POST' ? { requestBody: { required: true, content: json(body, 'input') } } : {}),
    responses: {
      200: { description: 'Done', content: { [route.produces]: { schema: jsonSchema(answer, 'output') } } },
      default: {
        description: 'Refused or failed',
        content: { 'application/problem+json': { schema: jsonSchema(Problem, 'output') } },
      },
    },
  };
}

function operationId(route: Route): string {
  const words = route.path
    .split('/')
    .filter((word) => word !== '')
    .map((word) => word.replace(':', 'by-'));
  return [route.method.toLowerCase(), ...words].join('-');
}

function json(schema: z.ZodType, io: 'input' | 'output'): Readonly<Record<string, unknown>> {
  return { 'application/json': { schema: jsonSchema(schema, io) } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}

function parameters(schema: z.ZodType, where: 'path' | 'query'): readonly Readonly<Record<string, unknown>>[] {
  const { properties, required } = jsonSchema(schema, 'input');
  if (typeof properties !== 'object' || properties === null) return [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, inner]) => ({
    name,
    in: where,
    required: where === 'path' || needed.includes(name),
    schema: inner,
  }));
}
