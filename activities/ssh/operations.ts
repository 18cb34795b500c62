import type { ConnectorImplementation, OperationContext, OperationImplementation } from '../connector';
import type { JsonObject } from '../../workflows/domain/json';
import { cancelJob } from './cancel';
import { Collector } from './collector';
import { execJob, runJob } from './commands';
import { getFile, putFile, restoreFile } from './files';
import { ConnectionPool } from './pool';
import { rebootHost, waitForHost } from './reboot';
import type { SshSurroundings } from './surroundings';
import type { LoginDefaults } from './target';

export interface SshDependencies {
  readonly login: LoginDefaults;
  readonly now?: () => number;
  readonly random?: () => number;
  /** How long a host may take to accept a login (D1). */
  readonly connectWithinMs?: number;
  /** Shorter in tests. */
  readonly followAfterMs?: number;
  readonly idleMs?: number;
  /** Of each stream of a job, on the host. */
  readonly outputLimitBytes?: number;
  /** Where the kernel tells the boot id; `~/` is the home of the job's user. */
  readonly bootIdPath?: string;
  /** A POSIX sh on the host. */
  readonly launcherShell?: string;
  readonly maxConnections?: number;
}

export function createSsh(dependencies: SshDependencies): ConnectorImplementation {
  const surroundings = surroundingsOf(dependencies);
  const operation = (perform: Perform): OperationImplementation => ({
    perform: (input, context) => perform(input, context, surroundings),
    cancel: (_input, context) => cancelJob(context, surroundings),
  });
  return {
    operations: {
      exec: operation(execJob),
      run: operation(runJob),
      put: operation(putFile),
      restore: operation(restoreFile),
      get: operation(getFile),
      reboot: operation(rebootHost),
      wait: { perform: (input, context) => waitForHost(input, context, surroundings) },
    },
    close: () => surroundings.pool.close(),
  };
}

type Perform = (
  input: JsonObject,
  context: OperationContext,
  surroundings: SshSurroundings,
) => ReturnType<OperationImplementation['perform']>;

function surroundingsOf(given: SshDependencies): SshSurroundings {
  const now = given.now ?? Date.now;
  const bootIdPath = given.bootIdPath ?? '/proc/sys/kernel/random/boot_id';
  const launcherShell = given.launcherShell ?? '/bin/sh';
  const collector = new Collector({ now, bootIdPath, launcherShell });
  const pool = new ConnectionPool({
    defaults: given.login,
    handshakes: 32,
    maxConnections: given.maxConnections ?? 512,
    idleMs: given.idleMs ?? 120_000,
    now,
    random: given.random ?? Math.random,
    onIdle: (connection) => collector.collect(connection),
  });
  return {
    pool,
    collector,
    now,
    bootIdPath,
    launcherShell,
    connectWithinMs: given.connectWithinMs ?? 30_000,
    followAfterMs: given.followAfterMs ?? 1_000,
    outputLimitBytes: given.outputLimitBytes ?? 16 * 1024 * 1024,
  };
}
