import { randomBytes } from 'node:crypto';

import type { ResumeRequest, RunInput, RunResult } from '../../workflows/runbook/messages';
import { runbookWorkflowType } from '../../workflows/runbook/messages';
import type { PlanHost, Program } from '../../workflows/runbook/plan';
import type { runbookRun } from '../../workflows/runbook/workflow';
import { storePlan } from '../activities/runtime/fixture';
import type { EngineUnderTest } from './engine-under-test';

export interface StartedRun {
  readonly id: string;
  readonly handle: Awaited<ReturnType<typeof startWorkflow>>;
  result(): Promise<RunResult>;
  /** Goes on from the state that it has ended with (D14). */
  resume(request?: Partial<ResumeRequest>): Promise<RunResult>;
}

/** As the API does it: the plan into the store, the run into the journal, then the workflow. */
export async function startRun(
  engine: EngineUnderTest,
  program: Program,
  hosts: readonly PlanHost[] = [],
): Promise<StartedRun> {
  const planDigest = await storePlan(engine.store, program, hosts);
  const id = `r${randomBytes(6).toString('hex')}`;
  const { id: installation } = await engine.store.installation();
  const number = await engine.store.nextRunNumber();
  const run = { installation, id, number, requester: 'user/anna', createdAt: Date.now(), parent: null };
  const { definition, inputs } = program;
  const payload = {
    number,
    definition,
    planHash: 'hash',
    planDigest,
    requester: run.requester,
    inputs,
    parent: null,
    labels: {},
  };
  const created = {
    key: 'run/run.created',
    kind: 'run.created',
    at: run.createdAt,
    actor: run.requester,
    via: 'cli',
    payload,
  } as const;
  await engine.store.journal.append(`run/${id}`, [created]);
  const targetCounts = { all: hosts.length };
  const input: RunInput = { run, planHash: 'hash', planDigest, targetCounts, program, lateInputs: {}, check: false };
  const handle = await startWorkflow(engine, input);
  return {
    id,
    handle,
    result: () => handle.result(),
    async resume(request = {}) {
      const { stateDigest } = await handle.result();
      const resumed = await startWorkflow(engine, { ...input, stateDigest, resume: { by: 'user/anna', ...request } });
      return resumed.result();
    },
  };
}

function startWorkflow(engine: EngineUnderTest, input: RunInput) {
  const { client, taskQueue } = engine.environment;
  return client.workflow.start<typeof runbookRun>(runbookWorkflowType, {
    taskQueue,
    workflowId: `run/${input.run.id}`,
    args: [input],
  });
}
