import { z } from 'zod';

import { openApiDocument } from '../../../client/api/openapi';
import { routes } from '../../../client/api/routes';
import { objectOf } from './from-schema';
import type { JsonSchema } from './from-schema';

const document = objectOf(JSON.parse(JSON.stringify(openApiDocument(routes, '1.0.0'))));
/** Every route, as the OpenAPI document has it. */
export const operations = Object.entries(objectOf(document['paths'])).flatMap(([path, methods]) =>
  Object.entries(objectOf(methods)).map(([method, operation]) => ({
    at: `${method.toUpperCase()} ${path}`,
    path,
    method: method.toUpperCase(),
    operation: objectOf(operation),
  })),
);
export type Operation = (typeof operations)[number];

const answers = new Map<string, z.ZodType>();

/** As the document has it, not as the route has it. */
export function answerOf({ at, operation }: Operation): z.ZodType {
  const known = answers.get(at);
  if (known !== undefined) return known;
  const content = objectOf(objectOf(objectOf(operation['responses'])['200'])['content']);
  const schema = objectOf(objectOf(content['application/json'])['schema']);
  const $defs = objectOf(document['components'])['schemas'];
  const moved = JSON.parse(JSON.stringify({ ...schema, $defs }).replaceAll('#/components/schemas/', '#/$defs/'));
  const made = z.fromJSONSchema(moved);
  answers.set(at, made);
  return made;
}

export function components(reference: string): JsonSchema {
  const name = reference.replace('#/components/schemas/', '');
  return objectOf(objectOf(objectOf(document['components'])['schemas'])[name]);
}
