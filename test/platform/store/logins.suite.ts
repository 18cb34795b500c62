import { createHash } from 'node:crypto';

import fc from 'fast-check';

import type { Store } from '../../../platform/store/store';
import { session, token } from './access-rows';
import type { StoreBed } from './dialects';
import { dumpFolds } from './fold-tables';

const issuer = 'https://id.example';
const admin = { actor: 'user/root', via: 'session', at: 9_000, keepsTokens: false };

function claim(store: Store, subject: string, login: string, at = 1_000) {
  return store.logins.claim({ issuer, subject, login, at });
}

export function loginsSuite(bed: StoreBed): void {
  test('a login is whose who signs in with it first, and stays theirs whatever they are called later', async () => {
    const { store } = await bed.newStore();

    const first = await claim(store, 's-anna', 'anna');
    const renamed = await claim(store, 's-anna', 'ann.miller');
    const stranger = await claim(store, 's-eve', 'anna');

    expect([first, renamed, stranger]).toEqual([
      { kind: 'bound', login: 'anna' },
      { kind: 'bound', login: 'anna' },
      { kind: 'taken' },
    ]);
    expect(await store.logins.list()).toEqual([{ login: 'anna', issuer, subject: 's-anna', boundAt: 1_000 }]);
  });

  test('logins that differ in case alone are one: a directory takes them for one person', async () => {
    const { store } = await bed.newStore();
    await claim(store, 's-anna', 'Anna');

    expect([await claim(store, 's-eve', 'aNNa'), await claim(store, 's-anna', 'ANNA')]).toEqual([
      { kind: 'taken' },
      { kind: 'bound', login: 'Anna' },
    ]);
  });

  test('the same subject of another provider is somebody else', async () => {
    const { store } = await bed.newStore();
    await claim(store, '1', 'anna');

    const elsewhere = { issuer: 'https://other.example', subject: '1', at: 1_000 };
    expect([
      await store.logins.claim({ ...elsewhere, login: 'anna' }),
      await store.logins.claim({ ...elsewhere, login: 'ben' }),
    ]).toEqual([{ kind: 'taken' }, { kind: 'bound', login: 'ben' }]);
  });

  test('of those who claim a login at once one gets it', async () => {
    const { store } = await bed.newStore();

    const claimed = await Promise.all(['1', '2', '3', '4'].map((subject) => claim(store, subject, 'anna')));

    expect(claimed.filter(({ kind }) => kind === 'bound')).toHaveLength(1);
    expect(await store.journal.read('access')).toHaveLength(1);
  });

  test('a login that is freed is whose who comes next, and the journal tells who freed it', async () => {
    const { store } = await bed.newStore();
    await claim(store, 's-anna', 'anna');

    const freed = await store.logins.free('ANNA', admin);
    const again = await store.logins.free('anna', admin);
    const next = await claim(store, 's-eve', 'anna', 9_500);

    expect(freed).toMatchObject({ login: 'anna', subject: 's-anna', sessionsEnded: 0, tokensRevoked: 0 });
    expect([again, next]).toEqual([null, { kind: 'bound', login: 'anna' }]);
    const entries = await store.journal.read('access');
    expect(entries.map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
      'login.bound user/anna',
      'login.unbound user/root',
      'login.bound user/anna',
    ]);
  });

  test.each([
    { keepsTokens: false, sessionsEnded: 2, tokensRevoked: 1, open: ['s3'], dead: ['t1'], links: 1 },
    { keepsTokens: true, sessionsEnded: 1, tokensRevoked: 0, open: ['s2', 's3'], dead: [], links: 2 },
  ])('what ends with a login that is freed (tokens are kept: $keepsTokens)', async (row) => {
    const { keepsTokens, sessionsEnded, tokensRevoked } = row;
    const { store } = await bed.newStore();
    await claim(store, 's-anna', 'anna');
    await store.access.addSession(session({ id: 's1' }), 'oidc');
    await store.access.addSession(session({ id: 's2', source: 'link' }), 'link');
    await store.access.addSession(session({ id: 's3', actor: 'user/ben' }), 'oidc');
    await store.access.addToken(token({ id: 't1', createdBy: 'user/anna' }), 'session');
    await store.access.addToken(token({ id: 't2', createdBy: 'user/root', actor: 'user/anna' }), 'session');

    for (const person of ['anna', 'ben'])
      await store.access.addCode({ digest: person, actor: `user/${person}`, given: null, expiresAt: 9_000 }, admin);

    const freed = await store.logins.free('anna', { ...admin, at: 2_000, keepsTokens });

    expect(freed).toMatchObject({ sessionsEnded, tokensRevoked });
    expect((await store.access.sessions({ at: 2_000 })).map(({ id }) => id)).toEqual(row.open);
    const dead = (await store.access.tokens()).filter(({ revokedAt }) => revokedAt !== null);
    expect(dead.map(({ id }) => id)).toEqual(row.dead);
    const codes = [await store.access.useCode('anna', 2_000), await store.access.useCode('ben', 2_000)];
    expect(codes.filter((code) => code !== null)).toHaveLength(row.links);
    const kinds = (await store.journal.read('access')).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'access.token-revoked')).toHaveLength(tokensRevoked);
  });

  test('a renewal that was under way binds nothing any more, and one of an open session does', async () => {
    const { store } = await bed.newStore();
    await store.access.addSession(session(), 'oidc');
    const renewed = { issuer, subject: 's-anna', login: 'anna', at: 2_000, session: 's1' };
    const before = await store.logins.claim(renewed);
    await store.logins.free('anna', admin);

    const after = await store.logins.claim(renewed);

    expect([before, after]).toEqual([{ kind: 'bound', login: 'anna' }, { kind: 'taken' }]);
    expect(await store.logins.list()).toEqual([]);
    expect(await claim(store, 's-eve', 'anna')).toEqual({ kind: 'bound', login: 'anna' });
  });

  test.each(['login', 'code'] as const)('no session is opened by a %s that was taken back', async (kind) => {
    const { store } = await bed.newStore();
    await claim(store, 's-anna', 'anna');
    await store.access.addCode({ digest: 'c1', actor: 'user/anna', given: null, expiresAt: 9_000 }, admin);
    const basis =
      kind === 'login'
        ? ({ kind, issuer, subject: 's-anna', login: 'anna' } as const)
        : ({ kind, digest: 'c1' } as const);
    const before = await store.access.addSession(session({ id: 's1' }), 'oidc', basis);
    await store.logins.free('anna', { ...admin, at: 2_000 });
    await claim(store, 's-eve', 'anna');

    const after = await store.access.addSession(session({ id: 's2' }), 'oidc', basis);

    expect([before, after]).toEqual([true, false]);
    expect(await store.access.sessions({ at: 2_000 })).toEqual([]);
  });

  test('of signing in and freeing at once, in whatever order, no session is left over', async () => {
    const { store } = await bed.newStore();
    for (const round of [1, 2, 3, 4, 5, 6, 7, 8]) {
      await claim(store, 's-anna', 'anna');
      const digest = `c${round}`;
      await store.access.addCode({ digest, actor: 'user/anna', given: null, expiresAt: 9_000 }, { ...admin, at: 1 });
      const bases = [
        { kind: 'login', issuer, subject: 's-anna', login: 'anna' },
        { kind: 'code', digest },
      ] as const;

      await Promise.all([
        ...bases.map((basis) => store.access.addSession(session({ id: `s${round}-${basis.kind}` }), basis.kind, basis)),
        store.logins.free('anna', { ...admin, at: 2_000 }),
      ]);

      expect(await store.access.sessions({ at: 2_000 })).toEqual([]);
    }
  });

  test.each([
    { published: ['anna'], called: 'Anna', login: 'anna' },
    { published: ['Anna', 'anna'], called: 'anna', login: 'anna' },
    { published: ['Anna', 'anna'], called: 'ANNA', login: 'Anna' },
    { published: ['ben'], called: 'Anna', login: 'Anna' },
  ])('a login is written as the Person document is: $called with $published is $login', async (row) => {
    const { store } = await bed.newStore();
    for (const name of row.published) {
      const text = `kind: Person ${name}`;
      const digest = createHash('sha256').update(text).digest('hex');
      await store.definitions.publish({ kind: 'Person', name, version: '1.0.0', digest, text, files: {} }, admin);
    }

    expect(await claim(store, 's-anna', row.called)).toEqual({ kind: 'bound', login: row.login });
    expect(await claim(store, 's-anna', row.called)).toEqual({ kind: 'bound', login: row.login });
  });

  test('who has a login is a fold of the journal, whatever was bound and freed', async () => {
    const { store, database } = await bed.newStore();
    const steps = fc.array(
      fc.record({ login: fc.constantFrom('anna', 'Ben'), subject: fc.constantFrom('1', '2'), frees: fc.boolean() }),
      { maxLength: 6 },
    );

    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        for (const { login, subject, frees } of taken) {
          if (frees) await store.logins.free(login, admin);
          else await claim(store, subject, login);
        }
        const before = await dumpFolds(database);
        await store.journal.rebuildFolds();

        expect(await dumpFolds(database)).toBe(before);
        const bound = await store.logins.list();
        expect(new Set(bound.map(({ subject }) => subject)).size).toBe(bound.length);
      }),
      { numRuns: 10 },
    );
  });
}
