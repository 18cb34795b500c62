import { authorized, testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeEngine } from '../../support/client/fake-engine';

let api: TestApi;

beforeEach(async () => {
  api = await testApi(fakeEngine());
});

afterEach(() => api.close());

async function madeToken(headers: Record<string, string>): Promise<string> {
  const payload = { name: 'ci', person: 'service/ci', roles: ['viewer'] };
  const made = await api.app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers: { ...authorized, ...headers },
    payload,
  });
  return String(made.headers['x-request-id']);
}

test('what a request writes into the journal says which request it was, and so does the audit', async () => {
  const given = await madeToken({ 'x-request-id': 'ticket-4711' });
  const own = await madeToken({});

  expect(given).toBe('ticket-4711');
  const entries = await api.store.journal.read('access', { kinds: ['access.token-created'] });
  expect(entries.map(({ request }) => request)).toEqual(['ticket-4711', own]);
  const audit = await api.app.inject({ method: 'GET', url: '/api/v1/journal', headers: authorized });
  expect(audit.json().entries.map(({ request }: { request: string }) => request)).toEqual([own, 'ticket-4711']);
});

test.each(['short', 'with space in it', 'x'.repeat(101), 'line\u000afeed-line'])(
  'an id of the caller that is %j stands nowhere',
  async (id) => {
    const told = await madeToken({ 'x-request-id': id });

    expect(told).toMatch(/^[0-9a-f-]{36}$/);
    expect(await api.store.journal.read('access')).toMatchObject([{ request: told }]);
  },
);
