import { isRunAlive } from '../../client/temporal-engine/liveness';
import { workflowIdOf } from '../../workflows/runbook/messages';
import { testEnvironment } from '../support/temporal';
import type { TestEnvironment } from '../support/temporal';

let environment: TestEnvironment;

beforeAll(async () => {
  environment = await testEnvironment();
});

afterAll(() => environment.teardown());

test('isRunAlive() is what Temporal says of the execution, whatever the journal says (D13)', async () => {
  const { client, taskQueue } = environment;
  const runId = taskQueue;
  // Nobody takes its tasks: it stays at its beginning.
  const handle = await client.workflow.start('any', { taskQueue, workflowId: workflowIdOf(runId) });

  const running = await isRunAlive(client, runId);
  await handle.terminate();
  const terminated = await isRunAlive(client, runId);

  expect([running, terminated, await isRunAlive(client, `${runId}-unknown`)]).toEqual([true, false, false]);
});
