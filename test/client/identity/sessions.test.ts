import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Sessions } from '../../../client/identity/sessions';
import type { RenewSession, SignedIn } from '../../../client/identity/sessions';
import type { Renewed } from '../../../platform/store/access-row';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import { openSession } from '../../support/client/opened-session';

let folder: string;
let store: Store;
let now: number;
let asked: string[];
let answer: Renewed | 'same' | null;
let begun: boolean[];

const anna: SignedIn = { actor: 'user/anna', source: 'oidc', groups: ['web'], given: [], sealed: 'refresh-1' };
const fiveMinutesMs = 5 * 60_000;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-sessions-'));
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  now = 1_000;
  asked = [];
  answer = 'same';
  begun = [];
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const renew: RenewSession = async ({ actor, groups, sealed, expiresAt }, { wasBegun }) => {
  asked.push(actor);
  begun.push(wasBegun);
  return answer === 'same' ? { groups, sealed, expiresAt, at: now } : answer;
};

function sessionsWith(how: RenewSession | null): Sessions {
  return new Sessions({ store, now: () => now, renew: how });
}

test('who somebody is, is asked anew every five minutes, once however many requests come at once', async () => {
  const sessions = sessionsWith(renew);
  const { cookie } = await openSession(sessions, anna);
  answer = { groups: ['db'], sealed: 'refresh-2', at: now + fiveMinutesMs, expiresAt: now + 3_600_000 };

  const early = await sessions.read(cookie);
  now += fiveMinutesMs;
  const due = await Promise.all([1, 2, 3].map(() => sessions.read(cookie)));
  const after = await sessions.read(cookie);

  expect(asked).toEqual(['user/anna']);
  expect([early, ...due, after].map((open) => open?.session.groups)).toEqual([['web'], ['db'], ['db'], ['db'], ['db']]);
  expect(await store.access.session(due[0]?.session.id ?? '')).toMatchObject({ sealed: 'refresh-2', groups: ['db'] });
});

test('a session that is not renewed ends, and stays ended', async () => {
  const sessions = sessionsWith(renew);
  const { cookie } = await openSession(sessions, anna);
  answer = null;
  now += fiveMinutesMs;

  const refused = await sessions.read(cookie);
  answer = 'same';

  expect([refused, await sessions.read(cookie)]).toEqual([null, null]);
});

test('who is refused has no groups any more, which tokens would go by', async () => {
  const sessions = sessionsWith(renew);
  const { cookie } = await openSession(sessions, anna);
  answer = null;
  now += fiveMinutesMs;
  const before = await store.access.groupsOf('user/anna', now);

  await sessions.read(cookie);

  expect([before, await store.access.groupsOf('user/anna', now)]).toEqual([['web'], []]);
});

test('while nobody answers a session goes on, until its time is over', async () => {
  const sessions = sessionsWith(renew);
  const { cookie } = await openSession(sessions, { ...anna, expiresAt: now + 3_600_000 });
  const open: boolean[] = [];
  for (let looked = 0; looked < 2; looked += 1) {
    now += 30 * 60_000;
    open.push((await sessions.read(cookie)) !== null);
  }

  expect(open).toEqual([true, false]);
});

test('one by a link is asked about at its first use: a directory may know more of its person', async () => {
  const sessions = sessionsWith(renew);
  const { cookie } = await openSession(sessions, { ...anna, source: 'link', sealed: null });
  answer = { groups: ['dba'], sealed: 'kept', at: now, expiresAt: now + 3_600_000 };

  const first = await sessions.read(cookie);
  await sessions.read(cookie);

  expect([first?.session.groups, asked]).toEqual([['dba'], ['user/anna']]);
});

test('another process knows at once of a session that was ended', async () => {
  const { cookie, session } = await openSession(sessionsWith(null), anna);
  const other = sessionsWith(null);
  const before = await other.read(cookie);
  await sessionsWith(null).end(session.id, { actor: 'user/anna', via: 'session', reason: 'signed out' });

  expect([before === null, await other.read(cookie)]).toEqual([false, null]);
});

test('of several processes one asks anew who somebody is, and the others go by what it hears', async () => {
  let hear = (_answer: Renewed): void => undefined;
  const heard = new Promise<Renewed>((resolve) => (hear = resolve));
  const slow: RenewSession = async ({ actor }) => {
    asked.push(actor);
    return heard;
  };
  const { cookie } = await openSession(sessionsWith(null), anna);
  now += fiveMinutesMs;

  const reads = [1, 2, 3].map(() => sessionsWith(slow).read(cookie));
  await until(() => asked.length > 0);
  hear({ groups: ['db'], sealed: 'refresh-2', at: now, expiresAt: now + 3_600_000 });
  const found = await Promise.all(reads);

  expect(asked).toEqual(['user/anna']);
  expect(found.map((open) => open?.session.groups)).toEqual([['db'], ['db'], ['db']]);
});

test.each<[string, Renewed | null]>([
  ['refused', null],
  ['answered', { groups: ['old'], sealed: 'refresh-1b', at: 1, expiresAt: 9_999_999 }],
])(
  'an old refresh token that is %s after somebody else has renewed the session changes nothing',
  async (_what, late) => {
    const { cookie, session } = await openSession(sessionsWith(null), anna);
    now += fiveMinutesMs;
    const overtaken = sessionsWith(async () => {
      const newer = { groups: ['db'], sealed: 'refresh-2', at: now, expiresAt: now + 3_600_000 };
      await store.access.renewSession(session.id, { ...newer, basis: session.renewedAt });
      return late;
    });

    const found = await overtaken.read(cookie);

    expect(found?.session).toMatchObject({ groups: ['db'], sealed: 'refresh-2', endedAt: null });
    expect(await store.access.session(session.id)).toMatchObject({
      groups: ['db'],
      sealed: 'refresh-2',
      endedAt: null,
    });
  },
);

test('nobody waits for a process that has asked for long: it may have died, and what is known stands meanwhile', async () => {
  const { cookie, session } = await openSession(sessionsWith(null), anna);
  now += fiveMinutesMs;
  await store.access.takeRenewal(session.id, { basis: session.renewedAt, at: now, until: now + 2 * 60_000 });
  now += 10_000;
  const before = Date.now();

  const found = await sessionsWith(renew).read(cookie);

  expect([found?.session.groups, asked]).toEqual([['web'], []]);
  expect(Date.now() - before).toBeLessThan(5_000);
});

test('whoever asks after a process that never told what it heard knows that the question may be a repeat', async () => {
  const { cookie, session } = await openSession(sessionsWith(null), anna);
  now += fiveMinutesMs;
  await store.access.takeRenewal(session.id, { basis: session.renewedAt, at: now, until: now + 60_000 });
  now += 60_000;

  await sessionsWith(renew).read(cookie);
  now += fiveMinutesMs;
  await sessionsWith(renew).read(cookie);

  expect(begun).toEqual([true, false]);
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}
