import { createRegistry } from '../../../../client/published-registry';
import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { lateRegistry } from '../../../support/client/late-registry';
import { publish } from '../../../support/client/signed-in';

let api: TestApi;

beforeEach(async () => {
  const registry = lateRegistry();
  api = await testApi((store) => {
    registry.set(createRegistry(store));
    return fakeEngine();
  }, registry);
});

afterEach(() => api.close());

async function read(url: string) {
  const response = await api.app.inject({ method: 'GET', url: `/api/v1${url}`, headers: authorized });
  return { status: response.statusCode, body: response.json() };
}

function inventory(version: string, hosts: string): string {
  return `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: {name: web, version: ${version}, owner: team/web}\nspec: ${hosts}\n`;
}

const small = '{hosts: [{name: web1, labels: {role: web}}]}';
const large =
  '{hosts: [{name: web1, labels: {role: front}}, {name: db1, groups: [databases]}], groups: {databases: {}}}';

test('versions of a definition are told newest first, with who published them', async () => {
  await publish(api.store, inventory('1.9.0', small));
  await publish(api.store, inventory('1.10.0', large));

  const { body } = await read('/definitions/Inventory/web/versions');

  expect(body.versions).toEqual([
    expect.objectContaining({ version: '1.10.0', publishedBy: 'user/root', publishedAt: expect.any(Number) }),
    expect.objectContaining({ version: '1.9.0' }),
  ]);
});

test('a difference between two versions is told in meaning, whatever the order of keys and the comments', async () => {
  await publish(api.store, inventory('1.0.0', small));
  await publish(api.store, inventory('1.1.0', large));

  const { body } = await read('/definitions/Inventory/web/diff?from=1.0.0');

  expect(body).toMatchObject({ from: { version: '1.0.0' }, to: { version: '1.1.0' } });
  expect(body.changes).toEqual(expect.arrayContaining(['~ spec.hosts[0].labels.role: "web" → "front"']));
});

test('hosts of an inventory are found by group and by what is typed, page by page', async () => {
  await publish(api.store, inventory('1.0.0', large));

  const [all, group, typed, first] = await Promise.all(
    ['', '?group=databases', '?q=FRONT', '?limit=1'].map((query) => read(`/inventories/web/hosts${query}`)),
  );
  const second = await read(`/inventories/web/hosts?limit=1&after=${first?.body.next}`);

  const names = (answer: typeof all) => answer?.body.hosts.map(({ name }: { name: string }) => name);
  expect([names(all), names(group), names(typed), names(first), names(second)]).toEqual([
    ['web1', 'db1'],
    ['db1'],
    ['web1'],
    ['web1'],
    ['db1'],
  ]);
  expect([first?.body.total, second.body.next]).toEqual([2, null]);
});

test('variables of hosts are not told: they may say what is nobody’s business', async () => {
  await publish(api.store, inventory('1.0.0', '{hosts: [{name: web1, vars: {pin: s3cr3t}}]}'));

  expect(JSON.stringify((await read('/inventories/web/hosts')).body)).not.toContain('s3cr3t');
});

test('people are told with the teams that they are in', async () => {
  const person =
    'apiVersion: mainstay/v1\nkind: Person\nmetadata: {name: anna}\nspec: {name: Anna, zone: Europe/Zurich}\n';
  const team = 'apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: web, title: Web}\nspec: {members: [user/anna]}\n';
  await publish(api.store, `${person}---\n${team}`);

  const [people, teams] = [await read('/people'), await read('/teams')];

  expect(people.body.people).toEqual([
    { reference: 'user/anna', name: 'Anna', email: null, zone: 'Europe/Zurich', active: true, teams: ['team/web'] },
  ]);
  expect(teams.body.teams).toEqual([{ reference: 'team/web', title: 'Web', version: '0.0.1', members: ['user/anna'] }]);
});

test.each([
  ['all', 200],
  ['Runbook', 200],
  ['Nothing', 404],
])('the schema of %s is answered with %d', async (kind, status) => {
  expect((await read(`/schemas/${kind}`)).status).toBe(status);
});
