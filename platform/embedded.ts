import type { Connection } from '@temporalio/client';

import type { Config, TemporalSettings } from './config';
import { encryptsPayloads } from './data-converter';
import { prepareDataDirectory, readToken, writePointer } from './data-directory';
import type { DataPaths } from './data-directory';
import {
  apiSpec,
  builtPrograms,
  embeddedTemporal,
  requireBuilt,
  ServerPlace,
  serverSpec,
  workerSpec,
} from './embedded-children';
import type { ChildPrograms, Household } from './embedded-children';
import { removeEndpoint, writeEndpoint } from './endpoint';
import type { FileLock } from './file-lock';
import { freePort } from './free-port';
import { ensureNamespace } from './namespace';
import { takeOwnership } from './owner';
import { endStaleServer, forgetServer } from './server';
import { claimServerVersion } from './server-version';
import { SupervisedChild } from './supervision';
import type { ChildSpec, ChildStatus } from './supervision';
import { messageOf, OperatorError } from './system-error';
import { taskQueue } from './temporal';
import { resolveTemporalBinary } from './temporal-binary';
import { hasPoller, waitForTemporal } from './temporal-health';
import { temporalVersions } from './temporal-version';
import { waitUntil } from './wait-until';

/**
 * Everything on one machine: server, worker and API as children of this process, which hosts nothing itself.
 *
 * - B1 Nothing in the data directory is changed before the owner lock is held, but for secrets that are made once.
 * - B2 The order of start is server, then API and worker; of the end, worker, API, server: what stops still finds what it needs.
 * - B3 `endpoint.json` stands only while the API answers and a worker takes tasks; it is rewritten whenever a child changes.
 */
export interface EmbeddedOptions {
  readonly config: Config;
  readonly dataDirectory: string;
  /** Exactly this one; null: the usual one, or another if that is taken. */
  readonly port: number | null;
  readonly progress: (line: string) => void;
  /** Others than those of the build, in tests. */
  readonly programs?: ChildPrograms;
  /** How long a server of your own may take to answer. */
  readonly temporalTimeoutMs?: number;
}

const usualPort = 7380;
const answerTimeoutMs = 60_000;
const portPatienceMs = 5000;
const usualTemporalTimeoutMs = 30_000;

export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  await requireBuilt(options.programs ?? builtPrograms());
  // Throws where a key is wanted and none is given: better now than in children that die.
  encryptsPayloads(options.config);
  const paths = await prepareDataDirectory(options.dataDirectory);
  const lock = await takeOwnership(paths);
  const embedded = new Embedded(options, paths, lock);
  try {
    await embedded.start();
    return embedded;
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

export class Embedded {
  #children: SupervisedChild[] = [];
  #temporal: TemporalSettings;
  #url = '';
  #announced = false;
  /** An earlier `up` did not end cleanly. */
  #leftover = false;
  #writing: Promise<void> = Promise.resolve();
  readonly #startedAt = new Date().toISOString();

  constructor(
    private readonly options: EmbeddedOptions,
    readonly paths: DataPaths,
    private readonly lock: FileLock,
  ) {
    this.#temporal = options.config.temporal;
  }

  get url(): string {
    return this.#url;
  }

  get temporalAddress(): string {
    return this.#temporal.address ?? '';
  }

  async start(): Promise<void> {
    const { config, programs = builtPrograms() } = this.options;
    const household: Household = { config, programs, paths: this.paths };
    this.#leftover = await removeEndpoint(this.paths);
    if (this.#temporal.address === null) this.#temporal = await this.#startServer(household);
    const connection = await this.#connect();
    try {
      const owned = config.temporal.address === null;
      await ensureNamespace(connection, this.#temporal.namespace, owned);
      const port = await this.#choosePort();
      this.#url = `http://127.0.0.1:${String(port)}`;
      this.options.progress('starting worker and API');
      const [worker, api] = [workerSpec(household, this.#temporal), apiSpec(household, this.#temporal, port)];
      await Promise.all([this.#startChild(api), this.#startChild(worker)]);
      await this.#waitForAnswers(connection);
    } finally {
      await connection.close();
    }
    await writePointer(this.options.config.places, this.paths.directory);
    this.#announced = true;
    await this.#publish();
  }

  async #connect(): Promise<Connection> {
    try {
      return await waitForTemporal(
        this.#temporal,
        AbortSignal.timeout(this.options.temporalTimeoutMs ?? usualTemporalTimeoutMs),
      );
    } catch (cause) {
      throw new OperatorError({
        code: 'TEMPORAL_UNREACHABLE',
        message: `Cannot reach Temporal at ${this.temporalAddress}: no healthy answer in time`,
        cause,
      });
    }
  }

  /** That children say they are ready is not enough: a task must be taken, and a request answered. */
  async #waitForAnswers(connection: Connection): Promise<void> {
    const { namespace } = this.#temporal;
    const token = await readToken(this.paths);
    const hint = `Look at the logs in ${this.paths.logs}.`;
    const within = { withinMs: answerTimeoutMs, hint };
    await waitUntil({
      ...within,
      what: 'a worker take tasks',
      check: () => hasPoller(connection, { namespace, taskQueue }),
    });
    await waitUntil({ ...within, what: 'the API answer', check: () => apiAnswers(this.#url, token) });
  }

  /** In order, each with its grace time. Runs go on at the next start. */
  async stop(): Promise<void> {
    this.#announced = false;
    await this.#writing.catch(() => undefined);
    await removeEndpoint(this.paths);
    for (const name of ['worker', 'api', 'server']) {
      for (const child of this.#children.filter((each) => each.spec.name === name)) await child.stop();
    }
    await forgetServer(this.paths);
    this.lock.release();
  }

  kill(): void {
    for (const child of this.#children) child.kill();
  }

  async #startServer(household: Household): Promise<TemporalSettings> {
    const { config, progress } = this.options;
    const versions = await claimServerVersion(this.paths);
    const binary = await resolveTemporalBinary({ places: config.places, progress, versions });
    if ((await endStaleServer(this.paths)) === 'ended') progress('ended the Temporal server of an earlier start');
    progress(`starting Temporal server ${binary.serverVersion}`);
    if (versions.server !== temporalVersions.server) {
      progress(
        `this Mainstay brings ${temporalVersions.server}: once no run is open, "mainstay upgrade" moves the directory to it`,
      );
    }
    const place = new ServerPlace();
    await this.#startChild(serverSpec({ ...household, binary }, place));
    return embeddedTemporal(config, place.address);
  }

  async #startChild(spec: ChildSpec): Promise<void> {
    const child = new SupervisedChild(spec, (name, status) => this.#childChanged(name, status));
    this.#children = [...this.#children, child];
    await child.start();
  }

  #childChanged(name: string, status: ChildStatus): void {
    if (!this.#announced) return;
    if (status.state === 'waiting') this.options.progress(`${name} ended: starting it again`);
    if (status.state === 'ready') this.options.progress(`${name} is ready again`);
    // A full disk must not take the children down: the file is told to be old, and written at the next change.
    this.#publish().catch((error: unknown) => this.options.progress(`Cannot write endpoint.json: ${messageOf(error)}`));
  }

  /** One write after the other. */
  #publish(): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#writeEndpoint());
    return this.#writing;
  }

  async #writeEndpoint(): Promise<void> {
    if (!this.#announced) return;
    const { namespace } = this.#temporal;
    const embedded = this.options.config.temporal.address === null;
    await writeEndpoint(this.paths, {
      url: this.#url,
      startedAt: this.#startedAt,
      temporal: { address: this.temporalAddress, namespace, embedded },
      children: Object.fromEntries(this.#children.map((child) => [child.spec.name, child.status])),
    });
  }

  /** The API of an `up` that was killed needs a moment to go: its port is waited for. */
  async #choosePort(): Promise<number> {
    const wanted = this.options.port ?? usualPort;
    const patienceMs = this.options.port !== null || this.#leftover ? portPatienceMs : 0;
    const port = await freePort(wanted, patienceMs);
    if (this.options.port === null || this.options.port === 0 || port === wanted) return port;
    throw new OperatorError({
      code: 'PORT_IN_USE',
      message: `Cannot listen on 127.0.0.1:${String(wanted)}: the port is taken`,
    });
  }
}

async function apiAnswers(url: string, token: string): Promise<boolean> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/api/v1/status`, { headers, signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
