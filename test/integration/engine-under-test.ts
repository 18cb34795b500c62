import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Worker } from '@temporalio/worker';

import { createActivities } from '../../activities/activities';
import type { ActivityTable } from '../../activities/activities';
import type { ConnectorImplementation } from '../../activities/connector';
import { createCore } from '../../activities/core/operations';
import { createHttp } from '../../activities/http/operations';
import { catalogue } from '../../activities/index';
import { dataConverter as converterOf } from '../../platform/data-converter';
import { createSeal } from '../../platform/seal';
import { createSecrets } from '../../platform/secrets';
import { openStore } from '../../platform/store/open';
import type { Store } from '../../platform/store/store';
import { bundleWorkflows } from '../../workers/bundle';
import { createWorker } from '../../workers/worker';
import { testEnvironment } from '../support/temporal';
import type { TestEnvironment } from '../support/temporal';

/** Store, worker and a task queue of their own, on the test server of the run. */
export interface EngineUnderTest {
  readonly environment: TestEnvironment;
  readonly store: Store;
  /** Starts the worker; answers how to stop it cleanly. */
  startWorker(options?: {
    readonly maxCachedWorkflows?: number;
    readonly dataConverter?: DataConverter;
  }): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly workflowsPath: string;
  /** Modules of interceptors that are bundled with the workflows. */
  readonly workflowInterceptors?: readonly string[];
  /** Added to, or in the place of, the real activities. */
  readonly activities?: ActivityTable;
  /** In the place of the real connectors of the same name. */
  readonly connectors?: { readonly [name: string]: ConnectorImplementation };
  /** Prefixes of references to secrets that every team may use; absent: none. */
  readonly grants?: readonly string[];
  /** Absent: nothing is encrypted. */
  readonly dataConverter?: DataConverter;
  /** Another server than the one of the whole run. */
  readonly server?: string;
}

export async function openEngine(options: EngineOptions): Promise<EngineUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-engine-'));
  const store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  const dataConverter = options.dataConverter ?? readable;
  const environment = await testEnvironment(options.server, { dataConverter });
  const code = await bundle(options);
  const activities = { ...realActivities(store, options), ...options.activities };
  const { nativeConnection: connection, namespace, taskQueue } = environment;
  const stops: (() => Promise<void>)[] = [];
  return {
    environment,
    store,
    async startWorker(more) {
      const worker = await createWorker({
        connection,
        namespace,
        taskQueue,
        workflowBundle: { code },
        activities,
        dataConverter,
        ...more,
      });
      const stop = stopper(worker);
      stops.push(stop);
      return stop;
    },
    async close() {
      // A test that failed has not stopped its own.
      for (const stop of stops) await stop();
      await environment.teardown();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const readable = converterOf({
  payloads: { encryption: 'off', keys: [] },
  temporal: { address: null, namespace: '', apiKey: null, tls: null },
  databaseUrl: null,
});

async function bundle({ workflowsPath, workflowInterceptors }: EngineOptions): Promise<string> {
  if (workflowInterceptors === undefined) return bundleWorkflows(workflowsPath);
  const workflowInterceptorModules = [...workflowInterceptors];
  return (await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules })).code;
}

function stopper(worker: Worker): () => Promise<void> {
  const running = worker.run();
  return async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
}

function realActivities(store: Store, { connectors: others, grants = [] }: EngineOptions): ActivityTable {
  const secrets = createSecrets({
    vault: { address: null, token: null, namespace: null },
    environment: () => null,
    grants: () => Promise.resolve(grants),
  });
  const connectors = { core: createCore(), http: createHttp({ privateAddresses: 'allow' }), ...others };
  return createActivities({ store, catalogue, connectors, secrets, seal: createSeal(Buffer.alloc(32, 1)) });
}
