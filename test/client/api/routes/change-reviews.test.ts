import { hashPlan, planBytes } from '../../../../definitions/plan-hash';
import { createRegistry } from '../../../../client/published-registry';
import type { Registry } from '../../../../client/registry';
import { streamOf } from '../../../../workflows/domain/streams';
import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';

let api: TestApi;
let registry: Registry;

beforeEach(async () => {
  // The registry works with the store that the API is opened on.
  const late: { registry: Registry | null } = { registry: null };
  const ready = (): Registry => {
    if (late.registry === null) throw new Error('Cannot use the registry: the store is not open yet');
    return late.registry;
  };
  api = await testApi(
    (store) => {
      late.registry = createRegistry(store);
      return fakeEngine();
    },
    {
      apply: (...args) => ready().apply(...args),
      compile: (request) => ready().compile(request),
      scopeOf: (request) => ready().scopeOf(request),
      calendars: { find: (name) => ready().calendars.find(name), list: () => ready().calendars.list() },
      get drafts() {
        return ready().drafts;
      },
      changeModels: () => ready().changeModels(),
    },
  );
  registry = ready();
});

afterEach(() => api.close());

const by = { actor: 'user/anna', via: 'test' };

function publish(text: string) {
  return registry.apply([{ name: 'x.yaml', text, files: {} }], by);
}

async function read(url: string) {
  const response = await api.app.inject({ method: 'GET', url: `/api/v1${url}`, headers: authorized });
  return { status: response.statusCode, body: response.json() };
}

const ownModel = `
apiVersion: mainstay/v1
kind: ChangeModel
metadata: { name: change/standard, version: 2.0.0, title: Ours }
spec: { type: standard, changeManagers: [user/mia], dutyManagers: [user/mia] }
`;

const runbook = `
apiVersion: mainstay/v1
kind: Runbook
metadata: { name: hello, version: 1.0.0, title: Hello, owner: user/anna }
spec:
  steps:
    - { id: greet, set: { greeting: hello } }
`;

async function openChange(): Promise<string> {
  const draft = {
    model: 'change/standard',
    runbook: 'hello',
    title: 'Say hello',
    window: { start: '2026-11-24T22:00:00Z', end: '2026-11-25T02:00:00Z' },
  };
  const response = await api.app.inject({
    method: 'POST',
    url: '/api/v1/changes',
    headers: authorized,
    payload: { draft, requester: 'user/anna' },
  });
  return response.json().id;
}

test('GET /change-models tells the shipped models with their questions, and that nobody has published them', async () => {
  const { body } = await read('/change-models');

  expect(body.models.map(({ name, isShipped }: { name: string; isShipped: boolean }) => [name, isShipped])).toEqual([
    ['change/emergency', true],
    ['change/normal', true],
    ['change/standard', true],
  ]);
  expect(body.models[1].spec.risk.questions[0]).toMatchObject({ id: 'impact', answers: { nobody: 0 } });
});

test('GET /change-models tells a published model in the place of the shipped one of its name', async () => {
  await publish(ownModel);

  const { body } = await read('/change-models');

  expect(body.models).toHaveLength(3);
  expect(body.models[2]).toMatchObject({ name: 'change/standard', version: '2.0.0', title: 'Ours', isShipped: false });
});

test('GET /changes/:ref/planned has no plan before the change was submitted', async () => {
  const id = await openChange();

  expect(await read(`/changes/${id}/planned`)).toEqual({ status: 200, body: { planned: null } });
});

test('GET /changes/:ref/planned shows the plan that was kept, whatever was published since', async () => {
  await publish(runbook);
  const id = await openChange();
  const bundle = await registry.compile({ definition: 'hello', inputs: {} });
  const { planHash, planDigest } = hashPlan(bundle.plan);
  const payload = { generation: 1, planHash, planDigest, definition: 'hello@1.0.0', hosts: 0, items: [], units: [] };
  await api.store.journal.append(
    streamOf(id),
    [{ key: 'plan@1', kind: 'change.planned', at: 1, actor: 'engine', via: 'engine', payload }],
    [planBytes(bundle.plan)],
  );
  await publish(runbook.replace('1.0.0', '1.1.0').replace('greeting: hello', 'greeting: bye'));

  const { body } = await read(`/changes/${id}/planned`);

  expect(body.planned).toMatchObject({ planHash, planDigest });
  expect(body.planned.description.steps[0]).toMatchObject({ at: 'greet', does: ['greeting = hello'] });
});

test('GET /changes/:ref/planned of a change that is not there is a 404', async () => {
  expect(await read('/changes/CHG-9/planned')).toMatchObject({ status: 404, body: { code: 'CHANGE_NOT_FOUND' } });
});
