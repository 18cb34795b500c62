import fastify from 'fastify';

import { guardPerimeter, loopbackPerimeter, perimeterOptions } from '../../../client/api/perimeter';
import { currentRequestId } from '../../../platform/request-context';
import { requestHeader, requestHeaders } from '../../../client/temporal-engine/request-headers';

/** What the interceptor hands on for a signal that is sent now. */
async function sentHeaders(): Promise<Readonly<Record<string, unknown>>> {
  let sent = {};
  const input = { signalName: 'go', args: [], workflowExecution: { workflowId: 'w' }, headers: { kept: {} } };
  await requestHeaders.signal?.(input, (handed) => {
    sent = handed.headers;
    return Promise.resolve();
  });
  return sent;
}

test('what a request with a body leads to tells Temporal its id, also after a wait', async () => {
  const app = fastify(perimeterOptions(loopbackPerimeter));
  guardPerimeter(app, loopbackPerimeter, 'token');
  app.post('/', async () => {
    await new Promise(setImmediate);
    return { id: currentRequestId(), headers: await sentHeaders() };
  });

  const ask = (id: string) =>
    app.inject({ method: 'POST', url: '/', headers: { 'x-request-id': id }, payload: { large: 'x'.repeat(100_000) } });
  const answers = await Promise.all([ask('first-request'), ask('second-request')]);

  expect(answers.map((answer) => answer.json())).toMatchObject([
    { id: 'first-request', headers: { kept: {}, [requestHeader]: expect.anything() } },
    { id: 'second-request', headers: { [requestHeader]: expect.anything() } },
  ]);
  await app.close();
});

test('what we do by ourselves has no request', async () => {
  expect(await sentHeaders()).toEqual({ kept: {} });
});
