import { digestOf } from '../../../platform/store/blobs';
import type { PublishedDefinition } from '../../../platform/store/store';
import type { StoreBed } from './dialects';

const by = { actor: 'user/anna', via: 'cli', at: 1_000 };

export function definition(change: Partial<PublishedDefinition> = {}): PublishedDefinition {
  const text = change.text ?? 'kind: Runbook';
  return {
    kind: 'Runbook',
    name: 'web/upgrade',
    version: '1.0.0',
    digest: digestOf(Buffer.from(text)),
    text,
    files: {},
    ...change,
  };
}

export function publishingSuite(bed: StoreBed): void {
  test('publish() of the same text is no news; of another text it is VERSION_EXISTS', async () => {
    const { store } = await bed.newStore();

    expect(await store.definitions.publish(definition(), by)).toBe('published');
    expect(await store.definitions.publish(definition(), by)).toBe('unchanged');
    expect(await store.definitions.publish(definition({ text: 'other' }), by)).toBe('VERSION_EXISTS');
    expect(await store.definitions.publish(definition({ files: { 'a.sh': 'x' } }), by)).toBe('VERSION_EXISTS');
    expect(await store.definitions.get('Runbook', 'web/upgrade')).toEqual({ ...definition(), scope: {} });
  });

  test('publish() is journaled once in the system stream, with who did it', async () => {
    const { store } = await bed.newStore();

    const answers = await Promise.all([1, 2, 3].map(() => store.definitions.publish(definition(), by)));

    expect(answers.toSorted()).toEqual(['published', 'unchanged', 'unchanged']);
    expect(await store.journal.read('system')).toMatchObject([
      { kind: 'definition.published', actor: 'user/anna', via: 'cli', key: 'definition/Runbook/web/upgrade@1.0.0' },
    ]);
  });

  test('get() without a version answers the newest by precedence, not by spelling or by date', async () => {
    const { store } = await bed.newStore();
    for (const version of ['1.9.0', '1.10.0', '2.0.0-rc.1', '1.2.0']) {
      await store.definitions.publish(definition({ version, text: version }), by);
    }

    expect((await store.definitions.get('Runbook', 'web/upgrade'))?.version).toBe('2.0.0-rc.1');
    expect((await store.definitions.get('Runbook', 'web/upgrade', '1.9.0'))?.text).toBe('1.9.0');
    expect(await store.definitions.get('Runbook', 'web/upgrade', '3.0.0')).toBeNull();
    expect(await store.definitions.get('Team', 'web/upgrade')).toBeNull();
  });

  test('list() goes by kind, name and version', async () => {
    const { store } = await bed.newStore();
    for (const version of ['1.10.0', '1.9.0']) await store.definitions.publish(definition({ version }), by);
    await store.definitions.publish(definition({ kind: 'Team', name: 'web' }), by);
    await store.definitions.publish(definition({ name: 'a' }), by);

    const names = (await store.definitions.list()).map(({ kind, name, version }) => `${kind} ${name} ${version}`);

    expect(names).toEqual([
      'Runbook a 1.0.0',
      'Runbook web/upgrade 1.9.0',
      'Runbook web/upgrade 1.10.0',
      'Team web 1.0.0',
    ]);
    expect(await store.definitions.list({ kind: 'Team' })).toHaveLength(1);
  });

  test('rebuildFolds() brings published definitions back from the journal, text and files (D4)', async () => {
    const { store, database } = await bed.newStore();
    const script = Buffer.from('#!/bin/sh');
    const files = { 'a.sh': digestOf(script) };
    await store.definitions.publish(definition({ files }), by, [script]);
    await store.definitions.publish(definition({ version: '1.1.0', text: 'kind: Runbook # über' }), by);
    await store.definitions.publish(definition({ kind: 'Team', name: 'web', text: 'kind: Team' }), by);
    const before = await store.definitions.list();
    await database.transaction(({ query }) =>
      query.updateTable('definitions').set({ text: 'changed by hand' }).execute(),
    );

    await store.journal.rebuildFolds();

    expect(await store.definitions.list()).toEqual(before);
    expect(before).toHaveLength(3);
    expect(await store.blobs.get(digestOf(script))).not.toBeNull();
  });

  test('publish() that publishes nothing keeps no bytes either (S4)', async () => {
    const { store, database } = await bed.newStore();
    await store.definitions.publish(definition(), by);
    const [other, file] = ['other', 'echo file'];

    const refused = await store.definitions.publish(definition({ text: other }), by, [Buffer.from(file)]);

    expect(refused).toBe('VERSION_EXISTS');
    const blobs = await database.query.selectFrom('blobs').select('digest').execute();
    expect(blobs).toEqual([{ digest: definition().digest }]);
  });

  test('publish() refuses a text under a digest that is not its own', async () => {
    const { store } = await bed.newStore();

    const publishing = store.definitions.publish(definition({ digest: '0'.repeat(64) }), by);

    await expect(publishing).rejects.toMatchObject({ code: 'DIGEST_WRONG' });
    expect(await store.definitions.list()).toEqual([]);
  });
}
