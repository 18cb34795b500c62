import { defaultPreferences } from '../../../workflows/domain/notice-delivery';
import type { NoticePreferences } from '../../../workflows/domain/notice-delivery';
import type { StoreBed } from './dialects';
import { dumpFolds } from './fold-tables';

const by = { actor: 'user/anna', via: 'session', at: 1_000 };
const quietly: NoticePreferences = {
  ...defaultPreferences,
  kinds: { 'run.failed': ['ntfy', 'mail'], 'run.recovered': 'off' },
  quiet: { from: '22:00', to: '07:00' },
};

export function preferencesSuite(bed: StoreBed): void {
  test('get() answers the defaults for whoever has said nothing', async () => {
    const { store } = await bed.newStore();

    expect(await store.preferences.get('user/anna')).toEqual(defaultPreferences);
  });

  test('get() answers what was set last, of the login or of the person', async () => {
    const { store } = await bed.newStore();
    await store.preferences.set('user/anna', { ...quietly, digest: 'daily' }, by);
    await store.preferences.set('user/anna', quietly, by);

    expect(await store.preferences.get('user/anna')).toEqual(quietly);
    expect(await store.preferences.get('anna')).toEqual(quietly);
    expect(await store.preferences.get('user/ben')).toEqual(defaultPreferences);
  });

  test('set() is journaled in the system stream, with who did it', async () => {
    const { store } = await bed.newStore();

    await store.preferences.set('user/ben', quietly, by);

    const [entry] = await store.journal.read('system');
    expect(entry).toMatchObject({ kind: 'preferences.set', actor: 'user/anna', via: 'session', at: 1_000 });
    expect(JSON.parse(entry?.payload ?? '')).toEqual({ person: 'user/ben', preferences: quietly });
  });

  test('set() of what stands already is no news', async () => {
    const { store } = await bed.newStore();

    expect(await store.preferences.set('user/anna', defaultPreferences, by)).toBe(false);
    expect(await store.preferences.set('user/anna', quietly, by)).toBe(true);
    expect(await store.preferences.set('user/anna', quietly, by)).toBe(false);
    expect((await store.journal.head('system')).count).toBe(1);
  });

  test('set() by several at once loses none of them', async () => {
    const { store } = await bed.newStore();
    const digests = ['hourly', 'daily'] as const;

    await Promise.all(digests.map((digest) => store.preferences.set('user/anna', { ...quietly, digest }, by)));

    expect((await store.journal.head('system')).count).toBe(2);
  });

  test('preferences are folded anew from the journal, and without what was redacted', async () => {
    const { store, database } = await bed.newStore();
    await store.preferences.set('user/anna', quietly, by);
    await store.preferences.set('user/ben', quietly, by);
    const before = await dumpFolds(database);

    await store.journal.rebuildFolds();

    expect(await dumpFolds(database)).toBe(before);
    await store.journal.redact('system', 1, { ...by, reason: 'wanted by anna' });
    expect(await store.preferences.get('user/anna')).toEqual(defaultPreferences);
    expect(await store.preferences.get('user/ben')).toEqual(quietly);
  });
}
