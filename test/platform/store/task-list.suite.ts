import type { Store } from '../../../platform/store/store';
import type { AskedPerson } from '../../../workflows/domain/journal';
import type { StoreBed } from './dialects';
import { entry, runCreated, taskOpened } from './entries';

function asked(taskId: string, people: readonly AskedPerson[], at = 5_000) {
  return entry('task.asked', { taskId, people, added: [] }, { key: `asked/${taskId}@${at}`, at });
}

function closed(taskId: string) {
  const payload = { taskId, choice: 'approve', by: [], reason: 'answered', comment: '' } as const;
  return entry('task.closed', payload, { key: `closed/${taskId}`, at: 6_000 });
}

async function idsFor(store: Store, principals: readonly string[], limit = 10): Promise<readonly string[]> {
  return (await store.views.tasksAskedOf({ principals, limit })).map(({ id }) => id);
}

export function taskListSuite(bed: StoreBed): void {
  test('tasksAskedOf() tells what waits for a person or for their teams, the most urgent first, each once', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [
      taskOpened({ id: 't1', candidates: ['user/anna'] }, 10),
      taskOpened({ id: 't2', candidates: ['team/web', 'user/anna'] }, 20),
      taskOpened({ id: 't3', candidates: ['team/web'], priority: 1 }, 30),
      taskOpened({ id: 't4', candidates: ['user/ben'] }, 40),
    ]);

    expect(await idsFor(store, ['user/anna', 'team/web'])).toEqual(['t3', 't1', 't2']);
    expect(await idsFor(store, ['user/anna', 'team/web'], 2)).toEqual(['t3', 't1']);
    expect(await idsFor(store, ['user/ben'])).toEqual(['t4']);
    expect(await idsFor(store, [])).toEqual([]);
  });

  test('R-APPR-4: an approval waits for whoever is asked now, and for those in whose place they are', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [
      taskOpened({ id: 't1', candidates: ['team/web'] }),
      asked('t1', [{ person: 'user/anna', actor: 'user/anna' }]),
    ]);
    expect(await idsFor(store, ['user/anna'])).toEqual(['t1']);
    expect(await idsFor(store, ['team/web'])).toEqual([]);

    await store.journal.append('run/r1', [asked('t1', [{ person: 'user/ben', actor: 'user/cleo' }], 5_500)]);

    expect(await idsFor(store, ['user/anna'])).toEqual([]);
    expect(await idsFor(store, ['user/ben'])).toEqual(['t1']);
    expect(await idsFor(store, ['user/cleo'])).toEqual(['t1']);
  });

  test('what is closed waits for nobody and is not counted', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [
      taskOpened({ id: 't1', candidates: ['user/anna'] }),
      taskOpened({ id: 't2', candidates: ['user/anna'] }),
    ]);

    await store.journal.append('run/r1', [closed('t1')]);

    expect(await idsFor(store, ['user/anna'])).toEqual(['t2']);
    expect([await store.views.countTasks(10), await store.views.countTasks(0)]).toEqual([1, 0]);
  });

  test('tasksAskedOf() leaves out what is of a scope that may not be seen', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [
      runCreated({ scope: { env: ['prod'] } }),
      taskOpened({ id: 't1', candidates: ['user/anna'] }),
    ]);
    const known = await store.scopes.list();
    const seen = (scopeIds: readonly number[]) =>
      store.views.tasksAskedOf({ principals: ['user/anna'], scopeIds, limit: 10 });

    expect(await seen(known.map(({ id }) => id))).toHaveLength(1);
    expect(await seen([])).toEqual([]);
  });
}
