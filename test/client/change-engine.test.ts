import type { ChangeDraft } from '../../workflows/change/schema';
import type { OpenChange } from '../../client/change-engine';
import { useStore } from '../activities/changes/bed';
import { changeEnded, changePlanned, changeScheduled, changeState } from '../platform/store/change-entries';
import { entry } from '../platform/store/entries';
import { fakeChanges } from '../support/client/fake-changes';

const store = useStore();

const draft: ChangeDraft = {
  model: 'change/normal',
  runbook: 'deploy',
  title: 'Deploy the shop',
  window: { start: '2026-11-24T22:00:00Z', end: '2026-11-25T02:00:00Z', cutoff: '30m', zone: 'Europe/Berlin' },
};

function request(change: Partial<OpenChange> = {}): OpenChange {
  return { draft, requester: 'user/anna', via: 'cli', ...change };
}

const submit = { action: { action: 'submit' }, actor: 'user/anna', via: 'cli' } as const;

test('open() journals the change with a number of its own, then starts it once', async () => {
  const changes = fakeChanges(store());

  const row = await changes.engine.open(request());

  expect(row).toMatchObject({ number: 1, phase: 'draft', title: 'Deploy the shop', requester: 'user/anna', draft });
  expect(row.id).toMatch(/^c[a-z2-7]{12}$/);
  const { id: installation } = await store().installation();
  expect(changes.started).toEqual([
    { change: { installation, id: row.id, number: 1, requester: 'user/anna', createdAt: 1_000 }, draft },
  ]);
});

test('open() with the same idempotency key gives one change, and refuses another draft under it', async () => {
  const changes = fakeChanges(store());
  const first = await changes.engine.open(request({ idempotencyKey: 'k' }));

  const second = await changes.engine.open(request({ idempotencyKey: 'k' }));

  expect(second.id).toBe(first.id);
  expect(changes.started).toHaveLength(1);
  const other = { ...draft, title: 'Something else' };
  await expect(changes.engine.open(request({ idempotencyKey: 'k', draft: other }))).rejects.toMatchObject({
    code: 'IDEMPOTENCY_CONFLICT',
  });
});

test('open() sent twice at once opens one change', async () => {
  const changes = fakeChanges(store());

  const rows = await Promise.all([1, 2, 3].map(() => changes.engine.open(request({ idempotencyKey: 'k' }))));

  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  expect(await changes.engine.list({ limit: 10 })).toHaveLength(1);
});

test('recover() starts what a crash left between the journal and the start, and nothing twice', async () => {
  const changes = fakeChanges(store());
  changes.fail(new Error('the engine went away'));
  await expect(changes.engine.open(request())).rejects.toThrow('the engine went away');
  changes.fail(null);

  const recovered = [await changes.engine.recover(), await changes.engine.recover()];

  expect(recovered).toEqual([1, 0]);
  expect(changes.started).toMatchObject([{ change: { number: 1 }, draft }]);
});

test('recover() goes through more drafts than one page has', async () => {
  const changes = fakeChanges(store());
  changes.fail(new Error('the engine went away'));
  for (let count = 0; count < 230; count += 1) await changes.engine.open(request()).catch(() => null);
  changes.fail(null);

  expect(await changes.engine.recover()).toBe(230);
});

test.each([
  ['that ends before it starts', { end: '2026-11-24T21:00:00Z' }, 'its window ends at'],
  ['with a cutoff that is no length of time', { cutoff: '${{ 1 }}' }, 'is not a length of time'],
  ['with a cutoff as long as itself', { cutoff: '4h' }, 'is as long as its window'],
  ['in a zone that nobody knows', { zone: 'Europe/Atlantis' }, 'is unknown'],
])('open() refuses a window %s', async (_what, window, state) => {
  const changes = fakeChanges(store());

  const opened = changes.engine.open(request({ draft: { ...draft, window: { ...draft.window, ...window } } }));

  await expect(opened).rejects.toMatchObject({ code: 'CHANGE_INVALID', message: expect.stringContaining(state) });
  expect(await changes.engine.list({ limit: 10 })).toEqual([]);
});

test('act() sends one message under the id of the request, and answers with the change and its warnings', async () => {
  const changes = fakeChanges(store());
  const { id } = await changes.engine.open(request());
  changes.answer({ kind: 'answered', result: { accepted: true, phase: 'authorising', warnings: ['mind the gap'] } });

  const acted = await changes.engine.act('CHG-1', { ...submit, id: 'a1' });

  expect(acted).toMatchObject({ change: { id }, warnings: ['mind the gap'] });
  expect(changes.sent).toEqual([
    { runId: id, name: 'change', id: 'a1', payload: { id: 'a1', actor: 'user/anna', via: 'cli', action: 'submit' } },
  ]);
});

test('act() that edits sends along of what the change is from then on', async () => {
  const changes = fakeChanges(store());
  await changes.engine.open(request());
  changes.answer({ kind: 'answered', result: { accepted: true, phase: 'draft', warnings: [] } });
  const edited = { ...draft, items: ['service/pay'] };

  await changes.engine.act('CHG-1', { ...submit, action: { action: 'edit', draft: edited } });

  const scope = await changes.engine.scopeOf(edited);
  expect(scope).toEqual({ service: ['pay'] });
  expect(changes.sent).toMatchObject([{ payload: { action: 'edit', draft: edited, scope } }]);
});

test('act() that is refused says every problem and what would allow it', async () => {
  const changes = fakeChanges(store());
  await changes.engine.open(request());
  const problems = ['host/a: taken', 'host/b: taken'];
  const result = {
    accepted: false,
    code: 'CHANGE_CONFLICTS',
    reason: 'Cannot submit CHG-1: it meets others',
    problems,
  };
  changes.answer({ kind: 'answered', result });

  await expect(changes.engine.act('1', submit)).rejects.toMatchObject({
    code: 'CHANGE_REFUSED',
    message: 'Cannot submit CHG-1: it meets others',
    extra: { detail: { code: 'CHANGE_CONFLICTS', problems, hint: expect.stringContaining('Reschedule') } },
  });
});

test('act() that a validator refuses is journaled: it leaves no trace in the change itself (D9)', async () => {
  const changes = fakeChanges(store());
  const { id } = await changes.engine.open(request());
  changes.answer({ kind: 'rejected', code: 'CHANGE_STATE', reason: 'Cannot extend CHG-1: it is draft' });

  const extend = { action: 'extend', endMs: 2_000, reason: 'slow' } as const;
  await expect(changes.engine.act('1', { ...submit, action: extend, id: 'a1' })).rejects.toMatchObject({
    code: 'CHANGE_REFUSED',
  });

  const [, refused] = await store().journal.read(`run/${id}`);
  expect(refused).toMatchObject({ kind: 'change.act', actor: 'user/anna', key: 'act/a1/refused' });
});

test('act() is sent again while the change refuses what its journal allows: its worker was killed and is not as far', async () => {
  const changes = fakeChanges(store());
  await changes.engine.open(request());
  changes.answer({ kind: 'rejected', code: 'CHANGE_STATE', reason: 'Cannot submit CHG-1: it is implementing' });

  const acting = changes.engine.act('CHG-1', { ...submit, id: 'a1' });
  await changes.sentAgain();
  changes.answer({ kind: 'answered', result: { accepted: true, phase: 'authorising', warnings: [] } });

  expect(await acting).toMatchObject({ warnings: [] });
  expect(new Set(changes.sent.map(({ id }) => id))).toEqual(new Set(['a1']));
  expect(await store().journal.read('run/x', { kinds: ['change.act'] })).toEqual([]);
});

test('act() on a change that is over is refused, but for the very act that ended it, sent again', async () => {
  const changes = fakeChanges(store());
  const { id } = await changes.engine.open(request());
  const done = { action: 'cancel', accepted: true, reason: '', problems: [] };
  const act = { ...entry('change.act', done), actor: 'user/anna' };
  await store().journal.append(`run/${id}`, [act, changeState('cancelled', 5_000), changeEnded()]);
  changes.answer({ kind: 'closed' });
  const cancel = { action: { action: 'cancel', keep: false, reason: '' }, actor: 'user/anna', via: 'cli' } as const;

  expect((await changes.engine.act(id, cancel)).change.phase).toBe('cancelled');
  await expect(changes.engine.act(id, { ...cancel, actor: 'user/ben' })).rejects.toMatchObject({
    extra: { detail: { code: 'CHANGE_CLOSED' } },
  });
  await expect(changes.engine.act(id, submit)).rejects.toMatchObject({ extra: { detail: { code: 'CHANGE_CLOSED' } } });
});

test('act() on a change whose execution is not there yet says that the engine is not', async () => {
  const changes = fakeChanges(store());
  await changes.engine.open(request());
  changes.answer({ kind: 'closed' });

  await expect(changes.engine.act('1', submit)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
});

test('act() on a change that nobody knows says so', async () => {
  await expect(fakeChanges(store()).engine.act('CHG-7', submit)).rejects.toMatchObject({ code: 'CHANGE_NOT_FOUND' });
});

test('show() tells window, T_decide, items and what happened, from the journal alone (R-WIN-2)', async () => {
  const changes = fakeChanges(store());
  const { id } = await changes.engine.open(request());
  const minute = 60_000;
  const work = { p95Ms: 30 * minute, lastTaskStartP95Ms: 20 * minute, backOutP95Ms: 60 * minute };
  const planned = { planHash: 'h1', planDigest: 'p1', definition: 'deploy@1.0.0', hosts: 1, items: ['host/a'] };
  await store().journal.append(`run/${id}`, [
    entry('change.planned', { generation: 1, ...planned, work, source: 'history' }),
    changeScheduled({ startMs: 0, endMs: 240 * minute, cutoffMs: 30 * minute }),
    { ...changeState('authorising'), actor: 'user/anna' },
  ]);

  const view = await changes.engine.show('CHG-1');

  expect(view).toMatchObject({
    items: ['host/a'],
    times: {
      endMs: 240 * minute,
      cutoffAtMs: 210 * minute,
      // 60 min of back-out and a tenth of it; asked five minutes before.
      decideAtMs: 174 * minute,
      askAtMs: 169 * minute,
    },
    run: null,
  });
  expect(view?.timeline.map(({ actor, text }) => `${actor}: ${text}`)).toEqual([
    'user/anna: opened as CHG-1 with the model change/normal',
    'engine: planned: deploy@1.0.0 on 1 hosts, plan h1',
    'engine: scheduled from 1970-01-01T00:00Z to 1970-01-01T04:00Z: submitted',
    'user/anna: draft → authorising: because of authorising',
  ]);
});

test('show() tells the waves of the run, and the tasks of both', async () => {
  const changes = fakeChanges(store());
  const { id } = await changes.engine.open(request());
  const runId = `r${id.slice(1)}`;
  await store().journal.append(`run/${id}`, [changePlanned(['host/a']), changeState('implementing', 2_000)]);
  await store().journal.append(`run/${runId}`, [
    entry('run.created', {
      number: 7,
      definition: { name: 'deploy', version: '1.0.0', digest: 'd', title: 'Deploy', owner: 'team/web' },
      planHash: 'h',
      planDigest: 'p',
      requester: 'user/anna',
      inputs: {},
      parent: id,
      labels: {},
    }),
    entry('wave.started', { path: 'deploy', wave: 1, size: 2, hosts: ['a', 'b'] }, { at: 3_000 }),
    entry('wave.ended', { path: 'deploy', wave: 1, failed: 1 }, { at: 4_000 }),
    entry('wave.started', { path: 'deploy', wave: 2, size: 5, hosts: [] }, { key: 'w2', at: 5_000 }),
  ]);

  const view = await changes.engine.show(id);

  expect(view?.run).toMatchObject({
    id: runId,
    number: 7,
    waves: [
      { wave: 1, hosts: 2, startedAt: 3_000, endedAt: 4_000, failed: 1 },
      { wave: 2, hosts: 5, startedAt: 5_000, endedAt: null, failed: null },
    ],
  });
});
