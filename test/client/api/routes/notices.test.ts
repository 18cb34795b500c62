import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { seedTwoScopes } from '../../../support/client/two-scopes';
import type { Seeded } from '../../../support/client/two-scopes';
import { entry } from '../../../platform/store/entries';

let api: TestApi;
let shop: Seeded;

beforeEach(async () => {
  api = await testApi(fakeEngine());
  ({ shop } = await seedTwoScopes(api.store));
});

afterEach(() => api.close());

async function tokenOf(person: string, where?: object): Promise<{ readonly authorization: string }> {
  const payload = { name: 'test', person, roles: ['viewer'], ...(where === undefined ? {} : { where }) };
  const made = await api.app.inject({ method: 'POST', url: '/api/v1/tokens', headers: authorized, payload });
  return { authorization: `Bearer ${made.json().token}` };
}

async function list(headers: object, query = '') {
  const response = await api.app.inject({ method: 'GET', url: `/api/v1/notices${query}`, headers: { ...headers } });
  return { status: response.statusCode, body: response.json() };
}

interface Listed {
  readonly kind: string;
  readonly recipient: string;
  readonly state: string;
}

function lines({ body }: { readonly body: { readonly notices?: readonly Listed[] } }): readonly string[] {
  return (body.notices ?? []).map(({ kind, recipient, state }) => `${kind} ${recipient} ${state}`).toSorted();
}

test('who was told of a run, and why somebody was not, is seen by whoever sees the run', async () => {
  const shop = await tokenOf('user/anna', { service: ['shop'] });

  expect(await list(shop, '?about=run/1')).toMatchObject({
    status: 200,
    body: {
      notices: [
        {
          kind: 'run.failed',
          about: { kind: 'run', id: 'rshopended0000' },
          recipient: 'user/person-openshop',
          channel: 'mail',
          state: 'failed',
          attempts: 1,
          nextAt: null,
          failure: { code: 'MAIL_REFUSED', reason: '550 no openshop' },
        },
      ],
      subjects: { rshopended0000: 'run 1' },
      next: null,
    },
  });
  expect(lines(await list(shop))).toEqual(['run.failed user/person-openshop failed']);
  expect(await list(shop, '?about=run/11')).toMatchObject({ status: 404, body: { code: 'RUN_NOT_FOUND' } });
});

test('a task is named by the beginning of its id, too, and one that is not there is said so', async () => {
  const id = shop.task;
  const added = [{ person: 'user/anna', actor: 'user/anna' }];
  await api.store.journal.append(`run/${shop.openRun}`, [
    entry('task.asked', { taskId: id, people: added, added }, { key: 'asked' }),
  ]);
  const asked = await list(authorized, `?about=task/${id}`);

  const short = await list(authorized, `?about=task/${id.slice(0, -1)}`);

  expect(lines(asked)).toEqual(['task.opened user/anna open']);
  expect(short).toEqual(asked);
  expect(await list(authorized, '?about=task/nothing')).toMatchObject({
    status: 404,
    body: { code: 'TASK_NOT_FOUND' },
  });
});

test('everybody sees what they themselves are told, whatever it is about, and nothing else by "mine"', async () => {
  const person = await tokenOf('user/person-canarypay7f3a', { service: ['shop'] });

  expect(lines(await list(person))).toEqual([
    'run.failed user/person-canarypay7f3a failed',
    'run.failed user/person-openshop failed',
  ]);
  expect(lines(await list(person, '?mine=true'))).toEqual(['run.failed user/person-canarypay7f3a failed']);
});

test('the list is narrowed by state and recipient, and goes on where a page ends', async () => {
  const all = await list(authorized);
  const first = await list(authorized, '?limit=1');
  const second = await list(authorized, `?limit=1&cursor=${first.body.next}`);

  expect(lines(all)).toHaveLength(2);
  expect([...lines(first), ...lines(second)].toSorted()).toEqual(lines(all));
  expect(lines(await list(authorized, '?state=sent'))).toEqual([]);
  expect(lines(await list(authorized, '?recipient=user/person-openshop'))).toHaveLength(1);
  expect((await list(authorized, '?about=nothing')).status).toBe(400);
});
