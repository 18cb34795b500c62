import { join } from 'node:path';

import { digestOf } from '../../platform/store/blobs';
import type { Program, Step, TaskStep } from '../../workflows/runbook/plan';
import { program } from '../support/program';
import { policyOf } from '../workflows/runbook/plans';
import { task } from '../activities/runtime/fixture';
import { openEngine } from './engine-under-test';
import type { EngineUnderTest } from './engine-under-test';
import { startRun } from './start-run';

let engine: EngineUnderTest;

beforeAll(async () => {
  engine = await openEngine({ workflowsPath: join(__dirname, '../../workflows/index.ts') });
}, 60_000);

afterAll(() => engine.close());

function echo(id: string, more: Partial<TaskStep['operation']> = {}): TaskStep {
  return task(id, {
    verb: 'uses',
    where: { on: 'worker' },
    operation: {
      name: 'core.echo',
      effect: 'read',
      light: true,
      input: { literal: { text: id } },
      timeoutMs: 5000,
      ...more,
    },
  });
}

function sleepFor(id: string, duration: string): TaskStep {
  return echo(id, { name: 'core.sleep', light: false, input: { literal: { for: duration } } });
}

function echoes(count: number): readonly Step[] {
  return Array.from({ length: count }, (_, index) => echo(`step${index + 1}`));
}

async function eventTypes(handle: {
  fetchHistory(): Promise<{ events?: { eventType?: unknown }[] | null }>;
}): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).map((event) => String(event.eventType));
}

describe('a run', () => {
  test('goes through its steps, journals them, and ends with the head of its journal', async () => {
    const stop = await engine.startWorker();
    const run = await startRun(engine, program(echoes(3)));

    const result = await run.result();

    await stop();
    expect(result).toMatchObject({ outcome: 'succeeded', degraded: false, error: null });
    const head = await engine.store.journal.head(`run/${run.id}`);
    expect(result.journalHead).toEqual(head);
    expect(await engine.store.views.run(run.id)).toMatchObject({ state: 'closed', outcome: 'succeeded' });
    expect((await engine.store.views.steps(run.id)).map(({ path, status }) => [path, status])).toEqual([
      ['step1', 'succeeded'],
      ['step2', 'succeeded'],
      ['step3', 'succeeded'],
    ]);
  }, 30_000);

  test('light steps schedule no activity (D19)', async () => {
    const stop = await engine.startWorker();
    const run = await startRun(engine, program(echoes(40)));
    await run.result();

    await stop();
    const types = await eventTypes(run.handle);
    expect(types.filter((type) => type.includes('ACTIVITY_TASK_SCHEDULED') || type === '10')).toEqual([]);
  }, 30_000);

  test('a value of one step reaches the next', async () => {
    const stop = await engine.startWorker();
    const first: TaskStep = { ...echo('first', { input: { literal: { version: '1.2.3' } } }), keep: ['result'] };
    const second: TaskStep = {
      ...echo('second', { input: { map: { got: { expression: 'steps.first.result.version' } } } }),
      reads: { names: [], steps: ['first'], hostSteps: [] },
      keep: ['result'],
    };
    const whole: Program = { ...program([first, second]), outputs: { got: { expression: 'steps.second.result.got' } } };

    const run = await startRun(engine, whole);

    expect(await run.result()).toMatchObject({ outcome: 'succeeded', outputs: { got: '1.2.3' } });
    await stop();
  }, 30_000);

  // D2: a clean stop of a worker detaches, and another goes on.
  test('goes on with another worker when its own is stopped in mid step', async () => {
    const stopFirst = await engine.startWorker();
    const run = await startRun(engine, program([echo('before'), sleepFor('long', '2s'), echo('after')]));
    await started(run.id, 'long');
    await stopFirst();

    const stopSecond = await engine.startWorker();

    expect(await run.result()).toMatchObject({ outcome: 'succeeded' });
    await stopSecond();
  }, 60_000);

  test('ends as cancelled when it is told to, and the activity lets go', async () => {
    const stop = await engine.startWorker();
    const run = await startRun(engine, program([sleepFor('long', '5m'), echo('never')]));
    await started(run.id, 'long');

    const answer = await run.handle.executeUpdate('control', {
      args: [{ action: 'cancel', actor: 'user/ben', via: 'cli', id: 'c1', keep: false, reason: 'enough' }],
    });

    expect(answer).toMatchObject({ accepted: true });
    expect(await run.result()).toMatchObject({ outcome: 'cancelled' });
    expect(await engine.store.views.steps(run.id)).toMatchObject([{ path: 'long', status: 'cancelled' }]);
    await stop();
  }, 60_000);

  test('refuses an answer to a task that it does not have, without an event in its history (D9)', async () => {
    const stop = await engine.startWorker();
    const run = await startRun(engine, program([sleepFor('long', '5m')]));
    await started(run.id, 'long');
    const answer = {
      taskId: 'none',
      id: 'a1',
      actor: 'user/ben',
      via: 'cli',
      choice: 'approve',
      comment: '',
      form: null,
    };

    const refused: unknown = await run.handle
      .executeUpdate('answer', { args: [answer] })
      .catch((error: unknown) => error);

    expect(refused).toMatchObject({ cause: { type: 'TASK_NOT_FOUND' } });
    await run.handle.cancel();
    expect(await run.result()).toMatchObject({ outcome: 'cancelled' });
    await stop();
  }, 60_000);
});

describe('a run with a child', () => {
  function child(id: string, steps: readonly Step[]): Step {
    return { ...common(id, 'runbook'), kind: 'runbook', program: program(steps), with: {}, undoable: false };
  }

  test('waits for it, and the child is a run of its own with a number and a parent', async () => {
    const stop = await engine.startWorker();
    const run = await startRun(engine, program([child('sub', echoes(2)), echo('after')]));

    expect(await run.result()).toMatchObject({ outcome: 'succeeded' });

    const children = await engine.store.views.runs({ parent: run.id, limit: 10 });
    expect(children).toMatchObject([{ parent: run.id, state: 'closed', outcome: 'succeeded' }]);
    await stop();
  }, 60_000);

  // D7: a child is ended by an explicit message, and the parent is not over before it.
  test('ends it when it is cancelled itself (D7)', async () => {
    const stop = await engine.startWorker();
    const run = await startRun(engine, program([child('sub', [sleepFor('long', '5m')])]));
    const childId = await firstChild(run.id);
    await started(childId, 'long');

    await run.handle.executeUpdate('control', {
      args: [{ action: 'cancel', actor: 'user/ben', via: 'cli', id: 'c1', keep: false, reason: 'enough' }],
    });

    expect(await run.result()).toMatchObject({ outcome: 'cancelled' });
    expect(await engine.store.views.run(childId)).toMatchObject({ state: 'closed', outcome: 'cancelled' });
    await stop();
  }, 60_000);

  test('pauses with it, and goes on with it', async () => {
    const stop = await engine.startWorker();
    const wait = { event: 'goOn', since: 'run', onDue: 'fail' } as const;
    const news: Step = { ...common('news', 'wait'), kind: 'wait', wait };
    const run = await startRun(engine, program([child('sub', [news, ...echoes(1)])]));
    const childId = await firstChild(run.id);
    await started(childId, 'news');
    const who = { actor: 'user/ben', via: 'cli' };

    await run.handle.executeUpdate('control', { args: [{ action: 'pause', ...who, id: 'p1' }] });
    for (const id of [run.id, childId]) await inState(id, 'paused');
    const childHandle = engine.environment.client.workflow.getHandle(`run/${childId}`);
    await childHandle.signal('event', { id: 'e1', name: 'goOn', data: null, ...who });
    await run.handle.executeUpdate('control', { args: [{ action: 'resume', ...who, id: 'r1' }] });

    expect(await run.result()).toMatchObject({ outcome: 'succeeded' });
    await stop();
  }, 60_000);
});

describe('a run that asks people', () => {
  const policy = policyOf({ approvers: ['team/web'], min: 2 });
  const approve: Step = {
    ...common('approve', 'approval'),
    kind: 'approval',
    approval: {
      policy,
      title: { literal: 'Go on?' },
      show: {},
      due: { ms: 3_600_000 },
      onDue: 'reject',
      onReject: 'fail',
    },
  };

  beforeAll(async () => {
    const text = 'spec: {members: [user/anna, user/ben, user/cem]}';
    const team = { kind: 'Team', name: 'web', version: '1.0.0', digest: digestOf(Buffer.from(text)), text, files: {} };
    await engine.store.definitions.publish(team, { actor: 'user/admin', via: 'cli', at: 0 });
  });

  test('counts votes of members of the team, once each, and none of the requester (D9)', async () => {
    const stop = await engine.startWorker();
    const run = await startRun(engine, program([approve, echo('after')]));
    const taskId = await openTask(run.id);
    const vote = (actor: string, id: string) =>
      run.handle.executeUpdate<unknown, [object]>('answer', {
        args: [{ taskId, id, actor, via: 'cli', choice: 'approve', comment: '', form: null }],
      });

    expect(await vote('user/anna', 'a')).toMatchObject({ accepted: false });
    expect(await vote('user/eve', 'b')).toMatchObject({ accepted: false, code: 'NOT_ELIGIBLE' });
    expect(await vote('user/ben', 'c')).toEqual({ accepted: true, decided: false, choice: null, recorded: 'approve' });
    expect(await vote('user/cem', 'd')).toEqual({
      accepted: true,
      decided: true,
      choice: 'approve',
      recorded: 'approve',
    });
    expect(await run.result()).toMatchObject({ outcome: 'succeeded' });
    const entries = await engine.store.journal.read(`run/${run.id}`);
    const votes = entries.filter(({ kind }) => kind === 'vote.cast').map(({ actor, via }) => [actor, via]);
    expect(votes).toEqual([
      ['user/ben', 'cli'],
      ['user/cem', 'cli'],
    ]);
    await stop();
  }, 60_000);
});

async function firstChild(parent: string): Promise<string> {
  return eventually(async () => (await engine.store.views.runs({ parent, limit: 1 }))[0]?.id);
}

async function openTask(runId: string): Promise<string> {
  return eventually(async () => (await engine.store.views.tasks({ runId, open: true }))[0]?.id);
}

// D7, E3: what crosses is the state alone, and no effect is done twice for it.
describe('a run that outgrows one history', () => {
  test('continues as new, with 3,000 steps and every effect once (D7)', async () => {
    const stop = await engine.startWorker();
    const items = Array.from({ length: 3000 }, (_, index) => index);
    const loop: Step = {
      ...common('loop', 'forEach'),
      kind: 'forEach',
      in: { literal: items },
      as: 'item',
      parallel: 20,
      maxFailures: 0,
      steps: [echo('work', { light: false })],
    };
    const run = await startRun(engine, program([loop, echo('last')]));

    const result = await run.result();

    await stop();
    expect(result).toMatchObject({ outcome: 'succeeded' });
    const rows = await engine.store.views.hosts(run.id);
    expect(rows.filter((row) => row.path.endsWith('/work') && row.status === 'succeeded')).toHaveLength(3000);
    expect(await executions(run.id)).toBeGreaterThan(2);
  }, 180_000);
});

function common(id: string, verb: Step['verb']) {
  const reads = { names: [], steps: [], hostSteps: [] };
  return { at: id, id, verb, onFailure: 'stop', reads, keep: [] } as const;
}

/** How many histories one workflow id has had. */
async function executions(runId: string): Promise<number> {
  const { client } = engine.environment;
  let count = 0;
  for await (const execution of client.workflow.list({ query: `WorkflowId = 'run/${runId}'` })) {
    if (execution.workflowId === `run/${runId}`) count += 1;
  }
  return count;
}

/** Once the journal says that a step has started. */
async function inState(runId: string, state: string): Promise<void> {
  await eventually(async () => ((await engine.store.views.run(runId))?.state === state ? true : undefined));
}

async function started(runId: string, path: string): Promise<void> {
  await eventually(async () => (await engine.store.views.steps(runId)).find((step) => step.path === path));
}

/** What the store will say before long; there is nothing to wait on but to ask again. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('Cannot see what the test waits for: the store does not say so');
}
