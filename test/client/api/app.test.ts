import { documentPath } from '../../../client/api/openapi';
import { routes } from '../../../client/api/routes';
import { authorized, testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeEngine } from '../../support/client/fake-engine';
import { planBundle } from '../../support/client/plan';
import { runRow, runView, taskRow } from '../../support/client/run-view';
import { encodeBundle } from '../../../activities/plans/plan-bundle';

let api: TestApi;

afterEach(async () => {
  await api.close();
});

const run = runRow();

async function send(
  method: 'GET' | 'POST',
  url: string,
  rest: { body?: object; headers?: Record<string, string> } = {},
) {
  const response = await api.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...authorized, ...rest.headers },
    ...(rest.body === undefined ? {} : { payload: rest.body }),
  });
  return { status: response.statusCode, type: response.headers['content-type'], body: response.json() };
}

test.each([{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic dGVzdA==' }])(
  'a request with headers %j is refused as unauthenticated',
  async (headers) => {
    api = await testApi(fakeEngine());

    const response = await api.app.inject({ method: 'GET', url: '/api/v1/runs', headers });

    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
  },
);

test('POST /runs hands plan, blobs and idempotency key to the engine', async () => {
  const engine = fakeEngine({ runs: [run] });
  api = await testApi(engine);
  const bundle = planBundle();

  const answer = await send('POST', '/runs', {
    body: { ...encodeBundle(bundle), requester: 'user/anna', expect: 'sha256:aa' },
    headers: { 'idempotency-key': 'k1' },
  });

  expect(answer).toMatchObject({ status: 200, body: { id: run.id, number: 12 } });
  expect(engine.started).toEqual([
    { ...bundle, requester: 'user/anna', via: 'admin-token', expect: 'sha256:aa', idempotencyKey: 'k1' },
  ]);
});

test.each([
  ['no plan', {}],
  ['a plan that is none', { plan: { format: 'mainstay/plan/1' }, blobs: {}, requester: 'user/anna' }],
  ['an unknown key', { definition: 'hello', requester: 'user/anna', colour: 'red' }],
  [
    "a label of the engine's own",
    { definition: 'hello', requester: 'user/anna', labels: { 'mainstay/check': 'true' } },
  ],
  [
    "a plan and a label of the engine's own",
    { ...encodeBundle(planBundle()), requester: 'user/anna', labels: { 'mainstay/check': 'true' } },
  ],
  ['a requester that is no user', { definition: 'hello', requester: 'anna smith' }],
])('POST /runs with %s is a problem document, never a crash', async (_what, body) => {
  api = await testApi(fakeEngine());

  const answer = await send('POST', '/runs', { body });

  expect(answer.status).toBe(400);
  expect(answer.type).toContain('application/problem+json');
  expect(answer.body).toMatchObject({
    code: 'REQUEST_INVALID',
    hint: expect.any(String),
    requestId: expect.any(String),
  });
});

test('a body that is not JSON is a problem document', async () => {
  api = await testApi(fakeEngine());

  const response = await api.app.inject({
    method: 'POST',
    url: '/api/v1/runs',
    headers: { ...authorized, 'content-type': 'application/json' },
    payload: '{"plan":',
  });

  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ code: 'REQUEST_INVALID' });
});

test('an unexpected error becomes INTERNAL without its text', async () => {
  api = await testApi(fakeEngine({ failure: new Error('secret detail') }));

  const answer = await send('GET', '/runs');

  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ code: 'INTERNAL' });
  expect(JSON.stringify(answer.body)).not.toContain('secret detail');
});

test('GET /runs/:ref answers the view, and RUN_NOT_FOUND for another reference', async () => {
  api = await testApi(fakeEngine({ views: [runView()] }));

  expect(await send('GET', '/runs/12')).toMatchObject({ status: 200, body: runView() });
  expect(await send('GET', '/runs/13')).toMatchObject({ status: 404, body: { code: 'RUN_NOT_FOUND' } });
});

test('POST /tasks/:id/answer passes ids with slashes, and says who answered by which way (D9)', async () => {
  const engine = fakeEngine({ tasks: [taskRow()] });
  api = await testApi(engine);

  const answer = await send('POST', `/tasks/${encodeURIComponent('rabc/approve')}/answer`, {
    body: { actor: 'user/ben', choice: 'approve', comment: 'ok' },
    headers: { 'idempotency-key': 'v1' },
  });

  expect(answer).toMatchObject({ status: 200, body: { accepted: true, decided: true, choice: 'approve' } });
  expect(engine.answers).toEqual([
    { taskId: 'rabc/approve', actor: 'user/ben', via: 'admin-token', choice: 'approve', comment: 'ok', id: 'v1' },
  ]);
});

test('a refused answer is a 409 with the code and reason of the run', async () => {
  api = await testApi(
    fakeEngine({ answer: { accepted: false, code: 'NOT_A_CANDIDATE', reason: 'not a member of team/web' } }),
  );

  const answer = await send('POST', '/tasks/t1/answer', { body: { actor: 'user/eve', choice: 'approve' } });

  expect(answer).toMatchObject({
    status: 409,
    body: { code: 'NOT_A_CANDIDATE', detail: expect.stringContaining('not a member') },
  });
});

test('a refused control is a 409 with the code and reason of the run', async () => {
  api = await testApi(fakeEngine({ control: { accepted: false, code: 'RUN_CLOSED', reason: 'run 12 has ended' } }));

  const answer = await send('POST', '/runs/12/control', { body: { action: 'pause', actor: 'user/anna' } });

  expect(answer).toMatchObject({ status: 409, body: { code: 'RUN_CLOSED' } });
});

test('GET /status tells what runs', async () => {
  api = await testApi(fakeEngine());

  expect(await send('GET', '/status')).toMatchObject({
    status: 200,
    body: { version: '0.0.0', store: 'libsql', temporal: 'up', workers: 1, openRuns: 0, openTasks: 0 },
  });
});

test('GET /openapi.json documents every route', async () => {
  api = await testApi(fakeEngine());

  const { body } = await send('GET', '/openapi.json');

  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths)).toEqual([...new Set(routes.map(({ path }) => documentPath(path)))]);
  expect(body.paths['/runs/{ref}/control'].post.requestBody.content['application/json'].schema).toMatchObject({
    required: ['action'],
  });
  expect(Object.keys(body.paths['/runs/{ref}/events'].get.responses[200].content)).toEqual(['text/event-stream']);
});

test('an unknown route is a problem document', async () => {
  api = await testApi(fakeEngine());

  expect(await send('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
});
