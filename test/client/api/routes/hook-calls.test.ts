import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import { problemOf } from '../../../../client/api/errors';
import { addHookCalls } from '../../../../client/api/routes/hook-calls';
import { GrantBook } from '../../../../client/access-grants';
import { signedWith } from '../../../../platform/webhook-signature';
import { Secret } from '../../../../platform/secret';
import { digestOf } from '../../../../platform/store/blobs';
import type { TestApi } from '../../../support/client/api';
import { authorized, testApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { runCreated } from '../../../support/client/journal';

const secret = new Secret('shared');
const hook = `
apiVersion: mainstay/v1
kind: Hook
metadata: { name: ci/done, version: 1.0.0, title: CI is done, owner: team/web }
spec:
  auth: { standard: env:SHARED }
  signal: { run: 1, name: done, data: '\${{ body }}' }
`;

let api: TestApi;
let app: FastifyInstance;
const engine = fakeEngine();

beforeEach(async () => {
  api = await testApi(engine);
  const { store } = api;
  const published = { kind: 'Hook', name: 'ci/done', version: '1.0.0', digest: '', text: hook, files: {} };
  const digest = digestOf(Buffer.from(hook));
  await store.definitions.publish({ ...published, digest }, { actor: 'user/anna', via: 'cli', at: 1 });
  await store.journal.append('run/r1', [runCreated({ number: 1 })]);
  app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error, 'request');
    return reply.code(problem.status).send(problem);
  });
  const none = (): Promise<never> => Promise.reject(new Error('no registry in this test'));
  addHookCalls(app, {
    store,
    engine,
    registry: { compile: none, scopeOf: none },
    secrets: { resolve: () => Promise.resolve(secret) },
    grants: new GrantBook(store, () => Date.now()),
    now: () => Date.now(),
  });
});

afterEach(async () => {
  await app.close();
  await api.close();
});

function call(body: Buffer, contentType: string, of: Secret = secret) {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = signedWith({ id: 'msg_1', timestamp, body }, of);
  const signed = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  const headers = { ...signed, 'content-type': contentType };
  return app.inject({ method: 'POST', url: '/hooks/ci/done', headers, payload: body });
}

test.each([
  ['JSON', Buffer.from('{ "ok" : true }'), 'application/json', { ok: true }],
  ['text', Buffer.from('all is well'), 'text/plain', 'all is well'],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x22]), 'application/octet-stream', '\ufffd\ufffd"'],
])('a call is verified over its bytes as they came: %s', async (_what, body, contentType, data) => {
  const { statusCode, body: answer } = await call(body, contentType);

  expect(statusCode).toBe(202);
  expect(JSON.parse(answer)).toEqual({ outcome: 'signalled', run: 1, id: 'r1' });
  expect(engine.signals.at(-1)?.request).toMatchObject({ data, actor: 'service/hook-ci.done', via: 'hook/ci/done' });
});

test('a call that is signed wrongly is 401, one that is too large 413, each with a problem document', async () => {
  const wrong = await call(Buffer.from('{}'), 'application/json', new Secret('guessed'));
  const large = await call(Buffer.alloc(1024 * 1024 + 1, 'x'), 'text/plain');

  expect([wrong.statusCode, wrong.json().code]).toEqual([401, 'HOOK_REFUSED']);
  expect([large.statusCode, large.json().code]).toEqual([413, 'BODY_TOO_LARGE']);
});

test('GET /hooks lists what others may call, and tells no secret', async () => {
  const { statusCode, body } = await api.app.inject({ method: 'GET', url: '/api/v1/hooks', headers: authorized });

  expect(statusCode).toBe(200);
  expect(JSON.parse(body)).toEqual({
    next: null,
    hooks: [
      {
        name: 'ci/done',
        title: 'CI is done',
        owner: 'team/web',
        address: '/hooks/ci/done',
        auth: 'standard',
        does: 'signal done',
      },
    ],
  });
});
