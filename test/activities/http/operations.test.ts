import { createServer } from 'node:net';

import type { OperationContext, OperationResult } from '../../../activities/connector';
import { isPrivateAddress } from '../../../platform/http-address';
import { httpManifest } from '../../../activities/http/index';
import { createHttp } from '../../../activities/http/operations';
import type { JsonObject } from '../../../workflows/domain/json';
import { operationContext } from '../operation-context';
import { startFakeService } from './fake-service';
import type { FakeService } from './fake-service';

let service: FakeService;
let other: FakeService;
const http = createHttp({ privateAddresses: 'allow' });

beforeEach(async () => {
  service = await startFakeService();
  other = await startFakeService();
});

afterEach(async () => {
  await service.close();
  await other.close();
});

afterAll(() => http.close());

async function send(
  input: JsonObject,
  more: Partial<OperationContext> = {},
  connector = http,
): Promise<OperationResult> {
  const operation = connector.operations['request'];
  if (operation === undefined) throw new Error('the connector has no request');
  return operation.perform(input, operationContext(more));
}

function connected(settings: JsonObject): Partial<OperationContext> {
  return { connection: { name: 'shop', type: 'http', settings } };
}

describe('http.request', () => {
  test('answers status, headers, body and JSON', async () => {
    service.answer((_request, reply) => reply.header('x-version', '7').send({ healthy: true }));

    const answer = await send({ url: `${service.url}/healthz`, query: { full: true } });

    expect(answer).toMatchObject({
      status: 'succeeded',
      changed: false,
      result: {
        status: 200,
        json: { healthy: true },
        body: '{"healthy":true}',
        truncated: false,
        headers: { 'x-version': '7' },
      },
    });
    expect(service.received[0]?.url).toBe('/healthz?full=true');
  });

  test.each([
    { input: { json: { a: 1 } }, type: 'application/json', body: '{"a":1}' },
    { input: { form: { a: 1, b: 'x y' } }, type: 'application/x-www-form-urlencoded', body: 'a=1&b=x+y' },
    { input: { text: 'plain' }, type: 'text/plain; charset=utf-8', body: 'plain' },
  ])('sends $type', async ({ input, type, body }) => {
    await send({ url: service.url, method: 'POST', ...input });

    expect(service.received).toMatchObject([{ method: 'POST', body, headers: { 'content-type': type } }]);
  });

  test('carries the key of the effect, so that a repeat is known as one', async () => {
    await send({ url: service.url, method: 'POST', json: {} });
    await send({ url: service.url, method: 'GET' });

    expect(service.received.map(({ headers }) => headers['idempotency-key'])).toEqual(['i/r/call@1/do', undefined]);
  });

  test.each([
    { code: 204, expected: undefined, status: 'succeeded' },
    { code: 404, expected: undefined, status: 'failed' },
    { code: 404, expected: [404], status: 'succeeded' },
    { code: 200, expected: [201], status: 'failed' },
  ])('status $code with expect $expected is $status', async ({ code, expected, status }) => {
    service.answer((_request, reply) => reply.code(code).send());

    const answer = await send({ url: service.url, ...(expected === undefined ? {} : { expect: expected }) });

    expect(answer.status).toBe(status);
    expect(answer.error?.code).toBe(status === 'failed' ? 'HTTP_STATUS' : undefined);
  });

  test('reads no more of a body than it may', async () => {
    service.answer((_request, reply) => reply.type('application/json').send(`"${'x'.repeat(100_000)}"`));

    const answer = await send({ url: service.url, maxBytes: 1000 });

    expect(answer.result).toMatchObject({ truncated: true, json: null });
    expect(answer.result['body']).toHaveLength(1000);
  });

  test('follows redirects, without the secrets of the connection beyond its origin', async () => {
    service.answer((_request, reply) => reply.redirect(`${other.url}/there`, 307));

    const answer = await send(
      { url: '/here', method: 'POST', json: { a: 1 } },
      connected({ baseUrl: service.url, auth: { bearer: 'T0ken' } }),
    );

    expect(answer.result['url']).toBe(`${other.url}/there`);
    expect(service.received[0]?.headers['authorization']).toBe('Bearer T0ken');
    expect(other.received).toMatchObject([{ method: 'POST', body: '{"a":1}' }]);
    expect(other.received[0]?.headers['authorization']).toBeUndefined();
  });

  test('gives up a circle of redirects', async () => {
    service.answer((_request, reply) => reply.redirect('/again'));

    const answer = await send({ url: service.url, maxRedirects: 3 });

    expect(answer).toMatchObject({ status: 'failed', error: { code: 'HTTP_TOO_MANY_REDIRECTS' } });
    expect(service.received).toHaveLength(4);
  });

  test.each(['//evil.example/x', '../outside', 'file:///etc/passwd', 'not a url at all'])(
    'a path below a base cannot leave it: %s',
    async (url) => {
      const answer = await send({ url }, connected({ baseUrl: `${service.url}/api/v1` }));

      const reached = service.received.filter((request) => !request.url.startsWith('/api/v1/'));
      expect([...reached, ...other.received]).toEqual([]);
      if (service.received.length === 0) expect(answer.error?.code).toBe('HTTP_URL_INVALID');
    },
  );

  test('sends nothing secret of a connection to another origin that the step names', async () => {
    await send({ url: `${other.url}/x` }, connected({ baseUrl: service.url, headers: { 'X-Api-Key': 'K3y' } }));

    expect(other.received[0]?.headers['x-api-key']).toBeUndefined();
  });
});

describe('http.request when no answer comes', () => {
  test.each([
    { method: 'GET', status: 'failed' },
    { method: 'PUT', status: 'unknown' },
    { method: 'POST', status: 'unknown' },
  ])('$method whose connection breaks is $status', async ({ method, status }) => {
    service.answer((request) => {
      request.raw.socket.destroy();
      return new Promise(() => undefined);
    });

    const answer = await send({ url: service.url, method });

    expect(answer).toMatchObject({ status, error: { code: 'HTTP_CONNECTION_LOST' } });
  });

  test.each([
    { method: 'GET', status: 'failed' },
    { method: 'POST', status: 'unknown' },
  ])('$method that takes too long is $status', async ({ method, status }) => {
    service.answer(() => new Promise(() => undefined));

    const answer = await send({ url: service.url, method }, { timeoutMs: 50 });

    expect(answer).toMatchObject({ status, error: { code: 'HTTP_TIMEOUT' } });
  });

  test('a service that is not there is a definitive failure, whatever the method', async () => {
    const answer = await send({ url: `http://127.0.0.1:${await closedPort()}/`, method: 'POST' });

    expect(answer).toMatchObject({ status: 'failed', error: { code: 'HTTP_UNREACHABLE' } });
  });

  test('an abort stops watching and is no outcome (D2)', async () => {
    const controller = new AbortController();
    service.answer(() => {
      controller.abort();
      return new Promise(() => undefined);
    });

    await expect(send({ url: service.url, method: 'POST' }, { signal: controller.signal })).rejects.toThrow();
  });

  test('private addresses are refused where this is configured, redirects included', async () => {
    const guarded = createHttp({ privateAddresses: 'refuse' });

    const answer = await send({ url: service.url }, {}, guarded);

    await guarded.close();
    expect(answer).toMatchObject({ status: 'failed', error: { code: 'HTTP_ADDRESS_REFUSED' } });
    expect(service.received).toEqual([]);
  });
});

test.each([
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['169.254.169.254', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['::1', true],
  ['fd00::1', true],
  ['::ffff:10.0.0.1', true],
  ['93.184.216.34', false],
  ['2606:2800:220:1::1', false],
])('isPrivateAddress() of %s is %s', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});

test.each([
  [{}, 'read'],
  [{ method: 'HEAD' }, 'read'],
  [{ method: 'PUT' }, 'idempotent'],
  [{ method: 'DELETE' }, 'idempotent'],
  [{ method: 'POST' }, 'unsafe'],
  [{ method: 'PATCH' }, 'unsafe'],
  // Decided while the run goes on: the worst is assumed.
  [undefined, 'unsafe'],
])('the effect class of %j is %s', (input, expected) => {
  const effect = httpManifest.operations['request']?.effect;

  expect(typeof effect === 'function' ? effect(input) : effect).toBe(expected);
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}
