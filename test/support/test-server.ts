import { join } from 'node:path';

import { childEnvironment, readConfig } from '../../platform/config';
import { freePort } from '../../platform/free-port';
import { ensureNamespace } from '../../platform/namespace';
import { serverCommand, serverHost } from '../../platform/server';
import { SupervisedChild } from '../../platform/supervision';
import { resolveTemporalBinary } from '../../platform/temporal-binary';
import { waitForTemporal } from '../../platform/temporal-health';
import { testNamespace } from './temporal';

export interface TestServer {
  readonly address: string;
  readonly server: SupervisedChild;
}

export interface TestServerOptions {
  readonly folder: string;
  /** How many events a history may have before the run is asked to continue as new; absent: as many as in production. */
  readonly eventsPerHistory?: number;
}

/** It is our child by a pipe, so it ends with us however we end. */
export async function startTestServer({ folder, eventsPerHistory }: TestServerOptions): Promise<TestServer> {
  const config = readConfig();
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  const binary = await resolveTemporalBinary({ places: config.places, progress });
  let address = '';
  const server = new SupervisedChild(
    {
      name: 'server',
      logFile: join(folder, 'server.log'),
      stopGraceMs: 5000,
      readyTimeoutMs: 60_000,
      launch: async () => {
        const port = await freePort();
        address = `${serverHost}:${String(port)}`;
        const database = join(folder, 'temporal.db');
        const options = { binary: binary.path, port, namespace: testNamespace, database, synchronous: 'OFF' } as const;
        const { command, args } = serverCommand(options);
        return {
          command,
          args: [...args, ...limits(eventsPerHistory)],
          env: childEnvironment({}),
          probe: (signal) => prepare(address, signal),
        };
      },
    },
    () => undefined,
  );
  await server.start();
  return { address, server };
}

function limits(eventsPerHistory: number | undefined): readonly string[] {
  if (eventsPerHistory === undefined) return [];
  return ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${eventsPerHistory}`];
}

async function prepare(address: string, signal: AbortSignal): Promise<void> {
  const settings = { address, namespace: testNamespace, apiKey: null, tls: null };
  const connection = await waitForTemporal(settings, signal);
  await ensureNamespace(connection, testNamespace, true);
  await connection.close();
}
