import type { AddressInfo } from 'node:net';

import fc from 'fast-check';
import { z } from 'zod';

import { createRegistry } from '../../../client/published-registry';
import { loopbackPerimeter } from '../../../client/api/perimeter';
import { createEngine } from '../../../client/run-engine';
import { lateRegistry } from '../../support/client/late-registry';
import { authorized, testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeGateway } from '../../support/client/fake-gateway';
import { answerOf, operations } from '../../support/client/contract-document';
import type { Operation } from '../../support/client/contract-document';
import { json, requests, send } from '../../support/client/contract-requests';
import type { Names, Reply } from '../../support/client/contract-requests';
import { canary, seedTwoScopes } from '../../support/client/two-scopes';
import type { Seeded } from '../../support/client/two-scopes';

/** Every route of the OpenAPI document, with what is right and with what is not. Whatever comes in, it keeps what it promises. */

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
      fc.asyncProperty(requests(operation, names), async (sent) => {
        const reply = await send(port, { ...sent, headers: { ...sent.headers, ...shopToken } });

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
    const reply = await send(port, {
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
    const reply = await send(port, { method, path: filled(path, () => 'x'), headers: shopToken, body: null });

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
  const reply = await send(port, { method: 'GET', path, headers: shopToken, body: null });

  expect(reply.text).not.toContain(canary);
  expectProblem(reply);
});

test.each(operations.filter(({ method }) => method === 'POST'))(
  '$at refuses what is nested deeper than any document, and texts that no database takes',
  async ({ path }) => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    for (const body of [`{"data":${deep}}`, deep, '{"name":"a\\u0000b"}'])
      expectProblem(
        await send(port, { method: 'POST', path: filled(path, () => 'x'), headers: { ...shopToken, ...json }, body }),
      );
  },
);

test('what no parser reads is refused by a problem, too', async () => {
  const huge = await send(port, {
    method: 'GET',
    path: '/api/v1/runs',
    headers: { ...shopToken, 'x-much': 'x'.repeat(20_000) },
    body: null,
  });
  const large = await send(port, {
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

const names: Names = { own: (name) => known(shop, name), other: (name) => known(pay, name) };

/** What is there of a service, under the name that paths have for it. */
function known(seeded: Seeded, name: string): string {
  const values = new Map([
    ['ref', seeded.run],
    ['id', seeded.task],
    ['digest', seeded.planDigest],
    ['kind', 'Inventory'],
    ['name', seeded.inventory],
    ['plan', 'nightly'],
    ['login', seeded.person],
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

/** There are none of these in what was seeded; and the admin token is nobody, who has preferences. */
const missing: ReadonlySet<string> = new Set(
  operations
    .map(({ at }) => at)
    .filter((at) => /\{plan\}|GET \/(backup-operations|calendars|changes)\/\{|GET \/me\/notifications/.test(at)),
);

function filled(path: string, value: (name: string) => string): string {
  return `/api/v1${path.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => encodeURIComponent(value(name)))}`;
}

function expectPromised(operation: Operation, reply: Reply): void {
  if (reply.status >= 300) return expectProblem(reply);
  if (reply.type.split(';')[0] !== 'application/json') return;
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
