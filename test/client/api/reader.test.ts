import { testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeEngine } from '../../support/client/fake-engine';

let api: TestApi;

beforeEach(async () => {
  api = await testApi(fakeEngine());
});

afterEach(() => api.close());

test('the reader is a page without any script of its own, under the strict policy of everything else', async () => {
  const page = await api.app.inject({ method: 'GET', url: '/api/docs' });
  const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
  const files = await Promise.all(addresses.map((url) => api.app.inject({ method: 'GET', url })));

  expect(page.headers['content-type']).toContain('text/html');
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  expect(page.headers['content-security-policy']).not.toContain('unsafe');
  expect(page.body).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+=/);
  expect(files.map(({ statusCode }) => statusCode)).toEqual(addresses.map(() => 200));
});

test('the document that it reads is told to everybody: it says what may be asked, not what is answered', async () => {
  const document = await api.app.inject({ method: 'GET', url: '/api/v1/openapi.json' });

  expect(document.statusCode).toBe(200);
  expect(document.json()).toMatchObject({ openapi: '3.1.0' });
});

test.each([
  '/api/docs/package.json',
  '/api/docs/index.html',
  '/api/docs/swagger-ui.js',
  '/api/docs/..%2f..%2fzod%2fpackage.json',
])('%s of the package of the reader is not served', async (url) => {
  expect((await api.app.inject({ method: 'GET', url })).statusCode).toBeGreaterThanOrEqual(400);
});
