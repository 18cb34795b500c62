import { createEngine } from '../../../../client/run-engine';
import { streamOf } from '../../../../workflows/domain/streams';
import { runCreated, runEnded, runStarted } from '../../../platform/store/entries';
import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeGateway } from '../../../support/client/fake-gateway';
import { grantText, publish, signedIn } from '../../../support/client/signed-in';

const dayMs = 86_400_000;

let api: TestApi;

beforeAll(async () => {
  api = await testApi((store) => createEngine({ store, gateway: fakeGateway(), now: () => 1 }));
  for (let number = 1; number <= 5; number += 1) {
    const service = number % 2 === 0 ? 'pay' : 'shop';
    await api.store.journal.append(streamOf(`r${number}`), [
      runCreated(
        { number, scope: { service: [service] }, parent: number === 5 ? 'r4' : null, inputs: { host: `web${number}` } },
        number * dayMs,
      ),
      ...(number < 4 ? [runEnded({ outcome: 'failed' }, number * dayMs + 1)] : [runStarted(false, number * dayMs + 1)]),
    ]);
  }
});

afterAll(() => api.close());

async function ask(url: string, headers: Readonly<Record<string, string>> = authorized) {
  const response = await api.app.inject({ method: 'GET', url: `/api/v1${url}`, headers: { ...headers } });
  const body = response.json();
  const runs: unknown = body.runs;
  const numbers = Array.isArray(runs) ? runs.map((run: { readonly number: number }) => run.number) : null;
  return { status: response.statusCode, body, numbers };
}

test.each([
  ['', [5, 4, 3, 2, 1]],
  ['?outcome=failed&label=service:shop', [3, 1]],
  ['?label=service:shop&label=service:pay', []],
  ['?requester=user/anna&state=running', [5, 4]],
  ['?requester=user/nobody', []],
  ['?q=web4', [4]],
  ['?q=', [5, 4, 3, 2, 1]],
  ['?parent=4', [5]],
  ['?parent=none&state=running', [4]],
  ['?parent=nobody-knows', []],
  ['?from=1970-01-03&to=1970-01-05', [3, 2]],
  ['?before=3', [2, 1]],
])('GET /runs%s lists runs %j', async (query, numbers) => {
  expect(await ask(`/runs${query}`)).toMatchObject({ status: 200, numbers });
});

test('GET /runs goes on where the page before ended, until there is nothing further', async () => {
  const first = await ask('/runs?limit=2');
  const second = await ask(`/runs?limit=2&cursor=${String(first.body.next)}`);
  const third = await ask(`/runs?limit=2&cursor=${String(second.body.next)}`);

  expect([first.numbers, second.numbers, third.numbers]).toEqual([[5, 4], [3, 2], [1]]);
  expect(third.body.next).toBeNull();
  expect((await ask('/runs?limit=5')).body.next).toBeNull();
});

test.each([
  '?cursor=nonsense',
  '?cursor=eyJiZWZvcmUiOiJ4In0',
  '?label=shop',
  '?outcome=fine',
  '?from=yesterday',
  '?x=1',
])('GET /runs%s is refused as a request that nobody can read', async (query) => {
  expect(await ask(`/runs${query}`)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
});

test('GET /runs and its counts leave out what the caller may not see, before the page is cut', async () => {
  await publish(api.store, grantText('shop', '{role: viewer, people: [user/anna], where: {service: [shop]}}'));
  const browser = await signedIn(api, { person: 'user/anna' });

  const page = await ask('/runs?limit=2', { ...browser });
  const hidden = await ask('/runs?parent=r4', { ...browser });
  const { counts } = (await ask('/runs/counts', { ...browser })).body;

  expect(page.numbers).toEqual([5, 3]);
  expect(hidden.numbers).toEqual([5]);
  expect(counts).toMatchObject({ running: { count: 1, more: false }, closed: { count: 2, more: false } });
});

test('GET /runs/counts counts what a list would show, state by state', async () => {
  expect((await ask('/runs/counts')).body.counts).toEqual({
    pending: { count: 0, more: false },
    running: { count: 2, more: false },
    waiting: { count: 0, more: false },
    paused: { count: 0, more: false },
    closed: { count: 3, more: false },
  });
  expect((await ask('/runs/counts?label=service:pay')).body.counts).toMatchObject({ closed: { count: 1 } });
});

test('GET /status counts open runs and tasks without listing them', async () => {
  expect((await ask('/status')).body).toMatchObject({ openRuns: 2, openTasks: 0 });
});
