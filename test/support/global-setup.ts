import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { childEnvironment, readConfig } from '../../platform/config';
import { freePort } from '../../platform/free-port';
import { ensureNamespace } from '../../platform/namespace';
import { serverCommand, serverHost } from '../../platform/server';
import { SupervisedChild } from '../../platform/supervision';
import { resolveTemporalBinary } from '../../platform/temporal-binary';
import { waitForTemporal } from '../../platform/temporal-health';
import { setTestServer } from './global-server';
import { testNamespace, testServerVariable } from './temporal';

/** One server for the whole run. It is our child by a pipe, so it ends with us however we end. */
export default async function setup(): Promise<void> {
  const config = readConfig();
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-test-'));
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
        return {
          ...serverCommand({ binary: binary.path, port, namespace: testNamespace, database, synchronous: 'OFF' }),
          env: childEnvironment({}),
          probe: (signal) => prepare(address, signal),
        };
      },
    },
    () => undefined,
  );
  await server.start();
  setTestServer({ server, folder });
  process.env[testServerVariable] = address;
}

async function prepare(address: string, signal: AbortSignal): Promise<void> {
  const settings = { address, namespace: testNamespace, apiKey: null, tls: null };
  const connection = await waitForTemporal(settings, signal);
  await ensureNamespace(connection, testNamespace, true);
  await connection.close();
}
