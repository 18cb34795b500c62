import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { planBundle } from '../../../support/client/plan';
import { signedIn } from '../../../support/client/signed-in';
import { canary, seedTwoScopes } from '../../../support/client/two-scopes';
import type { Seeded } from '../../../support/client/two-scopes';
import { streamOf } from '../../../../workflows/domain/streams';
import { entry, hostEnded, runCreated, runEnded, stepEnded } from '../../../platform/store/entries';

let api: TestApi;
let shop: Seeded;
let pay: Seeded;
let anna: { readonly [header: string]: string };

beforeEach(async () => {
  api = await testApi(fakeEngine());
  ({ shop, pay } = await seedTwoScopes(api.store));
  anna = { ...(await signedIn(api, { person: 'user/anna', roles: ['viewer'], where: { service: ['shop'] } })) };
});

afterEach(() => api.close());

async function read(address: string, headers: { readonly [header: string]: string }) {
  const response = await api.app.inject({ method: 'GET', url: `/api/v1/blobs/${address}`, headers });
  return { status: response.statusCode, text: Buffer.from(response.json().base64 ?? '', 'base64').toString('utf8') };
}

test('bytes are read by whoever says which run they belong to, and may see that run', async () => {
  expect(await read(`${shop.planDigest}?run=${shop.run}`, anna)).toMatchObject({
    status: 200,
    text: expect.stringContaining('mainstay/plan/1'),
  });
});

test.each([
  ['with nothing that they belong to', ''],
  ['with a run of somebody else', '?run=rpayended0000'],
  ['with a run of their own that has nothing to do with them', '?run=rshopended0000'],
  ['with a definition that has nothing to do with them', '?kind=Inventory&name=hosts-shop'],
])('bytes of another scope are not read %s', async (_how, query) => {
  expect(await read(`${pay.planDigest}${query}`, anna)).toEqual({ status: 404, text: '' });
});

test('a digest that somebody has written into what is theirs opens nothing of another scope', async () => {
  const run = 'rshopplanted00';
  const planted = pay.planDigest;
  await api.store.journal.append(streamOf(run), [
    runCreated({
      number: 99,
      scope: { service: ['shop'] },
      labels: { planDigest: planted },
      inputs: { stateDigest: planted, definition: { digest: planted } },
    }),
    entry('event.received', { name: 'told', data: { digest: planted, planDigest: planted } }),
    hostEnded('web-1', { captured: { digest: planted, stateDigest: planted } }),
    stepEnded({ outputs: { stateDigest: planted } }),
    runEnded({ outputs: { stateDigest: planted } }),
  ]);

  expect(await read(`${planted}?run=${run}`, anna)).toEqual({ status: 404, text: '' });
});

test('host shards of its plan, and the state that it has stored, are of a run', async () => {
  const state = await api.store.blobs.putTemporary(Buffer.from('{"steps":{}}'));
  const run = 'rshopstate0000';
  const scope = { service: ['shop'] };
  await api.store.journal.append(streamOf(run), [runCreated({ number: 99, scope }), runEnded({ stateDigest: state })]);
  const [shard = ''] = Object.keys(planBundle().blobs);

  expect(await read(`${shard}?run=${shop.run}`, anna)).toMatchObject({ status: 200 });
  expect(await read(`${state}?run=${run}`, anna)).toEqual({ status: 200, text: '{"steps":{}}' });
});

test('whoever may see everything needs to say nothing', async () => {
  const { status, text } = await read(pay.planDigest, authorized);

  expect([status, text.includes(canary)]).toEqual([200, true]);
});

test('files of a definition are read by its name', async () => {
  const [inventory] = await api.store.definitions.list({ kind: 'Inventory' });

  expect(await read(`${inventory?.digest}?kind=Inventory&name=${inventory?.name}`, authorized)).toMatchObject({
    status: 200,
  });
});
