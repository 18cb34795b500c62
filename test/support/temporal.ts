import { randomBytes } from 'node:crypto';

import type { DataConverter } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';

import { readConfig } from '../../platform/config';

/** Set by `global-setup.ts` for every test file of the run. */
export const testServerVariable = 'MAINSTAY_TEST_TEMPORAL';
export const testNamespace = 'mainstay';

export interface TestEnvironment {
  readonly address: string;
  readonly namespace: string;
  readonly client: TestWorkflowEnvironment['client'];
  readonly connection: TestWorkflowEnvironment['connection'];
  readonly nativeConnection: TestWorkflowEnvironment['nativeConnection'];
  /** Of this file alone: workers of other files do not see its tasks. */
  readonly taskQueue: string;
  teardown(): Promise<void>;
}

/** The one server of the run, or one of its own, seen from one test file. Call `teardown` in `afterAll`. */
export async function testEnvironment(
  address = testServerAddress(),
  client: { readonly dataConverter?: DataConverter } = {},
): Promise<TestEnvironment> {
  const namespace = testNamespace;
  const environment = await TestWorkflowEnvironment.createFromExistingServer({ address, namespace, client });
  return {
    address,
    namespace: testNamespace,
    client: environment.client,
    connection: environment.connection,
    nativeConnection: environment.nativeConnection,
    taskQueue: `test-${randomBytes(6).toString('hex')}`,
    teardown: () => environment.teardown(),
  };
}

/** For tests that start processes of ours: the settings with the server of the run. */
export function testServerAddress(): string {
  const { testServer } = readConfig();
  if (testServer === null) throw new Error('Cannot find the test server: run the tests of the project "integration"');
  return testServer;
}
