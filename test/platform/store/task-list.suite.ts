import type { Store, TaskRow } from '../../../platform/store/store';
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

async function idsFor(store: Store, principals: readonly string[], limit = 10, at = 0): Promise<readonly string[]> {
  return (await store.views.tasksAskedOf({ principals, at, limit })).map(({ id }) => id);
}

interface Place {
  readonly priority: number;
  readonly openedAt: number;
  readonly runId: string;
  readonly id: string;
}

function placeOf({ openedAt, runId, id, priority = 3 }: TaskRow): Place {
  return { priority, openedAt, runId, id };
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

  test('R-APPR-3: a task that is no approval waits for its candidates and for who answers in their place', async () => {
    const { store } = await bed.newStore();
    const given = (to: string, at: number) =>
      entry(
        'task.delegated',
        { taskId: 't1', from: 'user/anna', to, until: null, comment: '' },
        { key: `delegated/${at}`, at },
      );
    await store.journal.append('run/r1', [
      taskOpened({ id: 't1', kind: 'manual', candidates: ['user/anna'] }),
      given('user/dan', 6_000),
    ]);

    expect(await idsFor(store, ['user/dan'])).toEqual(['t1']);
    expect(await idsFor(store, ['user/anna'])).toEqual(['t1']);
    expect(await store.views.tasks({ id: 't1' })).toMatchObject([
      { delegated: [{ from: 'user/anna', to: 'user/dan', until: null }] },
    ]);

    await store.journal.append('run/r1', [given('user/anna', 7_000)]);

    expect(await idsFor(store, ['user/dan'])).toEqual([]);
  });

  test('a delegation that was refused after it was journaled is not shown, and the one before it holds again', async () => {
    const { store } = await bed.newStore();
    const delegated = (id: string, to: string) =>
      entry(
        'task.delegated',
        { taskId: 't1', from: 'user/anna', to, until: null, comment: '' },
        { key: `t1/${id}/task.delegated` },
      );
    const refused = (id: string, actor: string) => {
      const delegation = { to: 'user/eve', until: null };
      const given = { taskId: 't1', id, actor, via: 'cli', choice: 'delegate', comment: '', form: null, delegation };
      const payload = { taskId: 't1', answer: given, code: 'PERSON_LEFT', reason: 'they have left' };
      return entry('task.refused', payload, { key: `t1/${id}/task.refused` });
    };
    await store.journal.append('run/r1', [
      taskOpened({ id: 't1', kind: 'manual', candidates: ['user/anna'] }),
      delegated('a1', 'user/dan'),
      delegated('a2', 'user/eve'),
      // Of an answer that was never taken up, and of somebody else who came with the id of one that was.
      refused('a3', 'user/anna'),
      refused('a1', 'user/mallory'),
    ]);
    expect(await idsFor(store, ['user/eve'])).toEqual(['t1']);

    await store.journal.append('run/r1', [refused('a2', 'user/anna')]);

    expect(await idsFor(store, ['user/eve'])).toEqual([]);
    expect(await idsFor(store, ['user/dan'])).toEqual(['t1']);
    expect(await store.views.tasks({ id: 't1' })).toMatchObject([{ delegated: [{ to: 'user/dan' }] }]);
    await store.journal.rebuildFolds();
    expect(await idsFor(store, ['user/dan'])).toEqual(['t1']);
  });

  test('a task waits for a delegate until the delegation ends, and the page is filled with what waits on', async () => {
    const { store } = await bed.newStore();
    const tasks = ['t1', 't2', 't3'];
    const given = (taskId: string) =>
      entry(
        'task.delegated',
        { taskId, from: 'user/anna', to: 'user/dan', until: taskId === 't3' ? null : 50, comment: '' },
        { key: `${taskId}/a/task.delegated` },
      );
    await store.journal.append('run/r1', [
      ...tasks.map((id, index) => taskOpened({ id, kind: 'manual', candidates: ['user/anna'] }, index)),
      ...tasks.map(given),
    ]);

    expect(await idsFor(store, ['user/dan'], 10, 49)).toEqual(tasks);
    expect(await idsFor(store, ['user/dan'], 1, 50)).toEqual(['t3']);
    expect(await idsFor(store, ['user/anna'], 10, 50)).toEqual(tasks);
  });

  test('pages go on where the one before has ended, also among tasks of one instant, for everybody and for one person', async () => {
    const { store } = await bed.newStore();
    const candidates = ['user/anna'];
    await store.journal.append('run/r1', [
      taskOpened({ id: 't1', candidates }, 10),
      taskOpened({ id: 't2', candidates, priority: 1 }, 10),
    ]);
    await store.journal.append('run/r2', [
      taskOpened({ id: 't1', candidates }, 10),
      taskOpened({ id: 't3', candidates, priority: 5 }, 5),
    ]);
    const all: string[] = [];
    const mine: string[] = [];
    let after: Place | undefined;
    for (;;) {
      const [task] = await store.views.tasks({ open: true, limit: 1, ...(after === undefined ? {} : { after }) });
      if (task === undefined) break;
      all.push(`${task.runId} ${task.id}`);
      after = placeOf(task);
    }
    after = undefined;
    for (;;) {
      const page = { principals: candidates, at: 0, limit: 1, ...(after === undefined ? {} : { after }) };
      const [task] = await store.views.tasksAskedOf(page);
      if (task === undefined) break;
      mine.push(`${task.runId} ${task.id}`);
      after = placeOf(task);
    }

    expect(all).toEqual(['r2 t3', 'r1 t1', 'r1 t2', 'r2 t1']);
    expect(mine).toEqual(['r1 t2', 'r1 t1', 'r2 t1', 'r2 t3']);
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
      store.views.tasksAskedOf({ principals: ['user/anna'], scopeIds, at: 0, limit: 10 });

    expect(await seen(known.map(({ id }) => id))).toHaveLength(1);
    expect(await seen([])).toEqual([]);
  });
}
