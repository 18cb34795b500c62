import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { History } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';
import fc from 'fast-check';

import { bundleWorkflows } from '../../workers/bundle';
import type { OperationReply } from '../../workflows/domain/operation';
import type { RunInput } from '../../workflows/runbook/messages';
import { program } from '../support/program';
import { openEngine } from './engine-under-test';
import type { EngineUnderTest } from './engine-under-test';
import type { Script } from './effects/workflows';

const reply: OperationReply = { statuses: 's', changed: '0', failures: [], record: {}, digest: 'x' };
const workflowsPath = join(__dirname, 'effects', 'workflows.ts');
const slowMs = 450;
let engine: EngineUnderTest;
let code = '';

beforeAll(async () => {
  const slowly = (): Promise<OperationReply> => delay(slowMs, reply);
  const atOnce = (): Promise<OperationReply> => Promise.resolve(reply);
  engine = await openEngine({
    workflowsPath,
    activities: {
      'test.light': atOnce,
      'test.slowLight': slowly,
      'test.longLight': () => delay(2_000, reply),
      'test.plain0': atOnce,
      'test.plain1': atOnce,
      'test.slow': slowly,
    },
  });
  await engine.startWorker();
  code = await bundleWorkflows(workflowsPath);
}, 60_000);

afterAll(() => engine.close());

function inputOf(): RunInput {
  const id = `r${randomBytes(6).toString('hex')}`;
  const run = { installation: 'test', id, number: 1, requester: 'user/anna', createdAt: 0, parent: null };
  const digests = { planHash: 'hash', planDigest: 'digest' };
  return { run, ...digests, targetCounts: {}, program: program([]), lateInputs: {}, check: false };
}

/** Runs it with workflow tasks that are renewed after 0.8 s while a local activity goes on. */
async function historyOf(scripts: readonly Script[]): Promise<History> {
  const { client, taskQueue } = engine.environment;
  const handle = await client.workflow.start('sideBySide', {
    taskQueue,
    workflowId: `effects/${randomBytes(6).toString('hex')}`,
    args: [inputOf(), scripts],
    workflowTaskTimeout: '1s',
  });
  await handle.result();
  return handle.fetchHistory();
}

async function replay(history: History): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: { code } }, history);
}

async function replayed(scripts: readonly Script[]): Promise<void> {
  let history = await historyOf(scripts);
  for (let attempt = 1; attempt < 5 && !isJudged(history); attempt += 1) history = await historyOf(scripts);
  await replay(history);
}

/**
 * A machine that is so busy that a task is not even begun within its second goes on with what it began late, while a replay begins with
 * the second attempt, at another time: that is the SDK's own.
 */
function isJudged({ events }: History): boolean {
  return events?.every(({ workflowTaskTimedOutEventAttributes: timedOut }) => timedOut == null) ?? false;
}

// The activity ends just before the task is renewed the second time, the light step after it: on replay they end at once.
test('a run is replayed although a light step outlived its workflow task (D19)', async () => {
  const scripts = [
    ['test.slow', 'turns', 'test.plain0'],
    ['test.longLight', 'test.plain1'],
  ];

  await expect(replayed(scripts)).resolves.toBeUndefined();
}, 30_000);

// Their first task has nothing to show when it is renewed; on replay it must not be taken for one with the next. The clock has two values.
test('a run is replayed although all that its first task did outlived it (D19)', async () => {
  const part = ['test.longLight', 'time'];

  await expect(Promise.all(Array.from({ length: 8 }, () => replayed([part, part])))).resolves.toHaveLength(8);
}, 30_000);

test('whatever parts do side by side, the run is replayed (D19)', async () => {
  const lights = ['test.light', 'test.slowLight', 'test.longLight'];
  const word = fc.constantFrom(...lights, 'test.plain0', 'test.slow', 'time', 'turns', 'sleep', 'wait', 'flush');
  const scripts = fc.array(fc.array(word, { minLength: 2, maxLength: 6 }), { minLength: 2, maxLength: 4 });
  const samples = fc.sample(scripts, 24);

  const histories = await Promise.all(samples.map(async (sample) => ({ sample, history: await historyOf(sample) })));
  const judged = histories.filter(({ history }) => isJudged(history));
  const outcomes = await Promise.allSettled(judged.map(({ history }) => replay(history)));
  const broken = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [{ scripts: judged[index]?.sample, reason: String(outcome.reason) }] : [],
  );

  expect(judged.length).toBeGreaterThan(0);
  expect(broken).toEqual([]);
}, 90_000);
