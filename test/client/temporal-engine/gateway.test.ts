import { Client, Connection } from '@temporalio/client';
import type { WorkflowStartInput, WorkflowStartUpdateInput, WorkflowStartUpdateOutput } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

import { createTemporalGateway } from '../../../client/temporal-engine/gateway';
import type { RunInput } from '../../../workflows/runbook/messages';
import { program } from '../../support/program';

const input: RunInput = {
  run: { installation: 'test', id: 'r1', number: 1, requester: 'user/anna', createdAt: 0, parent: null },
  planHash: 'hash',
  planDigest: 'digest',
  targetCounts: {},
  program: program([]),
  lateInputs: {},
  check: false,
};

interface Listening {
  readonly client: Client;
  readonly starts: WorkflowStartInput[];
  readonly updates: (string | undefined)[];
}

/** A client that tells what it would send; nothing is connected. The first updates find the run full. */
function listening(fullTimes = 0): Listening {
  const starts: WorkflowStartInput[] = [];
  const updates: (string | undefined)[] = [];
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  const workflow = [
    {
      startWithDetails(start: WorkflowStartInput) {
        starts.push(start);
        return Promise.resolve({ runId: 'temporal', eagerlyStarted: false });
      },
      startUpdate({ options }: WorkflowStartUpdateInput): Promise<WorkflowStartUpdateOutput> {
        updates.push(options.updateId);
        if (updates.length <= fullTimes) return Promise.reject(Object.assign(new Error('full'), { code: 8 }));
        const success = { payloads: [defaultPayloadConverter.toPayload({ accepted: true })] };
        return Promise.resolve({ updateId: options.updateId ?? '', workflowRunId: 'temporal', outcome: { success } });
      },
    },
  ];
  return { client: new Client({ connection, interceptors: { workflow } }), starts, updates };
}

// D14: one id for all of a run's life; a second start of the same run must find the first, a resume begins a new execution.
test.each([
  ['once', 'REJECT_DUPLICATE'],
  ['again', 'ALLOW_DUPLICATE'],
] as const)(
  'start(%s) uses the run id, %s once it has ended, and never ends one that goes on (D14)',
  async (how, reuse) => {
    const { client, starts } = listening();
    const gateway = createTemporalGateway({ client, taskQueue: 'mainstay', answerTimeoutMs: 1_000 });

    await gateway.start(input, how);

    expect(starts.map(({ options }) => options)).toMatchObject([
      { workflowId: 'run/r1', workflowIdReusePolicy: reuse, workflowIdConflictPolicy: 'FAIL' },
    ]);
  },
);

// D9: Temporal takes ten updates of a run at a time, and one more is none that anybody has refused.
test('send() tries again under the same id while the run takes no more messages (D9)', async () => {
  const { client, updates } = listening(2);
  const gateway = createTemporalGateway({ client, taskQueue: 'mainstay', answerTimeoutMs: 10_000 });

  const delivery = await gateway.send({ runId: 'r1', name: 'answer', payload: {}, id: 'a1' });

  expect(delivery).toEqual({ kind: 'answered', result: { accepted: true } });
  expect(updates).toEqual(['a1', 'a1', 'a1']);
});
