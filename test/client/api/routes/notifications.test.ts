import { defaultPreferences } from '../../../../workflows/domain/notice-delivery';
import { authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { publish } from '../../../support/client/signed-in';

const quietly = { ...defaultPreferences, kinds: { 'run.failed': ['ntfy'] }, quiet: { from: '22:00', to: '07:00' } };

let api: TestApi;

beforeEach(async () => {
  api = await testApi(fakeEngine());
});

afterEach(() => api.close());

async function tokenOf(person: string, role: string, where?: object): Promise<{ readonly authorization: string }> {
  const payload = { name: 'test', person, roles: [role], ...(where === undefined ? {} : { where }) };
  const made = await api.app.inject({ method: 'POST', url: '/api/v1/tokens', headers: authorized, payload });
  return { authorization: `Bearer ${made.json().token}` };
}

async function call(headers: object, path: string, payload?: object) {
  const request = { url: `/api/v1${path}`, headers: { ...headers } };
  const response = await api.app.inject(
    payload === undefined ? { ...request, method: 'GET' } : { ...request, method: 'POST', payload },
  );
  return { status: response.statusCode, body: response.json() };
}

test('whoever has said nothing is told by everything that reaches them', async () => {
  const anna = await tokenOf('user/anna', 'viewer');

  expect(await call(anna, '/me/notifications')).toEqual({
    status: 200,
    body: { person: 'user/anna', preferences: defaultPreferences, reachable: ['mail'], zone: 'UTC' },
  });
});

test('the answer tells the zone that times of day are of', async () => {
  await publish(
    api.store,
    'apiVersion: mainstay/v1\nkind: Person\nmetadata: {name: anna}\nspec: {zone: Europe/Berlin}\n',
  );

  expect(await call(await tokenOf('user/anna', 'viewer'), '/me/notifications')).toMatchObject({
    body: { zone: 'Europe/Berlin' },
  });
});

test('everybody sets their own, as a whole: what is left out is as in the beginning', async () => {
  const anna = await tokenOf('user/anna', 'viewer');
  await call(anna, '/me/notifications', quietly);

  const answer = await call(anna, '/me/notifications', { digest: 'hourly' });

  expect(answer).toMatchObject({ status: 200, body: { preferences: { ...defaultPreferences, digest: 'hourly' } } });
  const [first] = await api.store.journal.read('system', { kinds: ['preferences.set'] });
  expect(first).toMatchObject({ actor: 'user/anna', via: expect.stringMatching(/^token\//) });
});

test.each([
  [{ quiet: { from: '25:00', to: '07:00' } }, 'time of day'],
  [{ quiet: { from: '08:00', to: '07:00' } }, 'at most 16 hours'],
  [{ kinds: { 'run.lost': 'off' } }, 'kinds'],
  [{ kinds: { 'run.failed': [] } }, 'kinds'],
  [{ kinds: { 'run.failed': ['pigeon'] } }, 'kinds'],
  [{ channels: ['pigeon'] }, 'channels'],
  [{ digest: 'weekly' }, 'digest'],
  [{ digestAt: '8' }, 'time of day'],
  [{ colour: 'blue' }, 'colour'],
])('%j is refused', async (body, named) => {
  expect(await call(await tokenOf('user/anna', 'viewer'), '/me/notifications', body)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining(named) },
  });
});

test('the admin token is nobody, and is told to name somebody', async () => {
  expect(await call(authorized, '/me/notifications')).toMatchObject({
    status: 404,
    body: { code: 'NOTIFICATIONS_NOT_FOUND', hint: expect.stringContaining('/people/LOGIN/notifications') },
  });
  expect(await call(authorized, '/people/ben/notifications', quietly)).toMatchObject({
    status: 200,
    body: { person: 'user/ben', preferences: quietly },
  });
});

test('a program has no preferences, and is told of subscriptions', async () => {
  expect(await call(await tokenOf('service/ci', 'operator'), '/me/notifications', {})).toMatchObject({
    status: 404,
    body: { code: 'NOTIFICATIONS_NOT_FOUND', hint: expect.stringContaining('subscribe') },
  });
});

test('those of others are a matter of whoever manages everything', async () => {
  const path = '/people/ben/notifications';
  const ofShop = await tokenOf('user/anna', 'manager', { service: ['shop'] });

  for (const headers of [await tokenOf('user/anna', 'operator'), ofShop]) {
    expect(await call(headers, path)).toMatchObject({ status: 403 });
    expect(await call(headers, path, quietly)).toMatchObject({ status: 403 });
  }
  const manager = await tokenOf('user/anna', 'manager');
  expect(await call(manager, path, quietly)).toMatchObject({ status: 200, body: { person: 'user/ben' } });
  expect(await call(await tokenOf('user/ben', 'viewer'), '/me/notifications')).toMatchObject({
    body: { preferences: quietly },
  });
});
