import type { Session } from '../../../platform/store/database';
import { migrations } from '../../../platform/store/migrations';
import type { Store } from '../../../platform/store/store';
import type { Scope } from '../../../workflows/domain/authorization';
import { backupFact } from './backup-entries';
import { changeOpened, changePlanned } from './change-entries';
import { definition } from './publishing.suite';
import type { StoreBed } from './dialects';
import { runCreated, taskOpened } from './entries';
import { dumpFolds } from './fold-tables';

const shop: Scope = { service: ['shop'] };
const billing: Scope = { service: ['billing'] };

async function numberOf(store: Store, scope: Scope): Promise<number> {
  const known = (await store.scopes.list()).find((each) => JSON.stringify(each.scope) === JSON.stringify(scope));
  if (known === undefined) throw new Error(`Cannot find scope ${JSON.stringify(scope)}: nothing has it`);
  return known.id;
}

/** As a store was before there were scopes. */
async function dropScopes({ query: { schema } }: Session): Promise<void> {
  for (const index of ['runs_scope', 'runs_scope_outcome', 'changes_scope']) await schema.dropIndex(index).execute();
  for (const table of ['runs', 'tasks', 'changes', 'backup_plans', 'backup_operations', 'definitions'])
    await schema.alterTable(table).dropColumn('scope').execute();
  await schema.dropTable('scopes').execute();
}

const by = { actor: 'user/anna', via: 'test', at: 1 };

/** One thing of every sort of each of the two services. */
async function fill(store: Store): Promise<void> {
  for (const [index, scope] of [shop, billing].entries()) {
    const [service = ''] = scope['service'] ?? [];
    const number = index + 1;
    await store.journal.append(`run/r${number}`, [runCreated({ number, scope }), taskOpened({ id: `t${number}` })]);
    await store.journal.append(`run/c${number}`, [changeOpened(number, { scope })]);
    await store.journal.append(`run/k${number}`, [backupFact('backup.kept', { plan: service, service })]);
    await store.journal.append(`run/b${number}`, [backupFact('backup.opened', { plan: service, service })]);
    const text = `kind: Runbook\nmetadata: { name: ${service}, labels: { service: ${service} } }\n`;
    await store.definitions.publish(definition({ name: service, text }), by);
  }
}

export function scopesSuite(bed: StoreBed): void {
  test('lists answer what is of the scopes that somebody may see: of one, of none, of all', async () => {
    const { store } = await bed.newStore();
    await fill(store);
    const seen = async (scopeIds: readonly number[] | null) => ({
      runs: (await store.views.runs({ limit: 10, scopeIds })).map(({ id }) => id),
      tasks: (await store.views.tasks({ scopeIds })).map(({ id }) => id),
      changes: (await store.changes.list({ limit: 10, scopeIds })).map(({ id }) => id),
      plans: (await store.backups.plans({ scopeIds })).map(({ id }) => id),
      operations: (await store.backups.operations({ limit: 10, scopeIds })).map(({ id }) => id),
      definitions: (await store.definitions.list({ scopeIds })).map(({ name }) => name),
    });

    expect(await seen([await numberOf(store, shop)])).toEqual({
      runs: ['r1'],
      tasks: ['t1'],
      changes: ['c1'],
      plans: ['k1'],
      operations: ['b1'],
      definitions: ['shop'],
    });
    expect(new Set(Object.values(await seen([])).flat())).toEqual(new Set());
    expect((await seen(null)).runs).toEqual(['r2', 'r1']);
  });

  test('rows tell their scope, and of() that of any process by its id', async () => {
    const { store } = await bed.newStore();
    await fill(store);

    expect((await store.views.run('r1'))?.scope).toEqual(shop);
    expect((await store.changes.get('c1'))?.scope).toEqual(shop);
    expect((await store.backups.plan('shop'))?.scope).toEqual(shop);
    expect((await store.backups.operation('b1'))?.scope).toEqual(shop);
    expect((await store.definitions.get('Runbook', 'shop'))?.scope).toEqual(shop);
    const known = { id: await numberOf(store, billing), scope: billing };
    for (const id of ['r2', 'c2', 'k2', 'b2']) expect(await store.scopes.of(id)).toEqual(known);
    expect(await store.scopes.of('r9')).toBeNull();
  });

  test('list() names each scope once, and what came since it was last asked', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated({ scope: { env: ['prod', 'dev'], service: ['shop'] } })]);
    expect((await store.scopes.list()).filter(({ scope }) => scope['service'] !== undefined)).toHaveLength(1);

    const said = { scope: { service: ['shop'], env: ['dev', 'prod', 'dev'] } };
    await store.journal.append('run/r2', [runCreated({ number: 2, ...said })]);
    await store.journal.append('run/r3', [runCreated({ number: 3, scope: billing })]);

    const scopes = (await store.scopes.list()).map(({ scope }) => scope);
    expect(scopes.filter((scope) => scope['service'] !== undefined)).toEqual([
      { env: ['dev', 'prod'], service: ['shop'] },
      billing,
    ]);
  });

  test('a run whose journal says no scope is of its labels', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated({ labels: { service: 'shop', 'mainstay/check': 'true' } })]);

    expect((await store.scopes.of('r1'))?.scope).toEqual(shop);
  });

  test('a task has the scope of what asks, also when that is heard of later, or becomes another one', async () => {
    const { store } = await bed.newStore();
    const scopeOf = async (runId: string, scope: Scope) =>
      (await store.views.tasks({ runId, scopeIds: [await numberOf(store, scope)] })).length;
    await fill(store);

    await store.journal.append('run/r3', [taskOpened({ id: 't3' })]);
    expect(await store.views.tasks({ runId: 'r3', scopeIds: [await numberOf(store, shop)] })).toEqual([]);
    await store.journal.append('run/r3', [runCreated({ number: 3, scope: shop })]);
    expect(await scopeOf('r3', shop)).toBe(1);

    await store.journal.append('run/c1', [taskOpened({ id: 't4' })]);
    expect(await scopeOf('c1', shop)).toBe(1);
    const planned = changePlanned(['host/a']);
    if (planned.kind !== 'change.planned') throw new Error('Cannot plan: another entry');
    await store.journal.append('run/c1', [{ ...planned, payload: { ...planned.payload, scope: billing } }]);
    expect(await scopeOf('c1', shop)).toBe(0);
    expect(await scopeOf('c1', billing)).toBe(1);
    expect((await store.changes.get('c1'))?.plan).not.toHaveProperty('scope');
  });

  test('rebuildFolds() gives every row the number again that it had (S2)', async () => {
    const { store, database } = await bed.newStore();
    await fill(store);
    const before = await dumpFolds(database);

    await store.journal.rebuildFolds();

    expect(await dumpFolds(database)).toBe(before);
  });

  test('migrate() gives what was there before the scope that a rebuild would give it', async () => {
    const { store, database } = await bed.newStore();
    await store.journal.append('run/r3', [runCreated({ labels: { service: 'shop' } }), taskOpened()]);
    await store.journal.append('run/r4', [runCreated({ number: 2 })]);
    await store.journal.append('run/c1', [changeOpened(1)]);
    await store.journal.append('run/k1', [backupFact('backup.kept')]);
    await store.journal.append('run/b1', [backupFact('backup.opened')]);
    const text = 'kind: Runbook\nmetadata: { name: shop, labels: { service: shop } }\n';
    await store.definitions.publish(definition({ text }), by);

    await database.transaction(async (session) => {
      await dropScopes(session);
      await migrations.find(({ name }) => name === 'scopes')?.apply(session);
    });

    const migrated = await dumpFolds(database);
    await store.journal.rebuildFolds();
    expect(migrated).toBe(await dumpFolds(database));
    expect((await store.scopes.of('r3'))?.scope).toEqual(shop);
  });
}
