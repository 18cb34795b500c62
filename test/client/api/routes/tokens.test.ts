import { Sessions } from '../../../../client/identity/sessions';
import { askApi, authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { openSession } from '../../../support/client/opened-session';
import { grantText, publish, signedIn } from '../../../support/client/signed-in';

let api: TestApi;
let now: number;

beforeEach(async () => {
  now = Date.now();
  api = await testApi(fakeEngine(), undefined, undefined, { now: () => now });
});

afterEach(() => api.close());

function ask(url: string, headers: Record<string, string>, body?: object) {
  return askApi(api, url, { headers, body });
}

const keyed = { ...authorized, 'idempotency-key': 'deploy-2026-11' };
const wanted = { name: 'ci', person: 'service/ci', roles: ['viewer'] };

describe('a token that is asked for again', () => {
  test('is not made again: the answer names the one there is, and holds no secret', async () => {
    const first = await ask('/tokens', keyed, wanted);
    const again = await ask('/tokens', keyed, wanted);

    expect([first.status, again.status]).toEqual([200, 409]);
    expect(again.body).toMatchObject({ code: 'TOKEN_MADE_BEFORE', token: first.body.id });
    expect(JSON.stringify(again.body)).not.toContain(first.body.token.slice(-43));
    expect(await api.store.access.tokens()).toHaveLength(1);
  });

  test('is made once, however many ask at once, and its secret lets somebody in', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => ask('/tokens', keyed, wanted)));

    const [first, ...others] = made.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    expect(await ask('/me', { authorization: `Bearer ${first?.body.token}` })).toMatchObject({ status: 200 });
    expect(await api.store.access.tokens()).toHaveLength(1);
  });

  test('is not made as another one either, nor again once it was revoked', async () => {
    const { body } = await ask('/tokens', keyed, wanted);
    await ask(`/tokens/${body.id}/revoke`, authorized, {});

    const asked = [await ask('/tokens', keyed, { ...wanted, name: 'other' }), await ask('/tokens', keyed, wanted)];

    expect(asked.map(({ status }) => status)).toEqual([409, 409]);
  });

  test.each<[string, string | null, number]>([
    ['by another key', 'deploy-2026-12', 2],
    ['by no key', null, 2],
    ['by the same key', 'deploy-2026-11', 1],
  ])('%s', async (_what, key, count) => {
    await ask('/tokens', keyed, wanted);

    await ask('/tokens', key === null ? authorized : { ...authorized, 'idempotency-key': key }, wanted);

    expect(await api.store.access.tokens()).toHaveLength(count);
  });

  test('with the key of somebody else is one of its own', async () => {
    const made: number[] = [];
    for (const person of ['user/anna', 'user/ben']) {
      const browser = await signedIn(api, { person, roles: ['viewer'] });
      made.push((await ask('/tokens', { ...browser, 'idempotency-key': 'mine' }, { name: 'own' })).status);
    }

    expect(made).toEqual([200, 200]);
  });
});

describe('whoever', () => {
  const sessions = () => new Sessions({ store: api.store, now: () => now, renew: null });

  /** By a session of a link, one of a provider, and a token. */
  async function everyWay(person: string): Promise<readonly Record<string, string>[]> {
    const browser = await signedIn(api, { person, roles: ['manager'] });
    const provided = await openSession(sessions(), {
      actor: person,
      source: 'oidc',
      groups: ['ops'],
      given: [],
      sealed: null,
    });
    const { body } = await ask('/tokens', { ...browser }, { name: 'own' });
    return [
      { ...browser },
      { cookie: `mainstay_session=${provided.cookie}` },
      { authorization: `Bearer ${body.token}` },
    ];
  }

  const statuses = (ways: readonly Record<string, string>[], url = '/me') =>
    Promise.all(ways.map(async (headers) => (await ask(url, headers)).status));

  test('has left is nobody at once, by each session and token, and is somebody again when they are back', async () => {
    await publish(api.store, grantText('ops', '{role: operator, people: [user/ben], groups: [ops]}'));
    const [ben, anna] = [await everyWay('user/ben'), await everyWay('user/anna')];
    const person = (version: string, active: boolean) =>
      `apiVersion: mainstay/v1\nkind: Person\nmetadata: {name: ben, version: ${version}}\nspec: {active: ${active}}\n`;

    const before = await statuses(ben);
    await publish(api.store, person('0.0.1', false));
    now += 1_000;
    const gone = [await statuses(ben), await statuses(ben, '/runs'), await statuses(anna)];
    await publish(api.store, person('0.0.2', true));
    now += 1_000;

    expect(before).toEqual([200, 200, 200]);
    expect(gone).toEqual([
      [401, 401, 401],
      [401, 401, 401],
      [200, 200, 200],
    ]);
    expect(await statuses(ben)).toEqual([200, 200, 200]);
  });

  test('has lost every grant may do nothing at once, by each session and token', async () => {
    await publish(api.store, grantText('ops', '{role: operator, people: [user/ben]}'));
    const open = await openSession(sessions(), {
      actor: 'user/ben',
      source: 'oidc',
      groups: [],
      given: [],
      sealed: null,
    });
    const cookie = { cookie: `mainstay_session=${open.cookie}` };
    const { body } = await ask('/tokens', { ...cookie, 'x-csrf-token': open.csrf }, { name: 'own' });
    const ways = [cookie, { authorization: `Bearer ${body.token}` }];

    const before = await statuses(ways, '/runs');
    await publish(api.store, grantText('ops', '{role: operator, people: [user/anna]}'));
    now += 1_000;

    expect([before, await statuses(ways, '/runs')]).toEqual([
      [200, 200],
      [403, 403],
    ]);
  });
});
