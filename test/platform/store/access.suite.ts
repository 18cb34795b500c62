import { session, token } from './access-rows';
import type { StoreBed } from './dialects';

const everything = [{ role: 'admin', where: null }] as const;
const doer = { actor: 'service/admin-token', via: 'admin-token', at: 1_000 };

export function accessSuite(bed: StoreBed): void {
  test('a code is good once, however many ask at once, and not when its time is over', async () => {
    const { store } = await bed.newStore();
    await store.access.addCode({ digest: 'c1', actor: 'user/anna', given: everything, expiresAt: 5_000 }, doer);
    await store.access.addCode({ digest: 'c2', actor: 'user/ben', given: null, expiresAt: 5_000 }, doer);

    const used = await Promise.all([1, 2, 3, 4].map(() => store.access.useCode('c1', 2_000)));
    const late = await store.access.useCode('c2', 5_000);

    expect(used.filter((code) => code !== null)).toEqual([{ actor: 'user/anna', given: everything }]);
    expect([late, await store.access.useCode('c3', 2_000)]).toEqual([null, null]);
  });

  test('a session is read as it was opened, seen, renewed and ended', async () => {
    const { store } = await bed.newStore();
    await store.access.addSession(session(), 'oidc');

    await store.access.sawSession('s1', 2_000);
    await store.access.renewSession('s1', {
      groups: ['web', 'db'],
      sealed: 'more',
      at: 3_000,
      expiresAt: 8_000,
      basis: 1_000,
    });
    const open = await store.access.session('s1');
    const ended = await store.access.endSession('s1', { ...doer, at: 4_000, reason: 'signed out' });
    const again = await store.access.endSession('s1', { ...doer, at: 5_000, reason: 'signed out' });

    expect(open).toEqual(
      session({ groups: ['db', 'web'], sealed: 'more', seenAt: 2_000, renewedAt: 3_000, expiresAt: 8_000 }),
    );
    expect([ended, again]).toEqual([true, false]);
    expect(await store.access.session('s1')).toMatchObject({ endedAt: 4_000, sealed: null });
  });

  test('a session that has ended is renewed no more', async () => {
    const { store } = await bed.newStore();
    await store.access.addSession(session(), 'oidc');
    await store.access.endSession('s1', { ...doer, reason: 'signed out' });

    await store.access.renewSession('s1', {
      groups: ['root'],
      sealed: 'x',
      at: 3_000,
      expiresAt: 99_000,
      basis: 1_000,
    });

    expect(await store.access.session('s1')).toMatchObject({ groups: ['web'], sealed: null, expiresAt: 9_000 });
  });

  test('takeRenewal() lets one at a time ask about a session, and tells who asked last in vain', async () => {
    const { store } = await bed.newStore();
    await store.access.addSession(session(), 'oidc');
    const take = async (at: number, basis = 1_000) =>
      (await store.access.takeRenewal('s1', { basis, at, until: at + 100 })).kind;

    const atOnce = await Promise.all([1, 2, 3].map(() => take(2_000)));
    const turns = [await take(2_099), await take(2_100)];
    await store.access.renewSession('s1', { groups: [], sealed: null, at: 2_110, expiresAt: 8_000, basis: 1_000 });

    expect(atOnce.toSorted()).toEqual(['held', 'held', 'taken']);
    expect([...turns, await take(2_120), await take(2_120, 2_110)]).toEqual(['held', 'taken over', 'done', 'taken']);
  });

  test('what was heard about a session stands only if nobody has renewed it meanwhile', async () => {
    const { store } = await bed.newStore();
    await store.access.addSession(session(), 'oidc');
    const heard = (groups: readonly string[]) => ({ groups, sealed: 'x', at: 3_000, expiresAt: 8_000, basis: 1_000 });

    const first = await store.access.renewSession('s1', heard(['db']));
    const late = await store.access.renewSession('s1', heard(['root']));

    expect([first, late, (await store.access.session('s1'))?.groups]).toEqual([true, false, ['db']]);
    expect(await store.journal.read('access')).toHaveLength(2);
  });

  test('sessions() lists those that are open, newest first, of everybody or of one', async () => {
    const { store } = await bed.newStore();
    await store.access.addSession(session({ id: 's1' }), 'oidc');
    await store.access.addSession(session({ id: 's2', createdAt: 2_000, actor: 'user/ben' }), 'oidc');
    await store.access.addSession(session({ id: 's3', expiresAt: 2_500 }), 'oidc');
    await store.access.addSession(session({ id: 's4' }), 'oidc');
    await store.access.endSession('s4', { ...doer, reason: 'signed out' });

    const all = await store.access.sessions({ at: 3_000 });
    const own = await store.access.sessions({ at: 3_000, actor: 'user/anna' });

    expect([all.map(({ id }) => id), own.map(({ id }) => id)]).toEqual([['s2', 's1'], ['s1']]);
  });

  test('groupsOf() answers those of the session that was renewed last', async () => {
    const { store } = await bed.newStore();
    await store.access.addSession(session({ id: 's1', groups: ['old'] }), 'oidc');
    await store.access.addSession(session({ id: 's2', groups: ['new'], renewedAt: 2_000 }), 'oidc');

    const asked = ['user/anna', 'user/nobody'].map((actor) => store.access.groupsOf(actor, 3_000));

    expect(await Promise.all(asked)).toEqual([['new'], []]);
  });

  test('groupsOf() knows nothing of groups that were read a week ago', async () => {
    const { store } = await bed.newStore();
    await store.access.addSession(session(), 'oidc');
    const weekMs = 7 * 24 * 3_600_000;

    const asked = [1_000 + weekMs - 1, 1_000 + weekMs].map((at) => store.access.groupsOf('user/anna', at));

    expect(await Promise.all(asked)).toEqual([['web'], []]);
  });

  test('a token is read as it was made, used and revoked', async () => {
    const { store } = await bed.newStore();
    await store.access.addToken(token(), 'session');
    await store.access.addToken(token({ id: 't2', actor: 'user/ben', limits: null, createdAt: 2_000 }), 'session');

    await store.access.sawToken('t1', 3_000);
    const revoked = await store.access.revokeToken('t1', { ...doer, at: 4_000 });
    const again = await store.access.revokeToken('t1', { ...doer, at: 5_000 });

    expect([revoked, again]).toEqual([true, false]);
    expect(await store.access.token('t1')).toEqual(token({ lastUsedAt: 3_000, revokedAt: 4_000 }));
    expect((await store.access.tokens()).map(({ id }) => id)).toEqual(['t2', 't1']);
    expect((await store.access.tokens({ actor: 'user/ben' })).map(({ id }) => id)).toEqual(['t2']);
  });

  test('addToken() adds one of an id once, whoever comes at once', async () => {
    const { store } = await bed.newStore();

    const added = await Promise.all(
      [1, 2, 3].map((n) => store.access.addToken(token({ name: `try ${n}` }), 'session')),
    );

    expect(added.filter((isNew) => isNew)).toHaveLength(1);
    expect([await store.access.tokens(), await store.journal.read('access')].map(({ length }) => length)).toEqual([
      1, 1,
    ]);
  });

  test('the journal tells who was let in by whom, and holds nothing that lets anybody in', async () => {
    const { store } = await bed.newStore();
    const secret = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    await store.access.addCode({ digest: secret, actor: 'user/anna', given: null, expiresAt: 5_000 }, doer);
    await store.access.addSession(session({ digest: secret, sealed: secret }), 'link');
    await store.access.renewSession('s1', { groups: [], sealed: secret, at: 3_000, expiresAt: 8_000, basis: 1_000 });
    await store.access.endSession('s1', { ...doer, reason: 'signed out' });
    await store.access.addToken(token({ digest: secret }), 'session');
    await store.access.revokeToken('t1', doer);

    const entries = await store.journal.read('access');

    expect(entries.map(({ kind, actor, via }) => `${kind} ${actor} ${via}`)).toEqual([
      'access.link-created service/admin-token admin-token',
      'access.signed-in user/anna link',
      'access.groups-changed user/anna oidc',
      'access.signed-out service/admin-token admin-token',
      'access.token-created user/anna session',
      'access.token-revoked service/admin-token admin-token',
    ]);
    expect(JSON.stringify(entries)).not.toContain(secret);
  });

  test('refusals fill at most one entry a minute, whoever tries at once', async () => {
    const { store } = await bed.newStore();

    await Promise.all([1, 2, 3].map((at) => store.access.noteRefused('code', { reason: `try ${at}`, at })));
    await store.access.noteRefused('code', { reason: 'later', at: 60_001 });

    expect((await store.journal.read('access')).map(({ key }) => key)).toEqual(['refused/0', 'refused/1']);
  });
}
