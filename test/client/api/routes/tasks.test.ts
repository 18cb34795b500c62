import type { FakeEngine } from '../../../support/client/fake-engine';
import { createEngine } from '../../../../client/run-engine';
import { taskOpened } from '../../../platform/store/entries';
import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { fakeGateway } from '../../../support/client/fake-gateway';

let api: TestApi;

afterEach(() => api.close());

async function ask(url: string, payload?: object) {
  const method = payload === undefined ? 'GET' : 'POST';
  const response = await api.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...authorized, 'idempotency-key': 'k1' },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: response.statusCode, body: response.json() };
}

describe('delegating', () => {
  let engine: FakeEngine;

  async function start(given: Parameters<typeof fakeEngine>[0] = {}): Promise<void> {
    engine = fakeEngine(given);
    api = await testApi(engine);
    await api.store.journal.append('run/r1', [taskOpened({ id: 'r1-1' })]);
  }

  test('R-APPR-3: POST /tasks/:id/delegate sends the delegation under the key of the request, and tells it', async () => {
    await start();

    const sent = { actor: 'user/anna', to: 'user/dan', until: '1970-01-01T01:00:01+01:00', comment: 'away' };
    const { status, body } = await ask('/tasks/r1-1/delegate', sent);

    expect({ status, body }).toEqual({ status: 200, body: { from: 'user/anna', to: 'user/dan', until: 1_000 } });
    expect(engine.answers).toEqual([
      {
        taskId: 'r1-1',
        id: 'k1',
        actor: 'user/anna',
        via: 'admin-token',
        choice: 'delegate',
        comment: 'away',
        delegation: { to: 'user/dan', until: 1_000 },
      },
    ]);
  });

  test('R-SOD-1: a delegation that the engine refuses is a problem that says why', async () => {
    await start({ answer: { accepted: false, code: 'DUTIES_NOT_SEPARATE', reason: 'Cannot delegate: the requester' } });

    const { status, body } = await ask('/tasks/r1-1/delegate', { actor: 'user/anna', to: 'user/rita' });

    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'DUTIES_NOT_SEPARATE' } });
  });

  test.each([['team/web'], ['dan'], ['user/']])('POST /tasks/:id/delegate is for a person: not to %s', async (to) => {
    await start();

    expect(await ask('/tasks/r1-1/delegate', { actor: 'user/anna', to })).toMatchObject({ status: 400 });
    expect(engine.answers).toEqual([]);
  });
});

test('GET /tasks tells page after page, each task once', async () => {
  api = await testApi((store) => createEngine({ store, gateway: fakeGateway(), now: () => 1_000 }));
  const opened = Array.from({ length: 7 }, (_, index) => taskOpened({ id: `r1-${index}` }, 10 + (index % 2)));
  await api.store.journal.append('run/r1', opened);
  const seen: string[] = [];

  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await ask(`/tasks?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...body.tasks.map(({ id }: { readonly id: string }) => id));
    cursor = body.next;
  }

  expect(seen).toEqual(['r1-0', 'r1-2', 'r1-4', 'r1-6', 'r1-1', 'r1-3', 'r1-5']);
});

test('no page is longer than 200', async () => {
  api = await testApi(fakeEngine());

  for (const list of ['/tasks', '/locks', '/definitions', '/people', '/teams', '/inventories', '/calendars', '/tokens'])
    expect(await ask(`${list}?limit=201`)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
});
