import { RequestError } from '../../client/api/errors';
import { createEngine } from '../../client/run-engine';
import type { RecoveringEngine } from '../../client/run-engine';
import { encodeBundle } from '../../activities/plans/plan-bundle';
import type { PlanBundle } from '../../activities/plans/plan-bundle';
import type { StartRequest } from '../../client/engine';
import type { AnyJournalEntry, HostRow } from '../../workflows/domain/journal';
import type { Task } from '../../workflows/domain/task';
import { testApi } from '../support/client/api';
import type { TestApi } from '../support/client/api';
import { fakeEngine } from '../support/client/fake-engine';
import { fakeGateway } from '../support/client/fake-gateway';
import type { FakeGateway } from '../support/client/fake-gateway';
import { runEnded } from '../support/client/journal';
import { planBundle } from '../support/client/plan';
import { taskRow } from '../support/client/run-view';
import { hostEnded } from '../platform/store/entries';

let api: TestApi;
let gateway: FakeGateway;
let engine: RecoveringEngine;

beforeEach(async () => {
  api = await testApi(fakeEngine());
  gateway = fakeGateway();
  engine = createEngine({ store: api.store, gateway, now: () => 1_000 });
});

afterEach(async () => {
  await api.close();
});

function request(change: Partial<StartRequest> = {}, bundle: PlanBundle = planBundle()): StartRequest {
  return { ...bundle, requester: 'user/anna', via: 'cli', ...change };
}

function append(runId: string, ...entries: readonly AnyJournalEntry[]): Promise<unknown> {
  return api.store.journal.append(`run/${runId}`, entries);
}

/** It failed, and its state is stored: what can be resumed. */
function ended(change: Parameters<typeof runEnded>[0] = {}): AnyJournalEntry {
  return runEnded({ outcome: 'failed', stateDigest: 'e'.repeat(64), ...change });
}

const system = { at: 1_500, actor: 'engine', via: 'worker' } as const;

function opened(runId: string): AnyJournalEntry {
  const { runId: _run, votes: _votes, closed: _closed, ...rest } = taskRow();
  const task: Task = { ...rest, id: `${runId}/approve` };
  return { ...system, key: 'approve/task.opened', kind: 'task.opened', payload: task };
}

test('start() journals the run, stores plan and shards, and starts the execution once', async () => {
  const run = await engine.start(request());

  expect(run).toMatchObject({ number: 1, state: 'pending', requester: 'user/anna' });
  expect(gateway.started).toEqual([{ input: expect.objectContaining({ targetCounts: { web: 2 } }), reuse: 'once' }]);
  expect(await api.store.blobs.get(run.planDigest)).not.toBeNull();
  for (const digest of Object.keys(planBundle().blobs)) expect(await api.store.blobs.get(digest)).not.toBeNull();
});

test('start() with the same idempotency key gives one run, and refuses another plan under it', async () => {
  const first = await engine.start(request({ idempotencyKey: 'k' }));
  const second = await engine.start(request({ idempotencyKey: 'k' }));

  expect(second.id).toBe(first.id);
  await expect(engine.start(request({ idempotencyKey: 'k' }, planBundle('Other')))).rejects.toMatchObject({
    code: 'IDEMPOTENCY_CONFLICT',
  });
});

test('start() refuses a plan whose hash is not the expected one, and journals nothing', async () => {
  await expect(engine.start(request({ expect: `sha256:${'0'.repeat(64)}` }))).rejects.toMatchObject({
    code: 'PLAN_CHANGED',
  });

  expect(await engine.runs({})).toEqual([]);
});

test('start() accepts the expected hash with and without its prefix', async () => {
  const { planHash } = planBundle().plan;

  await engine.start(request({ expect: planHash }));
  await engine.start(request({ expect: planHash.replace('sha256:', '') }));

  expect(await engine.runs({})).toHaveLength(2);
});

test('start() refuses a plan whose host shard is missing or has other content', async () => {
  const { plan, blobs } = planBundle();
  const [digest] = Object.keys(blobs);

  await expect(engine.start(request({ blobs: {} }))).rejects.toMatchObject({ code: 'BLOB_MISSING' });
  await expect(engine.start(request({ plan, blobs: { [digest ?? '']: Buffer.from('x') } }))).rejects.toMatchObject({
    code: 'PLAN_INVALID',
  });
});

test('recover() starts a run that was journaled when the server was away, as it was asked for', async () => {
  gateway.fail(new Error('away'));
  await expect(engine.start(request({ check: true }))).rejects.toThrow('away');
  gateway.fail(null);

  expect(await engine.recover()).toBe(1);

  expect(gateway.started).toMatchObject([
    { input: { check: true, run: { number: 1, requester: 'user/anna', createdAt: 1_000 } }, reuse: 'once' },
  ]);
});

test('a resume that is sent again with its id starts one execution, also after a cut between journal and start', async () => {
  const { id } = await engine.start(request());
  await append(id, ended());
  const resume = { actor: 'user/ben', id: 'again' };
  gateway.fail(new Error('away'));
  await expect(engine.resume(id, resume)).rejects.toThrow('away');
  gateway.fail(null);

  await engine.resume(id, resume);
  await append(id, { ...system, key: 'run.started/2', kind: 'run.started', payload: { resumed: true } });
  await engine.resume(id, resume);

  expect(gateway.started.map(({ reuse }) => reuse)).toEqual(['once', 'again']);
  const controls = (await api.store.journal.read(`run/${id}`)).filter((entry) => entry.kind === 'run.control');
  expect(controls).toHaveLength(1);
});

test('a cancel that is sent again with its id is accepted, though the run has ended by it', async () => {
  const { id } = await engine.start(request());
  const cancel = { action: 'cancel', actor: 'user/ben', via: 'cli', id: 'once' } as const;
  const journaled = { action: 'cancel', detail: {} };
  await append(
    id,
    { key: 'control/once', kind: 'run.control', at: 1_600, actor: 'user/ben', via: 'cli', payload: journaled },
    ended({ outcome: 'cancelled' }),
  );

  expect(await engine.control(id, cancel)).toEqual({ accepted: true, state: 'closed' });
  expect(await engine.control(id, { ...cancel, id: 'other' })).toMatchObject({ accepted: false, code: 'RUN_CLOSED' });
  expect(gateway.sent).toEqual([]);
});

test('a vote that is sent again with its id is accepted, though the run has ended by it (D9)', async () => {
  const { id } = await engine.start(request());
  const vote = { taskId: `${id}/approve`, actor: 'user/ben', via: 'cli', choice: 'approve', id: 'v1' };
  await append(id, opened(id), {
    key: `${id}/approve/v1/vote.cast`,
    kind: 'vote.cast',
    at: 1_600,
    actor: 'user/ben',
    via: 'cli',
    payload: { ...vote, comment: '', form: null },
  });
  await append(id, ended({ outcome: 'succeeded' }));
  gateway.answer({ kind: 'closed' });

  expect(await engine.answer(vote)).toMatchObject({ accepted: true, recorded: 'approve' });
  expect(await engine.answer({ ...vote, actor: 'user/eve' })).toMatchObject({ accepted: false, code: 'TASK_CLOSED' });
  expect(await engine.answer({ ...vote, id: 'v2' })).toMatchObject({ accepted: false, code: 'TASK_CLOSED' });
});

test('resume() of a run that has ended starts a new execution from its stored state (D14)', async () => {
  const { id } = await engine.start(request());
  await append(id, ended());

  await engine.resume(id, { actor: 'user/ben', from: 'install', hosts: ['web3'] });

  expect(gateway.started.at(-1)).toMatchObject({
    reuse: 'again',
    input: { stateDigest: 'e'.repeat(64), resume: { by: 'user/ben', from: 'install', hosts: ['web3'] }, run: { id } },
  });
  const journal = await api.store.journal.read(`run/${id}`);
  expect(journal.map((entry) => entry.kind)).toEqual(['run.created', 'run.ended', 'run.control']);
});

test('resume() waits for an execution that is just closing', async () => {
  const { id } = await engine.start(request());
  await append(id, ended());
  gateway.existsTimes(2);

  await engine.resume(id, { actor: 'user/ben' });

  expect(gateway.started.at(-1)?.reuse).toBe('again');
});

test.each([
  ['succeeded', ended({ outcome: 'succeeded' }), {}],
  [
    'let some hosts fail, without a step',
    ended({ outcome: 'succeeded', degraded: true, exceptions: ['up: web3'] }),
    {},
  ],
  ['stored no state', ended({ stateDigest: null }), {}],
  ['was a check', ended({ outcome: 'checked' }), {}],
])('resume() of a run that %s has nothing to do', async (_what, entry, change) => {
  const { id } = await engine.start(request());
  await append(id, entry);

  await expect(engine.resume(id, { actor: 'user/ben', ...change })).rejects.toMatchObject({
    code: 'NOTHING_TO_RESUME',
  });
});

test('undo of a run that is open is refused', async () => {
  const { id } = await engine.start(request());

  await expect(engine.resume(id, { actor: 'user/ben', undo: true })).rejects.toMatchObject({ code: 'RUN_OPEN' });
});

test('resume() of a paused run is a message to it', async () => {
  const { id } = await engine.start(request());

  await engine.resume(id, { actor: 'user/ben' });

  expect(gateway.sent).toMatchObject([
    { runId: id, name: 'control', payload: { action: 'resume', actor: 'user/ben' } },
  ]);
});

test('answer() sends the vote to the run, and its id makes it one message', async () => {
  const { id } = await engine.start(request());
  await append(id, opened(id));
  gateway.answer({ kind: 'answered', result: { accepted: true, decided: true, choice: 'approve' } });

  const result = await engine.answer({
    taskId: `${id}/approve`,
    actor: 'user/ben',
    via: 'cli',
    choice: 'approve',
    id: 'v1',
  });

  expect(result).toEqual({ accepted: true, decided: true, choice: 'approve' });
  expect(gateway.sent).toEqual([
    {
      runId: id,
      name: 'answer',
      id: 'v1',
      payload: {
        taskId: `${id}/approve`,
        actor: 'user/ben',
        via: 'cli',
        choice: 'approve',
        id: 'v1',
        comment: '',
        form: null,
      },
    },
  ]);
});

test.each([
  ['rejected by the validator', { kind: 'rejected', code: 'PLAN_CHANGED', reason: 'another plan' }, 'PLAN_CHANGED'],
  ['sent to a run that has ended', { kind: 'closed' }, 'TASK_CLOSED'],
] as const)('an answer %s is refused with its reason and journaled (D9)', async (_what, delivery, code) => {
  const { id } = await engine.start(request());
  await append(id, opened(id));
  gateway.answer(delivery);

  const result = await engine.answer({
    taskId: `${id}/approve`,
    actor: 'user/eve',
    via: 'cli',
    choice: 'approve',
    id: 'v1',
  });

  expect(result).toMatchObject({ accepted: false, code });
  const journal = await api.store.journal.read(`run/${id}`);
  expect(journal.at(-1)).toMatchObject({ kind: 'task.refused', actor: 'user/eve' });
});

test('answer() takes the beginning of a task id while only one open task begins so', async () => {
  const { id } = await engine.start(request());
  await append(id, opened(id));

  await engine.answer({ taskId: id.slice(0, 6), actor: 'user/ben', via: 'cli', choice: 'approve' });

  expect(gateway.sent[0]?.payload).toMatchObject({ taskId: `${id}/approve` });
  await expect(
    engine.answer({ taskId: 'zzz', actor: 'user/ben', via: 'cli', choice: 'approve' }),
  ).rejects.toMatchObject({
    code: 'TASK_NOT_FOUND',
  });
});

test('control() of a run that has ended is refused without a message', async () => {
  const { id } = await engine.start(request());
  await append(id, ended());

  expect(await engine.control(id, { action: 'cancel', actor: 'user/ben', via: 'cli' })).toMatchObject({
    accepted: false,
    code: 'RUN_CLOSED',
  });
  expect(gateway.sent).toEqual([]);
});

test('signal() tells the run, and says when it has ended', async () => {
  const { id } = await engine.start(request());
  const event = { name: 'backupDone', data: { size: 1 }, actor: 'user/ben', via: 'cli', id: 'e1' };

  await engine.signal(id, event);
  expect(gateway.told).toEqual([{ runId: id, event }]);

  gateway.close();
  await expect(engine.signal(id, event)).rejects.toMatchObject({ code: 'RUN_CLOSED' });
});

test('a plan survives being sent as text', () => {
  const bundle = planBundle();

  expect(JSON.parse(JSON.stringify(encodeBundle(bundle))).plan).toEqual(bundle.plan);
});

describe('undone[] says on which hosts', () => {
  function row(host: string, step: string, change: Partial<HostRow> = {}): AnyJournalEntry {
    const path = host === '' ? step : `${step}/host:${host}`;
    return hostEnded(host, { path, step, phase: 'undo', ...change });
  }

  test('of a step that was taken back there, but for those where it failed', async () => {
    const { id } = await engine.start(request());
    await append(
      id,
      row('web1', 'write'),
      row('web2', 'write'),
      row('web3', 'write', { status: 'failed' }),
      row('web1', 'rewrite'),
      row('web1', 'copy/back/stop'),
      row('web1', 'copy/back/clean'),
      row('', 'note'),
      ended({ undone: ['write', 'copy', 'note'] }),
    );

    const run = await engine.show(id);

    expect(run?.undone).toEqual(['write on web1, web2', 'copy on web1', 'note']);
  });

  test('and of many only the first twenty, with the number of the others', async () => {
    const { id } = await engine.start(request());
    const names = Array.from({ length: 25 }, (_, index) => `web${100 + index}`);
    await append(id, ...names.map((name) => row(name, 'write')), ended({ undone: ['write'] }));

    const run = await engine.show(id);

    expect(run?.undone).toEqual([`write on ${names.slice(0, 20).join(', ')} and 5 more`]);
  });

  test('also where the hosts themselves are left out', async () => {
    const { id } = await engine.start(request());
    await append(id, row('web1', 'write'), ended({ undone: ['write'] }));

    const run = await engine.show(id, { hosts: false });

    expect(run?.undone).toEqual(['write on web1']);
    expect(run?.steps.every(({ hosts }) => hosts.length === 0)).toBe(true);
  });
});

test('wakeWaiting() tells the runs whose locks are free, oldest first, and does not mind an engine that is away (D13)', async () => {
  const ask = (runId: string, name: string) => api.store.locks.acquire({ runId, path: 'a', names: [name], at: 1 });
  for (const name of ['x', 'y', 'z']) await ask('holder', name);
  for (const [runId, name] of [
    ['r9', 'x'],
    ['r8', 'y'],
    ['r7', 'z'],
  ] as const)
    await ask(runId, name);
  await api.store.locks.release({ runId: 'holder', path: 'a', names: ['x', 'y'], at: 2, by: 'engine' });

  await engine.wakeWaiting();
  gateway.fail(new RequestError('ENGINE_UNAVAILABLE', 'Cannot reach the engine: away'));
  await engine.wakeWaiting();

  expect(gateway.woken).toEqual(['r9', 'r8']);
});
