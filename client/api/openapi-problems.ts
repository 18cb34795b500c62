import type { Json, JsonObject } from '../../workflows/domain/json';
import { requestErrors } from './errors';
import type { RequestErrorCode } from './errors';
import type { Route } from './route';

const titles: { readonly [status: number]: readonly [name: string, title: string] } = {
  400: ['Invalid', 'The request cannot be read'],
  401: ['Unauthenticated', 'Nobody knows who asks'],
  403: ['Forbidden', 'The caller has no grant that allows it'],
  404: ['NotFound', 'There is no such thing, or none that the caller may see'],
  409: ['Conflict', 'Refused as things stand'],
  413: ['TooLarge', 'The body is too large'],
  416: ['RangeNotSatisfiable', 'There are no such bytes'],
  422: ['Unprocessable', 'What was sent is wrong in itself'],
  431: ['HeadersTooLarge', 'The address or the headers are too large'],
  429: ['TooMany', 'Too many requests'],
  503: ['Unavailable', 'What it needs is away for the moment'],
};

/** One response for each status, with every code that it may have. */
export function problemResponses(problem: JsonObject): JsonObject {
  const responses: { [name: string]: Json } = {};
  for (const [status, [name, title]] of Object.entries(titles)) {
    const codes = codesOf(Number(status));
    const [first] = codes;
    if (first === undefined) continue;
    responses[name] = {
      description: `${title}: ${codes.join(', ')}`,
      content: { 'application/problem+json': { schema: problem, example: exampleOf(first) } },
    };
  }
  return { ...responses, Problem: { description: 'Refused or failed', content: contentOf(problem) } };
}

function contentOf(problem: JsonObject): JsonObject {
  return { 'application/problem+json': { schema: problem, example: exampleOf('INTERNAL') } };
}

/** What a route may be refused with. */
export function refusalsOf(route: Route): JsonObject {
  const statuses = [
    400,
    401,
    403,
    ...(route.path.includes(':') || route.method === 'POST' ? [404] : []),
    ...(route.method === 'POST' ? [409, 413, 422, 503] : []),
    ...(route.produces === 'application/octet-stream' ? [416] : []),
    429,
    431,
  ];
  const known = statuses.filter((status) => codesOf(status).length > 0);
  const responses = known.map((status): [string, Json] => [
    String(status),
    reference(titles[status]?.[0] ?? 'Problem'),
  ]);
  return { ...Object.fromEntries(responses), default: reference('Problem') };
}

function reference(name: string): JsonObject {
  return { $ref: `#/components/responses/${name}` };
}

function codesOf(status: number): readonly RequestErrorCode[] {
  return codes.filter((code) => requestErrors[code].status === status);
}

const codes = Object.keys(requestErrors).filter(isCode);

function isCode(text: string): text is RequestErrorCode {
  return Object.hasOwn(requestErrors, text);
}

function exampleOf(code: RequestErrorCode): JsonObject {
  const { status, hint } = requestErrors[code];
  return {
    type: `urn:mainstay:problem:${code}`,
    title: code,
    status,
    detail: 'Cannot serve the request: what was found is told here',
    code,
    hint,
    requestId: '5f0c1b1e-7a52-4a53-9a3d-1f1f3f1c7b1a',
  };
}
