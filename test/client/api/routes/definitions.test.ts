import { z } from 'zod';

import { createRegistry } from '../../../../client/published-registry';
import type { Role, Selector } from '../../../../workflows/domain/authorization';
import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { lateRegistry } from '../../../support/client/late-registry';
import { publish, signedIn } from '../../../support/client/signed-in';

let api: TestApi;

beforeEach(async () => {
  const registry = lateRegistry();
  api = await testApi(fakeEngine(), registry);
  registry.set(createRegistry(api.store));
  await publish(api.store, [team('web', 'user/anna'), team('pay', 'user/ben')].join('---\n'));
});

afterEach(() => api.close());

function team(name: string, member: string): string {
  return `apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: ${name}}\nspec: {members: [${member}], secrets: ["env:${name}_"]}\n`;
}

function runbook(metadata: string): string {
  return `apiVersion: mainstay/v1\nkind: Runbook\nmetadata: ${metadata}\nspec: {steps: [{id: hi, uses: core.echo, with: {text: hi}}]}\n`;
}

const owned = (owner: string, version = '1.0.0'): string =>
  runbook(`{name: deploy, version: ${version}, owner: ${owner}, labels: {service: shop}}`);

function inventory(owner: string): string {
  return `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: {name: hosts, labels: {service: shop}${owner}}\nspec: {hosts: [{name: a}]}\n`;
}

interface Author {
  readonly roles?: readonly Role[];
  readonly where?: Selector;
}

const ofTheShop: Author = { where: { service: ['shop'] } };

async function applyAs({ roles = ['author'], ...where }: Author, text: string) {
  const headers = { ...(await signedIn(api, { person: 'user/anna', roles, ...where })) };
  return send(headers, { sources: [{ name: 'a.yaml', text }] });
}

async function send(headers: Record<string, string>, payload: object) {
  const response = await api.app.inject({ method: 'POST', url: '/api/v1/definitions', headers, payload });
  return { status: response.statusCode, body: response.json() };
}

async function published(kind = 'Runbook'): Promise<readonly string[]> {
  return (await api.store.definitions.list({ kind })).map(({ name, version }) => `${name}@${version}`);
}

test.each(['team/web', 'user/anna'])(
  'an author whose grant has a selector publishes in the name of %s, which is theirs',
  async (owner) => {
    expect(await applyAs(ofTheShop, owned(owner))).toMatchObject({ status: 200 });
  },
);

test.each(['team/pay', 'team/web@1', 'team/nobody', 'user/ben'])(
  'nobody uses the secrets of %s by naming it as the owner of what they publish',
  async (owner) => {
    const foreign = await applyAs(ofTheShop, owned(owner));

    expect(foreign).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', owner, detail: expect.stringContaining(`"${owner}"`) },
    });
    expect(await published()).toEqual([]);
  },
);

test('one document of another team refuses the whole request', async () => {
  const texts = [owned('team/web'), inventory(', owner: team/pay')];

  expect(await applyAs(ofTheShop, texts.join('---\n'))).toMatchObject({
    status: 403,
    body: { owner: 'team/pay' },
  });
  expect(await published()).toEqual([]);
});

test.each([
  ['names its own team', ', owner: team/web'],
  ['names nobody', ''],
])('what another team has published is not taken over by a text that %s', async (_what, owner) => {
  await publish(api.store, inventory(', owner: team/pay'));

  expect(await applyAs(ofTheShop, inventory(owner))).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN', owner: 'team/pay' },
  });
  expect(await published('Inventory')).toEqual(['hosts@0.0.1']);
});

test('what nobody owns needs no team, and is taken on by one', async () => {
  const answers = [await applyAs(ofTheShop, inventory('')), await applyAs(ofTheShop, inventory(', owner: team/web'))];

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test('whoever may publish everywhere does it for every team', async () => {
  const everywhere = await applyAs({}, owned('team/pay'));
  const admin = await send(authorized, {
    actor: 'user/anna',
    sources: [{ name: 'a.yaml', text: owned('team/pay', '1.1.0') }],
  });

  expect([everywhere.status, admin.status]).toEqual([200, 200]);
  expect(await published()).toEqual(['deploy@1.0.0', 'deploy@1.1.0']);
});

test('what ships with the engine is put aside only by whoever may publish everywhere', async () => {
  const shadow = runbook('{name: server/reboot, version: 9.0.0, owner: team/web, labels: {service: shop}}');

  const ofSome = await applyAs(ofTheShop, shadow);
  expect(ofSome).toMatchObject({ status: 403, body: { code: 'FORBIDDEN', action: 'definition.write' } });
  expect(await published()).toEqual([]);

  expect(await applyAs({}, shadow)).toMatchObject({ status: 200 });
  expect(await applyAs(ofTheShop, shadow.replace('9.0.0', '9.0.1'))).toMatchObject({ status: 200 });
});

test('pages of versions that differ in their build alone leave none out', async () => {
  const versions = ['1.0.0+b', '1.0.0+a', '1.0.0'];
  await publish(
    api.store,
    versions.map((version) => runbook(`{name: deploy, version: ${version}, owner: team/web}`)).join('---\n'),
  );
  const headers = await signedIn(api, { person: 'user/anna', roles: ['admin'] });
  const seen: string[] = [];
  for (let cursor = ''; ;) {
    const url = `/api/v1/definitions?kind=Runbook&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { definitions, next } = Page.parse(
      (await api.app.inject({ method: 'GET', url, headers: { ...headers } })).json(),
    );
    seen.push(...definitions.map(({ version }) => version));
    if (next === null) break;
    cursor = encodeURIComponent(next);
  }

  expect(seen).toEqual(['1.0.0', '1.0.0+a', '1.0.0+b']);
});

const Page = z.object({ definitions: z.array(z.object({ version: z.string() })), next: z.string().nullable() });
