import { routes } from '../../../client/api/routes';
import { createRegistry } from '../../../client/published-registry';
import { createEngine } from '../../../client/run-engine';
import { streamOf } from '../../../workflows/domain/streams';
import { rolesFor, roles } from '../../../workflows/domain/authorization';
import type { Role } from '../../../workflows/domain/authorization';
import { changeOpened } from '../../platform/store/change-entries';
import { entry, runCreated, taskOpened } from '../../platform/store/entries';
import { authorized, testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeEngine } from '../../support/client/fake-engine';
import { fakeGateway } from '../../support/client/fake-gateway';
import { grantText, publish, signedIn } from '../../support/client/signed-in';

let api: TestApi;
let now: number;

beforeEach(async () => {
  now = Date.now();
  api = await testApi(
    (store) => createEngine({ store, gateway: fakeGateway(), now: () => now }),
    undefined,
    undefined,
    { now: () => now },
  );
});

afterEach(() => api.close());

interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

async function ask(url: string, { method, headers = {}, body }: Sent) {
  const response = await api.app.inject({
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    url: `/api/v1${url}`,
    headers,
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: response.statusCode, body: response.json() };
}

test.each(roles)(
  'a %s is refused each route whose action is not theirs, before anything of the request is read',
  async (role) => {
    const browser = await signedIn(api, { person: 'user/anna', roles: [role] });
    const refused: string[] = [];
    const wanted: string[] = [];
    for (const { method, path, action } of routes) {
      if (action === 'anybody' || action === 'signed-in' || rolesFor(action).includes(role)) continue;
      wanted.push(`${method} ${path}`);
      const url = path.replaceAll(/:[A-Za-z]+/g, 'x');
      const { status, body } = await ask(url, {
        method,
        headers: { ...browser },
        ...(method === 'POST' ? { body: {} } : {}),
      });
      if (status === 403 && body.code === 'FORBIDDEN' && body.action === action) refused.push(`${method} ${path}`);
    }

    expect(refused).toEqual(wanted);
  },
);

test('whoever has no grant is told who they are, and nothing else', async () => {
  await publish(api.store, grantText('ops', '{role: operator, people: [user/ben]}'));
  const browser = await signedIn(api, { person: 'user/anna' });

  const me = await ask('/me', { headers: { ...browser } });
  const runs = await ask('/runs', { headers: { ...browser } });

  expect(me).toMatchObject({ status: 200, body: { actor: 'user/anna', roles: [], grants: [] } });
  expect(runs).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN', action: 'run.read', hint: expect.stringContaining('viewer') },
  });
});

/** What belongs to the shop, and what belongs to payments. */
async function seed(): Promise<void> {
  for (const [id, number, service] of [
    ['rshop', 1, 'shop'],
    ['rpay', 2, 'pay'],
  ] as const) {
    await api.store.journal.append(streamOf(id), [
      runCreated({ number, scope: { service: [service] } }),
      taskOpened({ id: `${id}/approve` }),
    ]);
    const lock = { runId: id, path: 'deploy', names: [`service/${service}`], token: number };
    await api.store.journal.append('locks', [entry('lock.granted', lock, { key: `granted/${id}` })]);
  }
  for (const [id, number, service] of [
    ['c0000000000sh', 1, 'shop'],
    ['c0000000000pa', 2, 'pay'],
  ] as const)
    await api.store.journal.append(streamOf(id), [changeOpened(number, { scope: { service: [service] } })]);
  await publish(
    api.store,
    ['shop', 'pay']
      .map(
        (service) =>
          `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: {name: ${service}, labels: {service: ${service}}}\nspec: {hosts: [{name: ${service}-1}]}\n`,
      )
      .join('---\n'),
  );
}

const operatorOfTheShop = { person: 'user/anna', roles: ['operator', 'author'], where: { service: ['shop'] } } as const;

test('lists hold what the selector of a grant fits, and nothing else', async () => {
  await seed();
  const headers = { ...(await signedIn(api, operatorOfTheShop)) };

  const [runs, tasks, changes, locks, definitions] = await Promise.all(
    ['/runs', '/tasks', '/changes', '/locks', '/definitions'].map((url) => ask(url, { headers })),
  );

  expect(runs?.body.runs.map(({ id }: { id: string }) => id)).toEqual(['rshop']);
  expect(tasks?.body.tasks.map(({ id }: { id: string }) => id)).toEqual(['rshop/approve']);
  expect(changes?.body.changes.map(({ number }: { number: number }) => number)).toEqual([1]);
  expect(locks?.body.locks.map(({ name }: { name: string }) => name)).toEqual(['service/shop']);
  expect(definitions?.body.definitions.map(({ name }: { name: string }) => name)).toEqual(['shop']);
});

interface Elsewhere {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly nowhere: string;
  readonly body?: object;
}

const elsewhere: readonly Elsewhere[] = [
  { method: 'GET', url: '/runs/2', nowhere: '/runs/9' },
  { method: 'GET', url: '/runs/rpay', nowhere: '/runs/rno' },
  { method: 'GET', url: '/runs/2/journal', nowhere: '/runs/9/journal' },
  { method: 'GET', url: '/runs/2/logs', nowhere: '/runs/9/logs' },
  { method: 'GET', url: '/tasks?run=2', nowhere: '/tasks?run=9' },
  { method: 'GET', url: '/changes/2', nowhere: '/changes/9' },
  { method: 'GET', url: '/definitions/Inventory/pay', nowhere: '/definitions/Inventory/no' },
  { method: 'POST', url: '/runs/2/control', nowhere: '/runs/9/control', body: { action: 'cancel' } },
  { method: 'POST', url: '/runs/2/resume', nowhere: '/runs/9/resume', body: {} },
  { method: 'POST', url: '/runs/2/events', nowhere: '/runs/9/events', body: { name: 'go' } },
  { method: 'POST', url: '/changes/2/cancel', nowhere: '/changes/9/cancel', body: {} },
  {
    method: 'POST',
    url: `/tasks/${encodeURIComponent('rpay/approve')}/answer`,
    nowhere: '/tasks/rno/answer',
    body: { choice: 'approve' },
  },
  { method: 'POST', url: '/tasks/rpay/answer', nowhere: '/tasks/rno/answer', body: { choice: 'approve' } },
];

test.each(elsewhere)(
  '$method $url of another service is answered as what there is not',
  async ({ url, nowhere, ...sent }) => {
    await seed();
    const rest = { ...sent, headers: { ...(await signedIn(api, operatorOfTheShop)) } };

    const [other, none] = [await ask(url, rest), await ask(nowhere, rest)];

    expect(other.status).toBe(404);
    expect({ ...other.body, detail: '', requestId: '' }).toEqual({ ...none.body, detail: '', requestId: '' });
  },
);

test('who was granted what is read by those who may know it, and is hidden from other readers of definitions', async () => {
  await publish(api.store, grantText('ops', '{role: operator, people: [user/ben]}'));
  const statuses: [string, number][] = [];
  for (const role of ['viewer', 'author', 'auditor', 'manager'] as const) {
    const headers = { ...(await signedIn(api, { person: 'user/anna', roles: [role] })) };
    const { body } = await ask('/definitions', { headers });
    expect(body.definitions).toHaveLength(role === 'viewer' || role === 'author' ? 0 : 1);
    statuses.push([role, (await ask('/definitions/Grant/ops', { headers })).status]);
  }

  expect(statuses).toEqual([
    ['viewer', 404],
    ['author', 404],
    ['auditor', 200],
    ['manager', 200],
  ]);
});

test('what one may read and not do is refused with the roles that would allow it', async () => {
  await seed();
  const headers = { ...(await signedIn(api, { ...operatorOfTheShop, roles: ['viewer', 'operator'] })) };
  const both = { ...(await signedIn(api, { person: 'user/ben', roles: ['viewer'] })) };

  const free = await ask('/locks/free', { headers, body: { name: 'service/shop', reason: 'looked at it' } });
  const cancel = await ask('/runs/1/control', { headers: both, body: { action: 'cancel' } });

  expect(free).toMatchObject({ status: 403, body: { code: 'FORBIDDEN', roles: ['manager', 'admin'] } });
  expect(cancel).toMatchObject({ status: 403, body: { code: 'FORBIDDEN', roles: ['operator', 'manager', 'admin'] } });
});

test('everybody acts as themself; only the admin token says for whom it acts, and must', async () => {
  await seed();
  const headers = { ...(await signedIn(api, operatorOfTheShop)) };
  const body = { action: 'pause', actor: 'user/carl' };

  const other = await ask('/runs/1/control', { headers, body });
  const nobody = await ask('/runs/1/control', { headers: authorized, body: { action: 'pause' } });

  expect(other).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN', detail: expect.stringContaining('user/carl') },
  });
  expect(nobody).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
});

function runbook(service: string, version = '1.0.0'): string {
  return `apiVersion: mainstay/v1\nkind: Runbook\nmetadata: {name: deploy, version: ${version}, owner: team/web, labels: {service: ${service}}}\nspec: {steps: [{id: hi, uses: core.echo, with: {text: hi}}]}\n`;
}

describe('publishing', () => {
  beforeEach(async () => {
    await api.close();
    api = await testApi(fakeEngine(), lateRegistry(), undefined, { now: () => now });
  });

  /** The registry of the store that the API has made. */
  function lateRegistry(): Parameters<typeof testApi>[1] {
    return {
      apply: (sources, by) => createRegistry(api.store).apply(sources, by),
      compile: (request) => createRegistry(api.store).compile(request),
      scopeOf: (request) => createRegistry(api.store).scopeOf(request),
      calendars: { find: () => Promise.resolve({ kind: 'missing' }), list: () => Promise.resolve([]) },
      drafts: {
        check: () => Promise.resolve([]),
        preview: () => Promise.resolve({ ok: false, problems: [] }),
        inventories: () => Promise.resolve([]),
        inventory: () => Promise.reject(new Error('not in this test')),
      },
      changeModels: () => Promise.resolve([]),
    };
  }

  async function apply(roles_: readonly Role[], text: string, where: object = {}) {
    const headers = { ...(await signedIn(api, { person: 'user/anna', roles: roles_, ...where })) };
    return ask('/definitions', { headers, body: { sources: [{ name: 'a.yaml', text }] } });
  }

  const team =
    'apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: web}\nspec: {members: [user/anna], secrets: ["env:"]}\n';
  const roster =
    'apiVersion: mainstay/v1\nkind: Roster\nmetadata: {name: ops}\nspec: {zone: UTC, people: [user/a], start: 2026-01-05T09:00, every: P1W}\n';

  test.each([
    ['a runbook', runbook('shop'), ['author', 'manager', 'admin']],
    ['what decides over others', roster, ['manager', 'admin']],
    ['a team, which has secrets and votes', team, ['admin']],
    ['a grant', grantText('own', '{role: admin, people: [user/anna]}'), ['admin']],
  ] as const)('%s is published by whose matter it is, and by nobody else', async (_what, text, allowed) => {
    const answers: string[] = [];
    for (const role of ['author', 'manager', 'admin'] as const)
      if ((await apply([role], text)).status === 200) answers.push(role);

    expect(answers).toEqual(allowed);
  });

  test('nobody takes over what belongs to another service by labelling it as theirs', async () => {
    await publish(api.store, runbook('pay'));
    const where = { where: { service: ['shop'] } };

    const taken = await apply(['author'], runbook('shop', '2.0.0'), where);
    const given = await apply(['author'], runbook('pay', '2.0.0').replace('name: deploy', 'name: other'), where);

    expect([taken, given]).toMatchObject([
      { status: 403, body: { code: 'FORBIDDEN' } },
      { status: 403, body: { code: 'FORBIDDEN' } },
    ]);
    expect((await api.store.definitions.list({ kind: 'Runbook' })).map(({ version }) => version)).toEqual(['1.0.0']);
  });

  test('a run of a published runbook is started within the selector; its own labels widen nothing', async () => {
    await publish(api.store, runbook('pay'));
    const headers = { ...(await signedIn(api, operatorOfTheShop)) };

    const started = await ask('/runs', { headers, body: { definition: 'deploy', labels: { service: 'shop' } } });

    expect(started).toMatchObject({ status: 404, body: { code: 'DEFINITION_NOT_FOUND' } });
  });
});
