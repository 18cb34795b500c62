import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import { addConsole } from '../../../client/api/console-files';

let folder: string;
let app: FastifyInstance;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>the page');
  writeFileSync(join(folder, 'assets', 'index-a1b2.js'), 'the program');
  writeFileSync(join(folder, 'outside.txt'), 'not for anybody');
  app = fastify();
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'ROUTE_NOT_FOUND' }));
  addConsole(app, folder);
  await app.ready();
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

test.each(['/', '/runs/7', '/definitions/Runbook/web%2Fupgrade', '/start/hello?inventory=lab'])(
  'addConsole() answers %s with the page, which no cache keeps',
  async (url) => {
    const answer = await app.inject({ url });

    expect({
      status: answer.statusCode,
      body: answer.body,
      cache: answer.headers['cache-control'],
      type: answer.headers['content-type'],
    }).toEqual({
      status: 200,
      body: '<!doctype html>the page',
      cache: 'no-store',
      type: 'text/html; charset=utf-8',
    });
  },
);

test('addConsole() lets caches keep what is named by its content', async () => {
  const answer = await app.inject({ url: '/assets/index-a1b2.js' });

  expect([answer.statusCode, answer.body, answer.headers['cache-control']]).toEqual([
    200,
    'the program',
    'public, max-age=31536000, immutable',
  ]);
});

test.each([
  '/api/v1/nothing',
  '/api',
  '/hooks/deploy',
  '/votes/x',
  '/auth/oidc/start',
  '/metrics',
  '/assets/gone.js',
  '/assets/..%2foutside.txt',
  '/assets/../api/v1/x',
])('addConsole() never answers %s with the page or a file', async (url) => {
  const answer = await app.inject({ url });

  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode).toBeLessThan(500);
  expect(answer.body).not.toContain('the page');
  expect(answer.body).not.toContain('not for anybody');
});

test('addConsole() adds nothing where the console is not built', async () => {
  const bare = fastify();
  addConsole(bare, join(folder, 'assets'));

  const answer = await bare.inject({ url: '/' });

  expect(answer.statusCode).toBe(404);
  await bare.close();
});
