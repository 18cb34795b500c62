import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { childEnvironment } from './config';
import type { Config, TemporalSettings } from './config';
import { temporalDatabase } from './data-directory';
import type { DataPaths } from './data-directory';
import { encryptsPayloads } from './data-converter';
import { freePort } from './free-port';
import { builtProgram } from './package-root';
import { recordServer, serverCommand, serverHost } from './server';
import type { ChildSpec, Launch } from './supervision';
import { OperatorError } from './system-error';
import type { TemporalBinary } from './temporal-binary';
import { waitForTemporal } from './temporal-health';

/** What all children of one `up` share. */
export interface Household {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly programs: ChildPrograms;
}

/** Files that Node runs as children. */
export interface ChildPrograms {
  readonly worker: string;
  readonly api: string;
}

export function builtPrograms(): ChildPrograms {
  return { worker: builtProgram('workers/main.js'), api: builtProgram('client/api/main.js') };
}

export interface ServerHousehold extends Household {
  readonly binary: TemporalBinary;
}

/** Where the embedded server listens. Its port is chosen anew until it was ready once, and kept from then on. */
export class ServerPlace {
  #port: number | null = null;
  #settled = false;

  async choose(): Promise<TemporalSettings['address'] & string> {
    if (!this.#settled || this.#port === null) this.#port = await freePort();
    return this.address;
  }

  settle(): void {
    this.#settled = true;
  }

  get port(): number {
    return this.#port ?? 0;
  }

  get address(): string {
    return `${serverHost}:${String(this.port)}`;
  }
}

export function serverSpec(household: ServerHousehold, place: ServerPlace): ChildSpec {
  const { config, paths } = household;
  const { serverVersion } = household.binary;
  return {
    name: 'server',
    logFile: join(paths.logs, 'server.log'),
    stopGraceMs: 15_000,
    readyTimeoutMs: 60_000,
    launch: async (): Promise<Launch> => {
      const address = await place.choose();
      const command = serverCommand({
        binary: household.binary.path,
        port: place.port,
        namespace: config.temporal.namespace,
        database: temporalDatabase(paths, serverVersion),
        synchronous: 'FULL',
      });
      return {
        ...command,
        env: childEnvironment({}),
        started: (pid) => recordServer(paths, pid, { address, serverVersion }),
        probe: async (signal) => {
          const connection = await waitForTemporal(embeddedTemporal(config, address), signal);
          await connection.close();
          place.settle();
        },
      };
    },
  };
}

export function workerSpec(household: Household, temporal: TemporalSettings): ChildSpec {
  return nodeSpec(household, temporal, { name: 'worker', program: household.programs.worker, environment: {} });
}

export function apiSpec(household: Household, temporal: TemporalSettings, port: number): ChildSpec {
  const environment = { MAINSTAY_API_PORT: String(port) };
  return nodeSpec(household, temporal, { name: 'api', program: household.programs.api, environment });
}

/** The settings by which children reach the embedded server: ours, whatever the environment says of another. */
export function embeddedTemporal(config: Config, address: string): TemporalSettings {
  return { address, namespace: config.temporal.namespace, apiKey: null, tls: null };
}

/** A program that was not built is told at once, not after three deaths. */
export async function requireBuilt(programs: ChildPrograms): Promise<void> {
  for (const program of Object.values<string>({ ...programs })) {
    await access(program).catch((cause: unknown) => {
      const message = `Cannot start Mainstay: "${program}" is missing`;
      throw new OperatorError({ code: 'NOT_BUILT', message, cause });
    });
  }
}

interface NodeChild {
  readonly name: string;
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}

function nodeSpec(household: Household, temporal: TemporalSettings, child: NodeChild): ChildSpec {
  const { config, paths } = household;
  const ofServer = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
  const foreign = temporal.tls === null && temporal.apiKey === null ? withoutTemporalSecurity : {};
  return {
    name: child.name,
    logFile: join(paths.logs, `${child.name}.log`),
    stopGraceMs: 20_000,
    readyTimeoutMs: 60_000,
    launch: () =>
      Promise.resolve({
        command: process.execPath,
        args: ['--enable-source-maps', child.program],
        env: childEnvironment({
          ...foreign,
          ...ofServer,
          ...child.environment,
          MAINSTAY_DATA: paths.directory,
          MAINSTAY_LOG_LEVEL: config.log.level,
          // They know an address of the embedded server, too: whether it is one of your own is known here.
          MAINSTAY_PAYLOAD_ENCRYPTION: encryptsPayloads(config) ? 'on' : 'off',
          MAINSTAY_SUPERVISED: '1',
        }),
      }),
  };
}

const withoutTemporalSecurity = {
  TEMPORAL_API_KEY: null,
  TEMPORAL_TLS: null,
  TEMPORAL_TLS_SERVER_NAME: null,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: null,
  TEMPORAL_TLS_CLIENT_CERT_PATH: null,
  TEMPORAL_TLS_CLIENT_KEY_PATH: null,
} as const;
