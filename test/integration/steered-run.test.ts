import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { ConnectorImplementation } from '../../activities/connector';
import type { ChildRun, RunInput } from '../../workflows/runbook/messages';
import type { RolloutStep, TaskStep } from '../../workflows/runbook/plan';
import { hosts, storePlan, task } from '../activities/runtime/fixture';
import { program } from '../support/program';
import type { Steered } from './effects/steering-parent';
import { openEngine } from './engine-under-test';
import type { EngineUnderTest } from './engine-under-test';

let engine: EngineUnderTest;

/** Says that whatever it is asked has changed something. */
const changing: ConnectorImplementation = {
  operations: {
    echo: {
      async perform(result) {
        const now = Date.now();
        return { status: 'succeeded', result, changed: true, startedAt: now, endedAt: now };
      },
    },
  },
  close: () => Promise.resolve(),
};

beforeAll(async () => {
  engine = await openEngine({
    workflowsPath: join(__dirname, 'effects', 'steering-parent.ts'),
    connectors: { core: changing },
  });
  await engine.startWorker();
}, 60_000);

afterAll(() => engine.close());

const echo: Partial<TaskStep['operation']> = {
  name: 'core.echo',
  effect: 'idempotent',
  light: true,
  input: { literal: {} },
  timeoutMs: 5000,
};
const change = task('change', { verb: 'uses', operation: echo });
const { operation, where, reads } = change;

const up: RolloutStep = {
  at: 'up',
  id: 'up',
  verb: 'rollout',
  kind: 'rollout',
  onFailure: 'stop',
  reads,
  keep: [],
  set: 'all',
  allowEmpty: false,
  waves: [{ count: 1 }, { percent: 100 }],
  parallel: 10,
  maxFailures: { count: 0 },
  strict: false,
  bakeMs: 0,
  gate: [],
  onHostFailure: 'leave',
  onRolloutFailure: 'stop',
  hostDeadlineMs: 600_000,
  steps: [{ ...change, undo: { kind: 'operation', after: 'started', at: 'change!undo', operation, where, reads } }],
};

async function steeredChild(): Promise<{ readonly child: ChildRun; readonly result: () => Promise<Steered> }> {
  const whole = program([up]);
  const planDigest = await storePlan(engine.store, whole, hosts(3));
  const { id: installation } = await engine.store.installation();
  const id = `r${randomBytes(6).toString('hex')}`;
  const input: RunInput = {
    run: { installation, id, number: 1, requester: 'user/anna', createdAt: 0, parent: null },
    planHash: '',
    planDigest: '',
    targetCounts: {},
    program: program([]),
    lateInputs: {},
    check: false,
  };
  const child: ChildRun = {
    path: 'run',
    childId: `${id}c`,
    program: whole,
    inputs: {},
    undo: false,
    plan: { planHash: 'hash', planDigest, targetCounts: { all: 3 } },
    steered: true,
    cutoffAt: Date.now() + 3_600_000,
  };
  const { client, taskQueue } = engine.environment;
  const handle = await client.workflow.start<(input: RunInput, child: ChildRun) => Promise<Steered>>('steeringParent', {
    taskQueue,
    workflowId: `run/${id}`,
    args: [input, child],
  });
  return { child, result: () => handle.result() };
}

test('a run of a plan of its own is steered by its parent: admitted, told, and backed out (D8)', async () => {
  const { child, result } = await steeredChild();

  const { outcome, reports } = await result();

  expect(reports.map((report) => [report.kind, 'wave' in report ? report.wave : 0, report.runId])).toEqual([
    ['waveReady', 1, child.childId],
    ['waveDone', 1, child.childId],
    ['waveReady', 2, child.childId],
  ]);
  expect(outcome).toMatchObject({ childId: child.childId, outcome: 'undone', error: { code: 'BACKED_OUT' } });
  const rows = await engine.store.views.hosts(child.childId);
  expect(rows.map(({ host, phase, status }) => `${phase} ${host} ${status}`)).toEqual([
    'do web1 succeeded',
    'undo web1 succeeded',
  ]);
  expect(await engine.store.views.run(child.childId)).toMatchObject({ planHash: 'hash', state: 'closed' });
}, 30_000);
