import { routes } from '../../../client/api/routes';
import { bodyLimitBytes, bodyLimitOf, largeBodies, loopbackPerimeter } from '../../../client/api/perimeter';
import type { Perimeter } from '../../../client/api/perimeter';
import { authorized, testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeEngine } from '../../support/client/fake-engine';

let api: TestApi;

afterEach(() => api.close());

async function standing(perimeter: Partial<Perimeter> = {}): Promise<void> {
  api = await testApi(fakeEngine(), undefined, undefined, { perimeter: { ...loopbackPerimeter, ...perimeter } });
}

interface Asking {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly remoteAddress?: string;
  readonly payload?: string;
}

async function ask(url: string, { method = 'GET', ...asking }: Asking = {}) {
  const response = await api.app.inject({ method, url, ...asking });
  return { status: response.statusCode, headers: response.headers, body: response.body };
}

describe('security headers', () => {
  test.each<[string, string, Asking]>([
    ['an answer', '/healthz', {}],
    ['a refusal', '/api/v1/runs', {}],
    ['an unknown address', '/nowhere', {}],
    ['an address that cannot be read', '/%', {}],
    ['a refused host', '/api/v1/runs', { headers: { host: 'evil.example' } }],
  ])('%s has all of them, and an id to find it by', async (_what, url, asking) => {
    await standing();

    const { headers } = await ask(url, asking);

    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  test('what is of a caller is kept in no cache', async () => {
    await standing();

    expect((await ask('/api/v1/runs', { headers: authorized })).headers['cache-control']).toBe('no-store');
  });

  test('behind a proxy that has TLS browsers are told to stay with it', async () => {
    await standing({ trustedProxies: ['10.0.0.7'], publicUrl: 'https://mainstay.example' });
    const headers = { host: 'mainstay.example', 'x-forwarded-proto': 'https' };

    const answer = await ask('/healthz', { headers, remoteAddress: '10.0.0.7' });

    expect(answer.headers['strict-transport-security']).toBe('max-age=63072000');
  });
});

describe('request ids', () => {
  test('a sane one of the caller is kept, and stands in the problem', async () => {
    await standing();

    const { headers, body } = await ask('/api/v1/runs', { headers: { 'x-request-id': 'ci-build-1234' } });

    expect(headers['x-request-id']).toBe('ci-build-1234');
    expect(JSON.parse(body)).toMatchObject({ requestId: 'ci-build-1234' });
  });

  test.each(['short', 'with a space', `${'x'.repeat(200)}`, '{"level":"fatal"}'])(
    '%j is not taken into our log',
    async (given) => {
      await standing();

      expect((await ask('/healthz', { headers: { 'x-request-id': given } })).headers['x-request-id']).toMatch(
        /^[0-9a-f]{8}-[0-9a-f-]{27}$/,
      );
    },
  );
});

describe('the name that a request is for', () => {
  test.each([
    ['127.0.0.1:7380', 200],
    ['127.8.9.1', 200],
    ['localhost:7380', 200],
    ['[::1]:7380', 200],
    ['10.2.3.4', 200],
    ['mainstay.example', 200],
    ['MAINSTAY.example:443', 200],
    ['evil.example', 421],
    ['mainstay.example.evil.example', 421],
    ['localhost.evil.example', 421],
    ['127.0.0.1.evil.example', 421],
  ])('of %s is answered with %d', async (host, status) => {
    await standing({ publicUrl: 'https://mainstay.example' });

    expect((await ask('/api/v1/runs', { headers: { ...authorized, host } })).status).toBe(status);
  });

  test('is not believed from a header that anybody can write', async () => {
    await standing({ publicUrl: 'https://mainstay.example' });
    const headers = { ...authorized, host: 'evil.example', 'x-forwarded-host': 'mainstay.example' };

    expect((await ask('/api/v1/runs', { headers })).status).toBe(421);
  });

  test('is believed from a trusted proxy', async () => {
    await standing({ publicUrl: 'https://mainstay.example', trustedProxies: ['10.0.0.0/8'] });
    const headers = { ...authorized, host: 'inner', 'x-forwarded-host': 'mainstay.example' };

    expect((await ask('/api/v1/runs', { headers, remoteAddress: '10.1.2.3' })).status).toBe(200);
    expect((await ask('/api/v1/runs', { headers, remoteAddress: '127.0.0.1' })).status).toBe(421);
  });
});

describe('a request in the clear', () => {
  test.each([
    ['127.0.0.1', 200],
    ['::1', 200],
    ['::ffff:127.0.0.1', 200],
    ['10.0.0.7', 200],
    ['::ffff:10.0.0.7', 200],
    ['10.0.0.8', 403],
    ['192.168.1.1', 403],
  ])('from %s is answered with %d', async (remoteAddress, status) => {
    await standing({ trustedProxies: ['10.0.0.7'] });

    expect((await ask('/api/v1/runs', { headers: authorized, remoteAddress })).status).toBe(status);
  });

  test('may ask from anywhere whether we are well, which says nothing of anybody', async () => {
    await standing();

    expect((await ask('/healthz', { remoteAddress: '192.168.1.1', headers: { host: 'pod' } })).status).toBe(200);
  });
});

describe('limits', () => {
  const stranger = (index: number): Asking => ({ headers: { authorization: `Bearer guess-${index}` } });

  test('a caller who asks too often is told when to come back, and others are served', async () => {
    await standing({ now: () => 0 });
    const headers = { authorization: 'Bearer somebody' };
    for (let count = 0; count < 500; count += 1) await ask('/api/v1/runs', { headers });

    const refused = await ask('/api/v1/runs', { headers });

    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    expect((await ask('/api/v1/runs', { headers: authorized })).status).toBe(200);
    expect((await ask('/api/v1/runs', stranger(1))).status).toBe(401);
  });

  test('after the time that was told the caller is served again', async () => {
    let now = 0;
    await standing({ now: () => now });
    const headers = { authorization: 'Bearer somebody' };
    for (let count = 0; count < 501; count += 1) await ask('/api/v1/runs', { headers });

    now += 1000;

    expect((await ask('/api/v1/runs', { headers })).status).toBe(401);
  });

  test('an address that makes up callers is limited as an address', async () => {
    await standing({ now: () => 0, trustedProxies: ['127.0.0.1'] });
    const from = (address: string, index: number): Asking => ({
      headers: { 'x-forwarded-for': address, authorization: `Bearer guess-${index}` },
    });
    for (let index = 0; index < 1000; index += 1) await ask('/api/v1/runs', from('203.0.113.9', index));

    expect((await ask('/api/v1/runs', from('203.0.113.9', 1001))).status).toBe(429);
    expect((await ask('/api/v1/runs', from('203.0.113.8', 1002))).status).toBe(401);
  });

  test('a network of IPv6 is one address', async () => {
    await standing({ now: () => 0, trustedProxies: ['127.0.0.1'] });
    const from = (address: string): Asking => ({ headers: { 'x-forwarded-for': address } });
    for (let index = 0; index < 1000; index += 1)
      await ask('/healthz/', from(`2001:db8::${(index % 500).toString(16)}`));

    expect((await ask('/healthz/', from('2001:db8:0:0:ffff::1'))).status).toBe(429);
    expect((await ask('/healthz/', from('2001:db8:0:1::1'))).status).toBe(404);
  });

  test.each(['/api/v1/sessions', '/api/v1/%73essions'])(
    'codes can be guessed thirty times and then one in two seconds, at %s',
    async (url) => {
      await standing({ now: () => 0 });
      const guess: Asking = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({ code: 'x'.repeat(43) }),
      };
      for (let count = 0; count < 30; count += 1) expect((await ask(url, guess)).status).not.toBe(429);

      expect(await ask(url, guess)).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
    },
  );

  test('the token of the installation is limited so that scripts do not notice', async () => {
    await standing({ now: () => 0 });
    const statuses = new Set<number>();
    for (let count = 0; count < 2000; count += 1)
      statuses.add((await ask('/api/v1/runs', { headers: authorized })).status);

    expect([...statuses]).toEqual([200]);
  });
});

describe('bodies', () => {
  test('those of plans and definitions may be large, all others are small', async () => {
    await standing();
    const body = JSON.stringify({ text: 'x'.repeat(bodyLimitBytes) });
    const sent: Asking = {
      method: 'POST',
      headers: { ...authorized, 'content-type': 'application/json' },
      payload: body,
    };

    expect((await ask('/api/v1/runs', sent)).status).toBe(400);
    expect((await ask('/api/v1/runs/12/cancel', sent)).status).toBe(413);
  });

  test('every route that is said to take large bodies is there', async () => {
    await standing();

    const known = routes.map(({ method, path }) => `${method} ${path}`);

    expect(largeBodies.filter((route) => !known.includes(route))).toEqual([]);
    expect(routes.filter((route) => bodyLimitOf(route) > bodyLimitBytes)).toHaveLength(largeBodies.length);
  });
});
