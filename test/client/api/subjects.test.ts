import { createRegistry } from '../../../client/published-registry';
import { testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeEngine } from '../../support/client/fake-engine';
import { lateRegistry } from '../../support/client/late-registry';
import { publish, signedIn } from '../../support/client/signed-in';

let api: TestApi;

beforeEach(async () => {
  const registry = lateRegistry();
  api = await testApi(fakeEngine(), registry);
  registry.set(createRegistry(api.store));
  const texts = [
    runbook('of-shop', '{service: shop}'),
    runbook('of-pay', '{service: pay}'),
    runbook('of-nobody', '{}'),
    model('plain', '{}'),
    model('of-pay', '{service: pay}'),
    model('of-shop', '{service: shop}'),
  ];
  await publish(api.store, texts.join('---\n'));
});

afterEach(() => api.close());

function runbook(name: string, labels: string): string {
  return `apiVersion: mainstay/v1\nkind: Runbook\nmetadata: {name: ${name}, version: 1.0.0, owner: team/web, labels: ${labels}}\nspec: {steps: [{id: hi, uses: core.echo, with: {text: hi}}]}\n`;
}

function model(name: string, labels: string): string {
  return `apiVersion: mainstay/v1\nkind: ChangeModel\nmetadata: {name: ${name}, labels: ${labels}}\nspec: {type: standard, changeManagers: [user/mara], dutyManagers: [user/dora]}\n`;
}

const plain = {
  model: 'plain',
  runbook: 'of-shop',
  title: 'Deploy',
  window: { start: '2026-11-24T22:00:00Z', end: '2026-11-25T02:00:00Z' },
};

async function open(draft: object) {
  const headers = {
    ...(await signedIn(api, { person: 'user/anna', roles: ['operator'], where: { service: ['shop'] } })),
  };
  const response = await api.app.inject({ method: 'POST', url: '/api/v1/changes', headers, payload: { draft } });
  return { status: response.statusCode, body: response.json() };
}

test.each([
  ['as it is', {}],
  ['that names its own service', { items: ['service/shop', 'host/a'] }],
  ['of a model of its own service', { model: 'of-shop' }],
  ['that labels itself as another', { labels: { service: 'pay', ticket: 'INC1' } }],
])('whoever may change a service opens a change of it %s', async (_what, own) => {
  expect(await open({ ...plain, ...own })).toMatchObject({ status: 200, body: { scope: { service: ['shop'] } } });
});

test.each([
  ['names another service', { items: ['service/pay'] }],
  ['names both', { items: ['service/shop', 'service/pay'] }],
  ['is of a model of another service', { model: 'of-pay' }],
])('a change that %s is of that one, too, and is refused to whoever may not change it', async (_what, own) => {
  expect(await open({ ...plain, ...own })).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN', action: 'change.write' },
  });
  expect(await api.store.changes.list({ limit: 10 })).toEqual([]);
});

test.each([
  ['labels', { labels: { service: 'shop' } }],
  ['services', { items: ['service/shop'] }],
  ['a model', { model: 'of-shop' }],
])('nobody gets at a runbook outside of their grants by %s that they choose themselves', async (_what, own) => {
  for (const name of ['of-nobody', 'of-pay', 'unheard-of'])
    expect(await open({ ...plain, runbook: name, ...own })).toMatchObject({
      status: 404,
      body: { code: 'DEFINITION_NOT_FOUND' },
    });
  expect(await api.store.changes.list({ limit: 10 })).toEqual([]);
});
