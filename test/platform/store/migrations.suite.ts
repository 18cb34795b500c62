import { migrate } from '../../../platform/store/migrate';
import { migrations } from '../../../platform/store/migrations';
import { createStore, openStore } from '../../../platform/store/open';
import type { StoreBed } from './dialects';
import { runCreated } from './entries';

export function migrationsSuite(bed: StoreBed): void {
  test('migrate() from empty and from every earlier version gives the same schema', async () => {
    const schemas: unknown[] = [];
    for (let version = 0; version <= migrations.length; version += 1) {
      const database = bed.open(await bed.newPlace());
      await migrate(database, version);
      await migrate(database);
      const tables = await database.query.introspection.getTables();
      schemas.push(tables.map(({ name, columns }) => ({ name, columns: columns.map((column) => ({ ...column })) })));
      const store = createStore(database);
      await store.journal.append('run/r1', [runCreated()]);
      expect(await store.views.run('r1')).toMatchObject({ number: 1 });
    }

    for (const schema of schemas) expect(schema).toEqual(schemas[0]);
    // As many databases as there are versions, each with all steps.
  }, 120_000);

  test('migrate() by several processes at once does each step once', async () => {
    const place = await bed.newPlace();

    await Promise.all([1, 2, 3, 4].map(() => migrate(bed.open(place))));

    const applied = await bed
      .open(place)
      .query.selectFrom('migrations')
      .select(['number', 'name'])
      .orderBy('number')
      .execute();
    expect(applied).toEqual(migrations.map(({ name }, index) => ({ number: index + 1, name })));
  });

  test('migrate() keeps the place of runs that waited for locks before there was a table of waits (D13)', async () => {
    const database = bed.open(await bed.newPlace());
    await migrate(database, 4);
    const written = { stream: 'locks', at: 1, actor: 'engine', via: 'engine', payload_digest: '', prev: '', hash: '' };
    const facts = [
      { kind: 'lock.requested', payload: { runId: 'r2', path: 'a', names: ['x'] } },
      { kind: 'lock.requested', payload: { runId: 'r3', path: 'a', names: ['x'] } },
      { kind: 'lock.granted', payload: { runId: 'r2', path: 'a', names: ['x'], token: 3 } },
    ];
    const rows = facts.map(({ kind, payload }, index) => ({
      ...written,
      kind,
      seq: index + 1,
      key: String(index),
      salt: '',
      payload: JSON.stringify(payload),
    }));
    await database.transaction((session) => session.query.insertInto('journal').values(rows).execute());

    await migrate(database);

    expect(await createStore(database).locks.waits()).toEqual([
      { runId: 'r3', path: 'a', names: ['x'], anyOf: false, since: 2 },
    ]);
  });

  test('migrate() refuses a store of a newer version', async () => {
    const place = await bed.newPlace();
    const database = bed.open(place);
    await migrate(database);
    await database.query
      .transaction()
      .execute((transaction) =>
        transaction.insertInto('migrations').values({ number: 999, name: 'from the future', applied_at: 1 }).execute(),
      );

    await expect(openStore(place)).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
  });

  test('installation() stays the same and is another one for each store', async () => {
    const place = await bed.newPlace();
    const first = await openStore(place);
    const again = await openStore(place);
    const { store: other } = await bed.newStore();

    const [one, same, another] = await Promise.all([first, again, other].map((store) => store.installation()));

    expect(one?.id).toMatch(/^[0-9a-f]{12}$/);
    expect(same).toEqual(one);
    expect(another?.id).not.toBe(one?.id);
    await first.close();
    await again.close();
  });

  test('nextRunNumber() counts 1, 2, 3, also for callers at once', async () => {
    const { store } = await bed.newStore();

    const numbers = await Promise.all(Array.from({ length: 10 }, () => store.nextRunNumber()));

    expect(numbers.toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
}
