import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { ChildOutcome, ChildRun, RunInput } from '../../workflows/runbook/messages';
import type { WaitStep } from '../../workflows/runbook/plan';
import { program } from '../support/program';
import { storePlan } from '../activities/runtime/fixture';
import { openEngine } from './engine-under-test';
import type { EngineUnderTest } from './engine-under-test';

let engine: EngineUnderTest;

beforeAll(async () => {
  engine = await openEngine({
    workflowsPath: join(__dirname, 'effects', 'parents.ts'),
    workflowInterceptors: [join(__dirname, 'effects', 'hasty-clock.ts')],
  });
  await engine.startWorker();
}, 60_000);

afterAll(() => engine.close());

const moment: WaitStep = {
  at: 'moment',
  id: 'moment',
  verb: 'wait',
  kind: 'wait',
  wait: { for: { literal: 1 } },
  onFailure: 'stop',
  reads: { names: [], steps: [], hostSteps: [] },
  keep: [],
};

async function startParent(workflow: string) {
  const whole = program([moment]);
  const planDigest = await storePlan(engine.store, whole, []);
  const { id: installation } = await engine.store.installation();
  const id = `r${randomBytes(6).toString('hex')}`;
  const run = { installation, id, number: 1, requester: 'user/anna', createdAt: 0, parent: null };
  const input: RunInput = {
    run,
    planHash: 'hash',
    planDigest,
    targetCounts: {},
    program: whole,
    lateInputs: {},
    check: false,
  };
  const child: ChildRun = { path: 'child', childId: `${id}c`, program: whole, inputs: {}, undo: false };
  const { client, taskQueue } = engine.environment;
  const handle = await client.workflow.start(workflow, { taskQueue, workflowId: `run/${id}`, args: [input, child] });
  return { childId: child.childId, result: (): Promise<unknown> => handle.result() };
}

function outcomeOf(childId: string): Partial<ChildOutcome> {
  return { childId, outcome: 'succeeded' };
}

describe('a child whose report is lost', () => {
  test('is looked at again after five minutes, and the run goes on (D7)', async () => {
    const { childId, result } = await startParent('deafParent');

    expect(await result()).toMatchObject(outcomeOf(childId));
  }, 30_000);

  test('is known to have ended by a run that is entered again, and is not started a second time (D7)', async () => {
    const { childId, result } = await startParent('forgetfulParent');

    expect(await result()).toMatchObject([outcomeOf(childId), outcomeOf(childId)]);
    const journal = await engine.store.journal.read(`run/${childId}`);
    expect(journal.filter(({ kind }) => kind === 'run.started')).toHaveLength(1);
  }, 30_000);
});
