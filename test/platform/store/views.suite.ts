import { systemStream } from '../../../platform/store/folds/apply';
import type { ApprovalEvent } from '../../../workflows/domain/approval-event';
import type { AnyJournalEntry } from '../../../workflows/domain/journal';
import type { StoreBed } from './dialects';
import {
  entry,
  hostEnded,
  runCreated,
  runEnded,
  runStarted,
  stepEnded,
  stepStarted,
  taskOpened,
  voteCast,
} from './entries';

const stream = 'run/r1';
const waiting = entry('run.state', { state: 'waiting', reason: 'approval' }, { key: 'waiting', at: 1_500 });

interface RunCase {
  readonly name: string;
  readonly entries: readonly AnyJournalEntry[];
  readonly state: string;
  readonly outcome: string | null;
}

const runCases: readonly RunCase[] = [
  { name: 'only created', entries: [runCreated()], state: 'pending', outcome: null },
  { name: 'started', entries: [runCreated(), runStarted(false, 1_100)], state: 'running', outcome: null },
  {
    name: 'created arrives after started',
    entries: [runStarted(false, 1_100), runCreated()],
    state: 'running',
    outcome: null,
  },
  { name: 'created arrives after the end', entries: [runEnded(), runCreated()], state: 'closed', outcome: 'succeeded' },
  { name: 'waiting', entries: [runCreated(), runStarted(false, 1_100), waiting], state: 'waiting', outcome: null },
  {
    name: 'started arrives after waiting',
    entries: [runCreated(), waiting, runStarted(false, 1_100)],
    state: 'waiting',
    outcome: null,
  },
  {
    name: 'waiting arrives after the end',
    entries: [runCreated(), runEnded(), waiting],
    state: 'closed',
    outcome: 'succeeded',
  },
  {
    name: 'resumed after the end',
    entries: [runCreated(), runEnded({ outcome: 'failed' }), runStarted(true, 9_500)],
    state: 'running',
    outcome: null,
  },
  {
    name: 'the end arrives after the resumption that followed it',
    entries: [runCreated(), runStarted(true, 9_500), runEnded({ outcome: 'failed' }, 9_000)],
    state: 'running',
    outcome: null,
  },
  {
    name: 'resumed and ended again',
    entries: [runCreated(), runEnded({ outcome: 'failed' }), runStarted(true, 9_500), runEnded({}, 9_900)],
    state: 'closed',
    outcome: 'succeeded',
  },
  {
    name: 'the first end arrives after the second',
    entries: [runCreated(), runStarted(true, 9_500), runEnded({}, 9_900), runEnded({ outcome: 'failed' }, 9_000)],
    state: 'closed',
    outcome: 'succeeded',
  },
];

export function viewsSuite(bed: StoreBed): void {
  test('durations() are those of what succeeded, on each host, in the newest runs that have ended', async () => {
    const { store } = await bed.newStore();
    const rows = [
      hostEnded('web1', { step: 'up/install', durationMs: 700 }),
      hostEnded('web1', { step: 'up/install', phase: 'undo', status: 'undone', durationMs: 300 }),
      hostEnded('web2', { step: 'up/install', status: 'failed', durationMs: 9 }),
      hostEnded('web2', { step: 'each/item:a/load', durationMs: 40 }),
      hostEnded('web3', { step: 'up/install', durationMs: null }),
    ];
    await store.journal.append('run/r1', [runCreated(), ...rows, runEnded()]);
    await store.journal.append('run/r2', [runCreated(), hostEnded('web9'), runStarted(false, 1_100)]);

    const { definition } = (await store.views.run('r1')) ?? {};
    const durations = await store.views.durations(definition?.name ?? '');

    expect(durations.toSorted((a, b) => b.durationMs - a.durationMs)).toEqual([
      { step: 'up/install', phase: 'do', host: 'web1', durationMs: 700 },
      { step: 'up/install', phase: 'undo', host: 'web1', durationMs: 300 },
      { step: 'each/load', phase: 'do', host: 'web2', durationMs: 40 },
    ]);
    expect(await store.views.durations('other')).toEqual([]);
  });

  test('durations() are those of the runs of the scopes that are asked for', async () => {
    const { store } = await bed.newStore();
    for (const [index, service] of ['shop', 'pay'].entries())
      await store.journal.append(`run/r${service}`, [
        runCreated({ number: index + 1, scope: { service: [service] } }),
        hostEnded(`web-${service}`, { step: 'install' }),
        runEnded(),
      ]);
    const { definition } = (await store.views.run('rshop')) ?? {};
    const known = await store.scopes.list();
    const shop = known.filter(({ scope }) => scope['service']?.includes('shop')).map(({ id }) => id);

    const hosts = async (scopeIds: readonly number[] | null) =>
      (await store.views.durations(definition?.name ?? '', scopeIds)).map(({ host }) => host).sort();

    expect(await hosts(null)).toEqual(['web-pay', 'web-shop']);
    expect(await hosts(shop)).toEqual(['web-shop']);
    expect(await hosts([])).toEqual([]);
  });

  test.each(runCases)('run() does not trust the order of arrival: $name (D4)', async ({ entries, state, outcome }) => {
    const { store } = await bed.newStore();

    for (const fact of entries) await store.journal.append(stream, [fact]);

    expect(await store.views.run('r1')).toMatchObject({ state, outcome });
  });

  test('run() shows what the journal says, field by field', async () => {
    const { store } = await bed.newStore();
    const error = { code: 'STEP_FAILED', message: 'Cannot install', step: 'install' };
    const ended = {
      outcome: 'failed',
      degraded: true,
      outputs: { n: 1 },
      error,
      undone: ['a'],
      exceptions: ['web2'],
    } as const;
    await store.journal.append(stream, [
      runCreated(),
      runStarted(false, 1_100),
      runEnded({ ...ended, stateDigest: 'd9' }),
    ]);

    expect(await store.views.run('r1')).toEqual({
      id: 'r1',
      number: 1,
      definition: { name: 'upgrade', version: '1.0.0', title: 'Upgrade', owner: 'team/web' },
      planHash: 'h1',
      planDigest: 'p1',
      requester: 'user/anna',
      inputs: { version: '1.2' },
      parent: null,
      labels: {},
      scope: {},
      state: 'closed',
      reason: '',
      createdAt: 1_000,
      startedAt: 1_100,
      endedAt: 9_000,
      ...ended,
      stateDigest: 'd9',
    });
  });

  test('runs() lists newest first, filtered, by pages, and leaves out what has not been created yet', async () => {
    const { store } = await bed.newStore();
    for (let number = 1; number <= 6; number += 1) {
      const parent = number === 3 ? 'r1' : null;
      await store.journal.append(`run/r${number}`, [
        runCreated({ number, parent }),
        ...(number % 2 ? [runEnded()] : []),
      ]);
    }
    await store.journal.append('run/r7', [runStarted(false, 1)]);

    const numbers = async (filter: Parameters<typeof store.views.runs>[0]): Promise<readonly number[]> =>
      (await store.views.runs(filter)).map(({ number }) => number);

    expect(await numbers({ limit: 10 })).toEqual([6, 5, 4, 3, 2, 1]);
    expect(await numbers({ limit: 2, before: 5 })).toEqual([4, 3]);
    expect(await numbers({ limit: 10, state: 'closed' })).toEqual([5, 3, 1]);
    expect(await numbers({ limit: 10, parent: null })).toEqual([6, 5, 4, 2, 1]);
    expect(await numbers({ limit: 10, parent: 'r1' })).toEqual([3]);
    expect(await numbers({ limit: 10, definition: 'other' })).toEqual([]);
  });

  test('findRun() takes a number, an id, or a beginning that fits one run only', async () => {
    const { store } = await bed.newStore();
    for (const [number, id] of ['rabc', 'rabd', 'rabcd'].entries()) {
      await store.journal.append(`run/${id}`, [runCreated({ number: number + 1 })]);
    }

    const found = async (reference: string): Promise<string | undefined> => (await store.views.findRun(reference))?.id;

    expect(await found('2')).toBe('rabd');
    expect(await found('rabc')).toBe('rabc');
    expect(await found('rabcd')).toBe('rabcd');
    expect(await found('rabd')).toBe('rabd');
    expect(await found('rab')).toBeUndefined();
    expect(await found('r%')).toBeUndefined();
    expect(await found('')).toBeUndefined();
    expect(await found('99')).toBeUndefined();
  });

  test('steps() keeps the order of first appearance and the newest generation', async () => {
    const { store } = await bed.newStore();
    const failed = { status: 'failed', error: { code: 'EXIT', message: 'Cannot run' } } as const;
    await store.journal.append(stream, [
      stepStarted({ path: 'first', id: 'first' }),
      stepStarted({ path: 'second', id: 'second' }),
      stepEnded({ path: 'second', id: 'second', ...failed }),
      stepStarted({ path: 'second', id: 'second', generation: 2 }, 4_000),
      stepEnded({ path: 'first', id: 'first' }),
      stepEnded({ path: 'second', id: 'second', generation: 2, attempts: 2, startedAt: 4_000 }, 5_000),
    ]);
    // Late news of the first attempt.
    await store.journal.append(stream, [{ ...stepEnded({ path: 'second', id: 'second', ...failed }), key: 'late' }]);

    expect(await store.views.steps('r1')).toMatchObject([
      { path: 'first', status: 'succeeded', position: 1, counts: null },
      {
        path: 'second',
        status: 'succeeded',
        generation: 2,
        attempts: 2,
        startedAt: 4_000,
        endedAt: 5_000,
        error: null,
        position: 2,
      },
    ]);
  });

  test('steps() shows an end that came before its start as ended', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [stepEnded({}, 3_000)]);
    await store.journal.append(stream, [stepStarted({}, 2_000)]);

    expect(await store.views.steps('r1')).toMatchObject([{ status: 'succeeded', startedAt: 2_000, endedAt: 3_000 }]);
  });

  test('steps() shows the worst of the groups of a rollout, and runs while one runs', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [
      stepStarted({ group: 0 }, 2_000),
      stepEnded({ group: 0, status: 'failed', startedAt: 2_000 }, 3_000),
      stepStarted({ group: 1 }, 3_100),
    ]);
    const during = await store.views.steps('r1');

    await store.journal.append(stream, [stepEnded({ group: 1, startedAt: 3_100 }, 4_000)]);

    expect(during).toMatchObject([{ status: 'running', endedAt: null }]);
    expect(await store.views.steps('r1')).toMatchObject([{ status: 'failed', startedAt: 2_000, endedAt: 4_000 }]);
  });

  test('steps() forgets the groups from before a resume once the step is entered again', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [
      stepEnded({ group: 0 }),
      stepEnded({ group: 1, status: 'failed' }),
      runEnded({ outcome: 'failed' }),
      runStarted(true, 9_500),
    ]);
    const resumed = await store.views.steps('r1');

    await store.journal.append(stream, [stepEnded({ group: 0, generation: 2 }, 9_700)]);

    expect(resumed).toMatchObject([{ status: 'failed' }]);
    expect(await store.views.steps('r1')).toMatchObject([{ status: 'succeeded', generation: 2, position: 1 }]);
  });

  test('steps() counts hosts, not rows: the newest generation, the worst of the delegates, no worker rows', async () => {
    const { store } = await bed.newStore();
    const drained = (host: string, lb: string, status: 'succeeded' | 'failed'): AnyJournalEntry =>
      hostEnded(host, { step: 'drain', path: `drain/host:${host}/delegate:${lb}`, delegate: lb, status });
    await store.journal.append(stream, [
      stepEnded(),
      stepEnded({ path: 'drain', id: 'drain' }),
      stepEnded({ path: 'notify', id: 'notify' }),
      hostEnded('web1', { status: 'failed' }),
      hostEnded('web1', { generation: 2 }),
      hostEnded('web2', { status: 'unknown' }),
      hostEnded('web3', { status: 'skipped' }),
      hostEnded('web4', { status: 'failed' }),
      hostEnded('web4', { phase: 'undo' }),
      drained('web1', 'lb1', 'succeeded'),
      drained('web1', 'lb2', 'failed'),
      drained('web2', 'lb1', 'succeeded'),
      drained('web2', 'lb2', 'succeeded'),
      hostEnded('', { step: 'notify', path: 'notify' }),
    ]);

    expect(await store.views.steps('r1')).toMatchObject([
      { path: 'install', counts: { ok: 1, failed: 1, skipped: 1, unknown: 1 } },
      { path: 'drain', counts: { ok: 1, failed: 1, skipped: 0, unknown: 0 } },
      { path: 'notify', counts: null },
    ]);
  });

  test('hosts() answers the newest generation, filtered, in byte order of the path, by pages that keep phases together', async () => {
    const { store } = await bed.newStore();
    const names = Array.from({ length: 120 }, (_, index) => `web${index}`);
    await store.journal.append(
      stream,
      names.map((host) => hostEnded(host)),
    );
    await store.journal.append(
      stream,
      names.map((host) => hostEnded(host, { generation: 2, exitCode: 7 })),
    );
    await store.journal.append(stream, [
      hostEnded('web0', { phase: 'undo' }),
      hostEnded('B', { step: 'a' }),
      hostEnded('a', { step: 'a' }),
    ]);

    const all = await store.views.hosts('r1', { step: 'install' });
    const paged: string[] = [];
    for (let after = ''; ;) {
      const page = await store.views.hosts('r1', { step: 'install', after, limit: 10 });
      paged.push(...page.map(({ path, phase }) => `${path} ${phase}`));
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.path;
    }

    expect(all).toHaveLength(121);
    expect(
      all.filter(({ phase }) => phase === 'do').every(({ generation, exitCode }) => generation === 2 && exitCode === 7),
    ).toBe(true);
    expect(paged).toEqual(all.map(({ path, phase }) => `${path} ${phase}`));
    expect((await store.views.hosts('r1', { hosts: ['web7', 'a', 'nobody'] })).map(({ host }) => host)).toEqual([
      'a',
      'web7',
    ]);
    expect((await store.views.hosts('r1', { step: 'a' })).map(({ host }) => host)).toEqual(['B', 'a']);
  });

  test('hosts() takes no notice of late news of an older generation', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [hostEnded('web1', { generation: 2 })]);

    await store.journal.append(stream, [hostEnded('web1', { generation: 1, status: 'failed' })]);

    expect(await store.views.hosts('r1')).toMatchObject([{ generation: 2, status: 'succeeded' }]);
  });

  test('hosts() keeps a large captured record whole', async () => {
    const { store } = await bed.newStore();
    const captured = { stdout: 'ü'.repeat(64 * 1024) };

    await store.journal.append(stream, [hostEnded('web1', { captured })]);

    expect((await store.views.hosts('r1'))[0]?.captured).toEqual(captured);
  });

  test('tasks() shows votes once each, in order, also those that came before the task', async () => {
    const { store } = await bed.newStore();
    await store.journal.append(stream, [voteCast('v1')]);
    const before = await store.views.tasks({});

    await store.journal.append(stream, [taskOpened(), voteCast('v2', { actor: 'user/cleo' }), voteCast('v1')]);
    const open = await store.views.tasks({ open: true });
    const closed = { taskId: 't1', choice: 'approve', by: ['user/ben'], reason: 'answered', comment: '' } as const;
    await store.journal.append(stream, [entry('task.closed', closed, { at: 5_500 })]);

    expect(before).toEqual([]);
    expect(open).toMatchObject([{ id: 't1', runId: 'r1', votes: [{ id: 'v1' }, { id: 'v2' }], closed: null }]);
    expect(await store.views.tasks({ open: true })).toEqual([]);
    expect(await store.views.tasks({ id: 't1' })).toMatchObject([
      { closed: { choice: 'approve', by: ['user/ben'], reason: 'answered', comment: '', at: 5_500 } },
    ]);
    expect(await store.views.tasks({ runId: 'other' })).toEqual([]);
  });

  test('R-APPR-4: tasks() tells who is asked now, and which votes of an approval count', async () => {
    const { store } = await bed.newStore();
    const said = (event: ApprovalEvent, at: number): AnyJournalEntry => {
      const payload = { path: 'approve', approval: 'c1', tasks: ['t1'], event };
      return entry('approval.event', payload, { key: `${event.kind}/${at}`, at });
    };
    const counted = (vote: string, at: number): AnyJournalEntry =>
      said(
        {
          at,
          kind: 'approval.vote-cast',
          vote,
          person: 'user/ben',
          actor: 'user/ben',
          via: 'cli',
          choice: 'approve',
          comment: '',
          hash: 'h1',
        },
        at,
      );
    const people = [{ person: 'user/ben', actor: 'user/dan' }];
    const voided = { at: 9, kind: 'approval.vote-voided', vote: 'v1', person: 'user/ben', reason: 'left' } as const;

    await store.journal.append('run/asked', [
      taskOpened(),
      entry('task.asked', { taskId: 't1', people, added: people }, { at: 5 }),
      voteCast('v1'),
      counted('v1', 6),
      voteCast('v2'),
      counted('v2', 7),
      voteCast('v3'),
      said(voided, 9),
    ]);

    // The third was journaled and never counted.
    expect(await store.views.tasks({ runId: 'asked' })).toMatchObject([
      { asked: people, standing: ['v2'], votes: [{ id: 'v1' }, { id: 'v2' }, { id: 'v3' }] },
    ]);
  });

  test('tasks() lists in order of opening, limited', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/b', [taskOpened({ id: 'late' }, 9), taskOpened({ id: 'early' }, 5)]);
    await store.journal.append('run/a', [taskOpened({ id: 'middle' }, 7)]);

    expect((await store.views.tasks({})).map(({ id }) => id)).toEqual(['early', 'middle', 'late']);
    expect((await store.views.tasks({ limit: 1 })).map(({ id }) => id)).toEqual(['early']);
  });

  test('entries of other streams make no rows', async () => {
    const { store } = await bed.newStore();

    await store.journal.append(systemStream, [runCreated()]);

    expect(await store.views.runs({ limit: 10 })).toEqual([]);
  });
}
