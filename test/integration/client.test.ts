import { join } from 'node:path';

import { createTemporalEngine } from '../../client/temporal-engine';
import type { RecoveringEngine } from '../../client/run-engine';
import type { RunView } from '../../client/engine';
import { createRegistry } from '../../client/published-registry';
import type { Registry } from '../../client/registry';
import { openEngine } from './engine-under-test';
import type { EngineUnderTest } from './engine-under-test';

let under: EngineUnderTest;
let engine: RecoveringEngine;
let registry: Registry;
let stopWorker: () => Promise<void>;

const documents = `apiVersion: mainstay/v1
kind: Team
metadata: {name: web}
spec: {members: [user/anna, user/ben]}
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: {name: one-of-web}
spec: {approvers: [team/web], min: 1}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: gated, version: 1.0.0, owner: team/web}
spec:
  steps:
    - {id: before, uses: core.echo, with: {text: before}}
    - {id: go, approval: {policy: one-of-web, title: Go on?, due: PT1H, onDue: reject}}
    - {id: after, uses: core.echo, with: {text: after}}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: waiting, version: 1.0.0, owner: team/web}
spec:
  steps:
    - {id: news, wait: {event: {name: backupDone, since: run, due: PT1H, onDue: fail}}}
    - {id: size, set: {bytes: '\${{ steps.news.event.data.size }}'}}
  outputs: {bytes: '\${{ steps.size.outputs.bytes }}'}
`;

beforeAll(async () => {
  under = await openEngine({ workflowsPath: join(__dirname, '../../workflows/index.ts') });
  stopWorker = await under.startWorker();
  engine = engineWith(10_000);
  registry = createRegistry(under.store);
  await registry.apply([{ name: 'client.yaml', text: documents, files: {} }], { actor: 'user/anna', via: 'test' });
}, 60_000);

afterAll(async () => {
  await stopWorker();
  await under.close();
});

function engineWith(answerTimeoutMs: number): RecoveringEngine {
  const { client, taskQueue } = under.environment;
  return createTemporalEngine({ store: under.store, client, taskQueue, answerTimeoutMs });
}

async function startRun(definition: string): Promise<string> {
  const bundle = await registry.compile({ definition, inputs: {} });
  const run = await engine.start({ ...bundle, requester: 'user/carl', via: 'test' });
  return run.id;
}

/** Asks the folds again until they say so; the run goes on in the worker meanwhile. */
async function until(runId: string, holds: (run: RunView) => boolean): Promise<RunView> {
  for (;;) {
    const run = await engine.show(runId);
    if (run !== null && holds(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isOpen(run: RunView): boolean {
  return run.tasks.some((task) => task.closed === null);
}

function isClosed(run: RunView): boolean {
  return run.state === 'closed';
}

async function openTask(runId: string): Promise<string> {
  const run = await until(runId, isOpen);
  return run.tasks.find((task) => task.closed === null)?.id ?? '';
}

test('a vote of an eligible person lets the run go on; the same vote twice counts once (D9)', async () => {
  const runId = await startRun('gated');
  const taskId = await openTask(runId);
  const vote = { taskId, actor: 'user/ben', via: 'test', choice: 'approve', id: 'vote-1' };

  const [first, second] = await Promise.all([engine.answer(vote), engine.answer(vote)]);

  expect([first, second]).toEqual([
    { accepted: true, decided: true, choice: 'approve', recorded: 'approve' },
    { accepted: true, decided: true, choice: 'approve', recorded: 'approve' },
  ]);
  const run = await until(runId, isClosed);
  expect(run).toMatchObject({ outcome: 'succeeded', steps: [{ id: 'before' }, { id: 'go' }, { id: 'after' }] });
  const journal = await under.store.journal.read(`run/${runId}`);
  expect(journal.filter((entry) => entry.kind === 'vote.cast')).toHaveLength(1);
});

// D9: two APIs may send at once. Handled side by side, both would be journaled as votes before either is counted.
test('of two people who answer at once the second finds the task closed, and casts no vote (D9)', async () => {
  const runId = await startRun('gated');
  const taskId = await openTask(runId);
  const handle = under.environment.client.workflow.getHandle(`run/${runId}`);
  const send = (actor: string) =>
    handle.executeUpdate<{ readonly accepted: boolean }, [object]>('answer', {
      args: [{ taskId, id: `of ${actor}`, actor, via: 'test', choice: 'approve', comment: '', form: null }],
    });

  const answers = await Promise.allSettled([send('user/anna'), send('user/ben')]);

  await until(runId, isClosed);
  const kinds = (await under.store.journal.read(`run/${runId}`)).map((entry) => entry.kind);
  const accepted = answers.filter((answer) => answer.status === 'fulfilled' && answer.value.accepted);
  expect(accepted).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'vote.cast')).toHaveLength(1);
});

test('votes that are refused say why and are journaled, by validator and handler alike (D9)', async () => {
  const runId = await startRun('gated');
  const taskId = await openTask(runId);
  const vote = { taskId, actor: 'user/ben', via: 'test', choice: 'approve' };

  const refusals = [
    await engine.answer({ ...vote, planHash: 'sha256:another' }),
    await engine.answer({ ...vote, choice: 'perhaps' }),
    await engine.answer({ ...vote, actor: 'user/eve' }),
  ];

  expect(refusals.map((refusal) => refusal.accepted)).toEqual([false, false, false]);
  const journal = await under.store.journal.read(`run/${runId}`);
  expect(journal.filter((entry) => entry.kind === 'task.refused')).toHaveLength(3);
  expect(await engine.control(runId, { action: 'cancel', actor: 'user/anna', via: 'test' })).toMatchObject({
    accepted: true,
  });
  expect(await until(runId, isClosed)).toMatchObject({ outcome: 'cancelled' });
});

test('more answers at once than Temporal takes of one run are all delivered (D9)', async () => {
  const runId = await startRun('gated');
  const taskId = await openTask(runId);
  const strangers = Array.from({ length: 25 }, (_, index) => `user/stranger${index}`);

  const refusals = await Promise.all(
    strangers.map((actor) => engine.answer({ taskId, actor, via: 'test', choice: 'approve' })),
  );

  expect(refusals.every((refusal) => !refusal.accepted)).toBe(true);
  await engine.control(runId, { action: 'cancel', actor: 'user/anna', via: 'test' });
  await until(runId, isClosed);
});

test('a rejected run is resumed under the same id, and its journal goes on (D14)', async () => {
  const runId = await startRun('gated');
  await engine.answer({ taskId: await openTask(runId), actor: 'user/ben', via: 'test', choice: 'reject' });
  await until(runId, isClosed);

  await engine.resume(runId, { actor: 'user/anna', via: 'test' });
  await engine.answer({ taskId: await openTask(runId), actor: 'user/ben', via: 'test', choice: 'approve' });

  const run = await until(runId, isClosed);
  expect(run).toMatchObject({ id: runId, outcome: 'succeeded' });
  const kinds = (await under.store.journal.read(`run/${runId}`)).map((entry) => entry.kind);
  expect(kinds.filter((kind) => kind === 'run.ended')).toHaveLength(2);
});

test('a signal reaches the run with its data', async () => {
  const runId = await startRun('waiting');
  const event = { name: 'backupDone', data: { size: 42 }, actor: 'user/anna', via: 'test', id: 'e1' };

  await engine.signal(runId, event);

  expect(await until(runId, isClosed)).toMatchObject({ outcome: 'succeeded', outputs: { bytes: 42 } });
});

test('without a worker an answer is refused as engine unavailable, not waited for without end', async () => {
  const runId = await startRun('gated');
  const taskId = await openTask(runId);
  await stopWorker();

  const answer = engineWith(500).answer({ taskId, actor: 'user/ben', via: 'test', choice: 'approve', id: 'late' });

  await expect(answer).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  stopWorker = await under.startWorker();
  await engine.control(runId, { action: 'cancel', actor: 'user/anna', via: 'test' });
  await until(runId, isClosed);
});
