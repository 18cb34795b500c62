import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { activities } from './activities';

const taskQueue = 'hand-written';

/** A hand-written workflow on the same server, in a worker of its own: what Mainstay's overhead is measured against. */
export interface Rival {
  /** Milliseconds from start to result. */
  time(workflow: 'lightSteps' | 'activitySteps', steps: number): Promise<number>;
  close(): Promise<void>;
}

export async function openRival(address: string, namespace: string): Promise<Rival> {
  // The table is what people came for.
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const native = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    workflowsPath: join(__dirname, 'workflow.js'),
    activities,
  });
  const running = worker.run();
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  let runs = 0;
  return {
    async time(workflow, steps) {
      runs += 1;
      const startedAt = performance.now();
      await client.workflow.execute(workflow, { taskQueue, workflowId: `hand-written/${runs}`, args: [steps] });
      return performance.now() - startedAt;
    },
    async close() {
      worker.shutdown();
      await running;
      await connection.close();
      await native.close();
    },
  };
}
