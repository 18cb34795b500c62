import { request } from 'node:http';
import type { AddressInfo } from 'node:net';

import fc from 'fast-check';
import { z } from 'zod';

import { createRegistry } from '../../../client/published-registry';
import { openApiDocument } from '../../../client/api/openapi';
import { loopbackPerimeter } from '../../../client/api/perimeter';
import { routes } from '../../../client/api/routes';
import { createEngine } from '../../../client/run-engine';
import { lateRegistry } from '../../support/client/late-registry';
import { authorized, testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeGateway } from '../../support/client/fake-gateway';
import { hostile, hostileText, objectOf, valid } from '../../support/client/from-schema';
import type { JsonSchema } from '../../support/client/from-schema';
import { canary, seedTwoScopes } from '../../support/client/two-scopes';
import type { Seeded } from '../../support/client/two-scopes';

/** Every route of the OpenAPI document, with what is right and with what is not. Whatever comes in, it keeps what it promises. */

const document = objectOf(JSON.parse(JSON.stringify(openApiDocument(routes, '1.0.0'))));
const operations = Object.entries(objectOf(document['paths'])).flatMap(([path, methods]) =>
  Object.entries(objectOf(methods)).map(([method, operation]) => ({
    at: `${method.toUpperCase()} ${path}`,
    path,
    method: method.toUpperCase(),
    operation: objectOf(operation),
  })),
);
type Operation = (typeof operations)[number];

const seed = 20_261_121;
const requestsOfRoute = 8;
/** Of one route: on a busy machine fewer requests are made. */
const longestMs = 500;

let api: TestApi;
let port: number;
let shop: Seeded;
let pay: Seeded;
let shopToken: { readonly authorization: string };

beforeAll(async () => {
  // Nobody is held up here for asking too often.
  let clock = Date.now();
  const registry = lateRegistry();
  api = await testApi(
    (store) => {
      registry.set(createRegistry(store));
      return createEngine({ store, gateway: fakeGateway(), now: () => 10_000 });
    },
    registry,
    undefined,
    { perimeter: { ...loopbackPerimeter, now: () => (clock += 1_000) } },
  );
  ({ shop, pay } = await seedTwoScopes(api.store));
  const where = { service: ['shop'] };
  const roles = ['viewer', 'operator', 'approver', 'author', 'manager', 'auditor'];
  const made = await api.app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers: authorized,
    payload: { name: 'contract', person: 'user/anna', roles, where },
  });
  shopToken = { authorization: `Bearer ${made.json().token}` };
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const address: AddressInfo | string | null = api.app.server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterAll(async () => {
  api.app.server.closeAllConnections();
  await api.close();
});

test.each(operations)(
  '$at answers by its schema or refuses by a problem, and tells nothing of another scope',
  async (operation) => {
    await fc.assert(
      fc.asyncProperty(requests(operation), async (sent) => {
        const reply = await send({ ...sent, headers: { ...sent.headers, ...shopToken } });

        expectPromised(operation, reply);
        expect(canaryForms.filter((form) => reply.text.includes(form))).toEqual([]);
      }),
      { seed, numRuns: requestsOfRoute, interruptAfterTimeLimit: longestMs, markInterruptAsFailure: false },
    );
  },
  60_000,
);

test.each(operations.filter(({ method }) => method === 'GET'))(
  '$at answers whoever may see everything',
  async (operation) => {
    const path = filled(operation.path, (name) => known(pay, name));
    const reply = await send({
      method: 'GET',
      path: `${path}${queryFor[operation.at] ?? ''}`,
      headers: authorized,
      body: null,
    });

    expect({ at: operation.at, status: reply.status, text: reply.status === 200 ? '' : reply.text }).toEqual({
      at: operation.at,
      status: missing.has(operation.at) ? 404 : 200,
      text: missing.has(operation.at) ? expect.any(String) : '',
    });
    expectPromised(operation, reply);
  },
);

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s is no method of any route', async (method) => {
  for (const { path } of operations) {
    const reply = await send({ method, path: filled(path, () => 'x'), headers: shopToken, body: null });

    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
  }
});

test.each([
  '/api/v1/../v1/runs',
  '/api/v1/%2e%2e/%2e%2e/etc/passwd',
  '/api/v1/runs/..%2f..%2fstatus',
  '/api/v1//runs',
  '/api/v1/runs/%',
  '/api/v1/runs/%zz/steps',
  '/api/v1/runs/%c0%ae%c0%ae',
  '/api/v1/definitions/Runbook/..%2f..%2f..%2fetc%2fpasswd',
  '/api/docs/..%2f..%2fpackage.json',
  '/api/docs/package.json',
  '/api/docs/%2e%2e/package.json',
  `/api/v1/runs?cursor=${'x'.repeat(3_000)}`,
  '/api/v1/runs?limit=1&limit=2',
  '/api/v1/runs?__proto__[x]=1&constructor=2',
])('GET %s leads nowhere, and is refused by a problem', async (path) => {
  const reply = await send({ method: 'GET', path, headers: shopToken, body: null });

  expect(reply.text).not.toContain(canary);
  expectProblem(reply);
});

test.each(operations.filter(({ method }) => method === 'POST'))(
  '$at refuses what is nested deeper than any document, and texts that no database takes',
  async ({ path }) => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    for (const body of [`{"data":${deep}}`, deep, '{"name":"a\\u0000b"}'])
      expectProblem(
        await send({ method: 'POST', path: filled(path, () => 'x'), headers: { ...shopToken, ...json }, body }),
      );
  },
);

test('what no parser reads is refused by a problem, too', async () => {
  const huge = await send({
    method: 'GET',
    path: '/api/v1/runs',
    headers: { ...shopToken, 'x-much': 'x'.repeat(20_000) },
    body: null,
  });
  const large = await send({
    method: 'POST',
    path: '/api/v1/locks/free',
    headers: { ...shopToken, ...json },
    body: `"${'x'.repeat(2_000_000)}"`,
  });

  expectProblem(huge);
  expectProblem(large);
  expect([huge.status, large.status]).toEqual([431, 413]);
});

/** As it is, and as it stands somewhere within base64. */
const canaryForms = [
  canary,
  ...[0, 1, 2].map((shift) =>
    Buffer.from('x'.repeat(shift) + canary)
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  ),
];

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const json = { 'content-type': 'application/json' };

function requests({ path, method, operation }: Operation): fc.Arbitrary<Sent> {
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'].map(objectOf) : [];
  const inQuery = parameters.filter((parameter) => parameter['in'] === 'query');
  const query = fc.tuple(
    ...inQuery.map((parameter) => queryPart(String(parameter['name']), objectOf(parameter['schema']))),
  );
  const body = method === 'POST' ? bodies(operation) : fc.constant({ body: null, headers: {} });
  return fc.tuple(filledPath(path), query, body, oddHeaders).map(([filledIn, parts, sentBody, odd]) => {
    const search = parts.filter((part) => part !== '').join('&');
    return {
      method,
      path: search === '' ? filledIn : `${filledIn}?${search}`,
      body: sentBody.body,
      headers: { ...odd, ...sentBody.headers },
    };
  });
}

/** Our own, other people's, and what is nobody's. */
function filledPath(path: string): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
  const parts = names.map((name) =>
    fc.oneof(
      fc.constant('own').map(() => encodeURIComponent(known(shop, name))),
      fc.constant('other').map(() => encodeURIComponent(known(pay, name))),
      fc.constantFrom('..%2f..%2fetc%2fpasswd', '%00', '%2e%2e', 'x', '-1', '%E0%A4%A', '1%2C2'),
      hostileText.map((text) => encodeURIComponent(wellFormed(text)).slice(0, 4_000) || 'x'),
    ),
  );
  return fc.tuple(...parts).map((filledIn) => {
    const values = new Map(names.map((name, index) => [name, filledIn[index] ?? 'x'] as const));
    return `/api/v1${path.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => values.get(name) ?? 'x')}`;
  });
}

function queryPart(name: string, schema: JsonSchema): fc.Arbitrary<string> {
  const good = valid(schema, components).map((value) => `${name}=${encodeURIComponent(wellFormed(String(value)))}`);
  const bad = hostileText.map((text) => `${name}=${encodeURIComponent(wellFormed(text))}`);
  const twice = fc.tuple(good, bad).map((both) => both.join('&'));
  return fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 3, arbitrary: good }, bad, twice);
}

/** Half a character cannot stand in an address. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function bodies(operation: JsonSchema): fc.Arbitrary<{ body: string; headers: Record<string, string> }> {
  const content = objectOf(objectOf(operation['requestBody'])['content']);
  const schema = objectOf(objectOf(content['application/json'])['schema']);
  const told = (arbitrary: fc.Arbitrary<unknown>) =>
    arbitrary.map((value) => ({ body: JSON.stringify(value) ?? 'null', headers: json }));
  return fc.oneof(
    { weight: 4, arbitrary: told(valid(schema, components)) },
    { weight: 4, arbitrary: told(hostile(schema, components)) },
    fc.constantFrom('{', '', '{"a":1}{"b":2}', '\u0000', '[1,').map((body) => ({ body, headers: json })),
    fc.constantFrom('text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense').map((type) => ({
      body: '{"choice":"approve"}',
      headers: { 'content-type': type },
    })),
  );
}

const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.constantFrom(
  {},
  {},
  { 'idempotency-key': 'k'.repeat(5_000) },
  { 'idempotency-key': '__proto__' },
  { 'last-event-id': '-1' },
  { 'last-event-id': '99999999999999999999' },
  { range: 'bytes=5-1' },
  { range: 'bytes=-0' },
  { range: 'bytes=99999999999-' },
  { accept: 'image/png' },
);

/** What is there of a service, under the name that paths have for it. */
function known(seeded: Seeded, name: string): string {
  const values = new Map([
    ['ref', seeded.run],
    ['id', seeded.task],
    ['digest', seeded.planDigest],
    ['kind', 'Inventory'],
    ['name', seeded.inventory],
    ['plan', 'nightly'],
  ]);
  return values.get(name) ?? 'x';
}

const queryFor: { readonly [at: string]: string } = {
  'GET /runs/{ref}/output': '?path=install',
  'GET /definitions/{kind}/{name}/diff': '?from=0.0.1',
  'GET /durations': '?definition=hello',
  'GET /blobs/{digest}': '?run=11',
  'GET /calendars/{name}/slots': '?length=1h',
};

/** There are none of these in what was seeded. */
const missing: ReadonlySet<string> = new Set(
  operations.map(({ at }) => at).filter((at) => /\{plan\}|GET \/(backup-operations|calendars|changes)\/\{/.test(at)),
);

function filled(path: string, value: (name: string) => string): string {
  return `/api/v1${path.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => encodeURIComponent(value(name)))}`;
}

function send({ method, path, headers, body }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const reply = { status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '' };
      const chunks: Buffer[] = [];
      const done = () => resolve({ ...reply, text: Buffer.concat(chunks).toString('utf8') });
      // A feed has no end: what it began with is what it says.
      if (reply.type.startsWith('text/event-stream')) response.once('data', () => response.destroy());
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('close', done);
    });
    sent.once('error', reject);
    sent.end(body ?? undefined);
  });
}

function expectPromised(operation: Operation, reply: Reply): void {
  if (reply.status >= 300) return expectProblem(reply);
  if (!reply.type.startsWith('application/json')) return;
  expect(answerOf(operation).safeParse(JSON.parse(reply.text)).error).toBeUndefined();
}

const Problem = z.looseObject({
  code: z.string().min(1),
  hint: z.string().min(1),
  requestId: z.string().min(1),
  status: z.number(),
});

function expectProblem({ status, type, text }: Reply): void {
  expect({ status, text: status >= 500 ? text : '' }).toEqual({ status: expect.any(Number), text: '' });
  expect({ status, type }).toEqual({ status, type: expect.stringContaining('application/problem+json') });
  expect(Problem.parse(JSON.parse(text)).status).toBe(status);
}

const answers = new Map<string, z.ZodType>();

/** As the document has it, not as the route has it. */
function answerOf({ at, operation }: Operation): z.ZodType {
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

function components(reference: string): JsonSchema {
  const name = reference.replace('#/components/schemas/', '');
  return objectOf(objectOf(objectOf(document['components'])['schemas'])[name]);
}
