import { askApi, authorized, testApi } from '../../../support/client/api';
import type { TestApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { grantText, linkFor, publish, signedIn } from '../../../support/client/signed-in';

let api: TestApi;
let now: number;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

beforeEach(async () => {
  now = Date.now();
  api = await testApi(fakeEngine(), undefined, undefined, { now: () => now });
});

afterEach(() => api.close());

function ask(url: string, headers: Record<string, string>, body?: object) {
  return askApi(api, url, { headers, body });
}

function redeem(code: string, headers: Record<string, string> = {}) {
  return ask('/sessions', headers, { code });
}

describe('signing in by a link', () => {
  test('a link leads to a session of the person, with the roles that it gives', async () => {
    const browser = await signedIn(api, { person: 'user/ben', roles: ['approver'], where: { service: ['shop'] } });

    expect(await ask('/me', { ...browser })).toMatchObject({
      status: 200,
      body: {
        actor: 'user/ben',
        via: 'session',
        roles: ['approver'],
        grants: [{ role: 'approver', where: { service: ['shop'] } }],
        csrf: browser['x-csrf-token'],
        actsForOthers: false,
        source: 'link',
        zone: 'UTC',
      },
    });
  });

  test('the cookie is for our pages alone, and for no script', async () => {
    const { setCookie } = await redeem(await linkFor(api, { person: 'user/ben' }));

    expect(setCookie).toMatch(
      /^mainstay_session=[0-9a-f]{12}\.[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/,
    );
  });

  test('a code is good once', async () => {
    const code = await linkFor(api, { person: 'user/ben' });
    await redeem(code);

    expect(await redeem(code)).toMatchObject({ status: 401, body: { code: 'SIGN_IN_REFUSED' }, setCookie: undefined });
  });

  test.each([
    ['after ten minutes', 10 * minuteMs, 401],
    ['a moment before', 10 * minuteMs - 1, 200],
  ])('a code %s', async (_when, laterMs, status) => {
    const code = await linkFor(api, { person: 'user/ben' });
    now += laterMs;

    expect((await redeem(code)).status).toBe(status);
  });

  test.each(['', 'x', 'A'.repeat(43), '../../etc/passwd'])(
    'the code %j is refused, and the journal knows',
    async (code) => {
      const { status } = await redeem(code);

      expect(status).toBe(code === '' ? 400 : 401);
      expect(await api.store.journal.read('access')).toHaveLength(code === '' ? 0 : 1);
    },
  );

  test('a page of another site signs nobody in', async () => {
    const code = await linkFor(api, { person: 'user/ben' });

    expect(await redeem(code, { 'sec-fetch-site': 'cross-site' })).toMatchObject({
      status: 403,
      body: { code: 'FORGERY_SUSPECTED' },
    });
    expect((await redeem(code, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('a selector without a role is refused: it would hold for nothing', async () => {
    const body = { person: 'user/ben', where: { service: ['shop'] } };

    expect(await ask('/sign-in-links', authorized, body)).toMatchObject({ status: 400 });
  });
});

describe('a session', () => {
  test('ends by itself when it is not used for twelve hours', async () => {
    const browser = await signedIn(api, { person: 'user/ben', roles: ['viewer'] });
    now += 12 * hourMs - 1;
    const used = await ask('/me', { ...browser });
    now += 12 * hourMs - 1;
    const usedAgain = await ask('/me', { ...browser });
    now += 12 * hourMs;
    const idle = await ask('/me', { ...browser });

    expect([used.status, usedAgain.status, idle.status]).toEqual([200, 200, 401]);
  });

  test('ends after seven days however much it is used', async () => {
    const browser = await signedIn(api, { person: 'user/ben', roles: ['viewer'] });
    const answers: number[] = [];
    for (let used = 0; used < 17; used += 1) {
      now += 10 * hourMs;
      answers.push((await ask('/me', { ...browser })).status);
    }

    expect([answers.slice(0, 16).every((status) => status === 200), answers[16]]).toEqual([true, 401]);
  });

  test('is dead at once for whoever has kept its cookie when its person signs out', async () => {
    const browser = await signedIn(api, { person: 'user/ben', roles: ['viewer'] });

    const out = await ask('/sessions/end', { ...browser }, {});

    expect(out).toMatchObject({ status: 200, setCookie: expect.stringContaining('Max-Age=0') });
    expect(await ask('/me', { ...browser })).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });

  test('of somebody else is ended by whoever administers access, and by nobody else', async () => {
    const ben = await signedIn(api, { person: 'user/ben', roles: ['viewer'] });
    const carl = await signedIn(api, { person: 'user/carl', roles: ['manager'] });
    const { body } = await ask('/sessions', authorized);
    const session = body.sessions.find(({ actor }: { actor: string }) => actor === 'user/ben').id;

    const refused = await ask('/sessions/end', { ...carl }, { session });
    const ended = await ask('/sessions/end', authorized, { session });

    expect([refused.status, ended.status, (await ask('/me', { ...ben })).status]).toEqual([403, 200, 401]);
    expect(JSON.stringify(body)).not.toMatch(/digest|sealed/);
  });

  test.each([
    ['without the header', {}, 403],
    ['with that of another session', { 'x-csrf-token': 'A'.repeat(43) }, 403],
  ])('changes nothing %s that only our pages know', async (_what, header, status) => {
    const { cookie } = await signedIn(api, { person: 'user/ben', roles: ['admin'] });

    const answer = await ask('/sessions/end', { cookie, ...header }, {});

    expect(answer).toMatchObject({ status, body: { code: 'FORGERY_SUSPECTED' } });
    expect((await ask('/me', { cookie })).status).toBe(200);
  });

  test('changes nothing for a page of another site, whatever it sends', async () => {
    const browser = await signedIn(api, { person: 'user/ben', roles: ['admin'] });

    for (const site of ['cross-site', 'same-site'])
      expect((await ask('/sessions/end', { ...browser, 'sec-fetch-site': site }, {})).status).toBe(403);
  });

  test.each(['mainstay_session=', 'mainstay_session=x.y', `mainstay_session=${'0'.repeat(12)}.${'A'.repeat(43)}`])(
    'is none with the cookie %j',
    async (cookie) => {
      expect(await ask('/me', { cookie })).toMatchObject({ status: 401 });
    },
  );

  test('does not help whoever shows a wrong token besides', async () => {
    const browser = await signedIn(api, { person: 'user/ben', roles: ['admin'] });

    expect((await ask('/me', { ...browser, authorization: 'Bearer wrong' })).status).toBe(401);
  });

  test('has what is published, from the first grant on, within a second', async () => {
    const browser = await signedIn(api, { person: 'user/ben' });
    const open = await ask('/me', { ...browser });
    await publish(api.store, grantText('ops', '{role: operator, people: [user/ben]}'));
    now += 1_000;
    const granted = await ask('/me', { ...browser });

    expect([open.body.roles, granted.body.roles]).toEqual([['admin'], ['operator']]);
  });
});

describe('an address that is spelled otherwise', () => {
  test.each(['/%61pi/v1/runs', '/api/%761/status', '/metric%73', '/api/v1/../v1/runs'])(
    '%s is behind the same door',
    async (url) => {
      const { statusCode, body } = await api.app.inject({ method: 'GET', url });

      expect([401, 404]).toContain(statusCode);
      expect(body).not.toContain('"runs":');
    },
  );
});

describe('tokens', () => {
  interface Made {
    readonly id: string;
    readonly headers: Record<string, string>;
  }

  async function made(headers: Record<string, string>, body: object): Promise<Made> {
    const { status, body: answer } = await ask('/tokens', headers, body);
    expect(status).toBe(200);
    return { id: answer.id, headers: { authorization: `Bearer ${answer.token}` } };
  }

  test('one of a service acts as the service, with the roles that it was given', async () => {
    const { id, headers } = await made(authorized, { name: 'ci', person: 'service/ci', roles: ['operator'] });

    expect(await ask('/me', headers)).toMatchObject({
      body: { actor: 'service/ci', via: `token/${id}`, roles: ['operator'], csrf: null },
    });
  });

  test('needs no header against forgery: no browser sends it by itself', async () => {
    const { id, headers } = await made(authorized, { name: 'ci', person: 'service/ci', roles: ['viewer'] });

    expect((await ask(`/tokens/${id}/revoke`, headers, {})).status).toBe(200);
  });

  test('one of one’s own never allows more than its owner may do now, and no more than it is for', async () => {
    await publish(api.store, grantText('ops', '{role: manager, people: [user/ben]}'));
    const ben = await signedIn(api, { person: 'user/ben' });
    const whole = await made({ ...ben }, { name: 'all' });
    const narrow = await made({ ...ben }, { name: 'some', roles: ['operator'], where: { service: ['shop'] } });
    const greedy = await made({ ...ben }, { name: 'more', roles: ['admin'] });

    const before = await Promise.all([whole, narrow, greedy].map(({ headers }) => ask('/me', headers)));
    await publish(api.store, grantText('ops', '{role: viewer, people: [user/ben]}'));
    now += 1_000;
    const after = await Promise.all([whole, narrow, greedy].map(({ headers }) => ask('/me', headers)));

    expect(before.map(({ body }) => body.grants)).toEqual([
      [{ role: 'manager', where: null }],
      [{ role: 'operator', where: { service: ['shop'] } }],
      [{ role: 'manager', where: null }],
    ]);
    expect(after.map(({ body }) => body.roles)).toEqual([['viewer'], ['viewer'], ['viewer']]);
  });

  test('is dead at once when it is revoked, and after its time', async () => {
    const first = await made(authorized, { name: 'a', person: 'service/ci', roles: ['viewer'] });
    const second = await made(authorized, { name: 'b', person: 'service/ci', roles: ['viewer'], days: 1 });
    await ask(`/tokens/${first.id}/revoke`, authorized, {});
    const revoked = await ask('/me', first.headers);
    now += 24 * hourMs;

    expect([revoked.status, (await ask('/me', second.headers)).status]).toEqual([401, 401]);
  });

  test('shows when it was used last, and never its secret', async () => {
    const { id, headers } = await made(authorized, { name: 'ci', person: 'service/ci', roles: ['viewer'] });
    await ask('/me', headers);

    const { body } = await ask('/tokens', authorized);

    expect(body.tokens).toMatchObject([{ id, name: 'ci', actor: 'service/ci', lastUsedAt: now }]);
    expect(JSON.stringify(body)).not.toMatch(/digest|mst_/);
  });

  test('is over with the session that made it, if that was given what it may do', async () => {
    const ben = { ...(await signedIn(api, { person: 'user/ben', roles: ['admin'] })) };
    const own = await made(ben, { name: 'own', days: 366 });
    const others = await made(ben, { name: 'ci', person: 'service/ci', roles: ['admin'], days: 366 });
    const short = await made(ben, { name: 'short', days: 1 });
    await publish(api.store, grantText('ops', '{role: viewer, people: [user/anna]}'));
    const anna = await made({ ...(await signedIn(api, { person: 'user/anna' })) }, { name: 'granted', days: 366 });

    const { body } = await ask('/tokens', authorized);
    const days = new Map(
      body.tokens.map(({ id, expiresAt }: { id: string; expiresAt: number }) => [
        id,
        (expiresAt - now) / (24 * hourMs),
      ]),
    );

    expect([own, others, short, anna].map(({ id }) => days.get(id))).toEqual([7, 7, 1, 366]);
  });

  test('makes no other token: it would outlive its own end', async () => {
    const { headers } = await made(authorized, { name: 'ci', person: 'service/ci', roles: ['admin'] });

    expect(await ask('/tokens', headers, { name: 'more', person: 'service/ci' })).toMatchObject({ status: 403 });
  });

  test('of others are seen, made and revoked by whoever manages them, and by nobody else', async () => {
    const own = await made(authorized, { name: 'ci', person: 'service/ci', roles: ['viewer'] });
    const manager = { ...(await signedIn(api, { person: 'user/ben', roles: ['manager'] })) };

    const list = await ask('/tokens', manager);
    const make = await ask('/tokens', manager, { name: 'x', person: 'service/ci' });
    const revoke = await ask(`/tokens/${own.id}/revoke`, manager, {});

    expect(list.body).toEqual({ tokens: [], next: null });
    expect([make.status, make.body.code]).toEqual([403, 'FORBIDDEN']);
    expect([revoke.status, revoke.body.code]).toEqual([404, 'TOKEN_NOT_FOUND']);
  });

  test('metrics are for whoever reads them everywhere', async () => {
    const reader = await made(authorized, { name: 'prometheus', person: 'service/prometheus', roles: ['viewer'] });
    const part = await made(authorized, {
      name: 'part',
      person: 'service/part',
      roles: ['viewer'],
      where: { service: ['shop'] },
    });

    const answers = await Promise.all(
      [reader.headers, part.headers, {}].map((headers) => api.app.inject({ method: 'GET', url: '/metrics', headers })),
    );

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 403, 401]);
  });
});
