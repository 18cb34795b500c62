import { rm } from 'node:fs/promises';

import { z } from 'zod';

import { replaceFile } from './data-directory';
import type { DataPaths } from './data-directory';
import { readRecordIfThere } from './json-file';
import { guardedByPipe } from './pipe-guard';
import type { GuardedCommand } from './pipe-guard';
import { endProcess, isSameProcess, processIdentity } from './process-identity';
import { OperatorError } from './system-error';

/** What the embedded server is told, and why it differs from the program's own defaults. */
const dynamicConfig = {
  // One history shard polls 20 times a second by default: each hop of a run would wait up to 50 ms.
  'history.transferProcessorMaxPollRPS': '5000',
  'history.transferProcessorMaxPollHostRPS': '20000',
  'history.timerProcessorMaxPollRPS': '5000',
  'system.enableActivityEagerExecution': 'true',
  // Longer ids pass here and fail on PostgreSQL, where the visibility columns hold 255 characters.
  'limit.maxIDLength': '255',
} as const;

export interface ServerOptions {
  readonly binary: string;
  readonly port: number;
  readonly namespace: string;
  /** Null: in memory, for tests. */
  readonly database: string | null;
  /** `FULL` survives a power cut. `OFF` is for tests. */
  readonly synchronous: 'FULL' | 'OFF';
}

export const serverHost = '127.0.0.1';
const stopGraceMs = 10_000;

/** The command of the embedded server. It ends when its standard input does. */
export function serverCommand(options: ServerOptions): GuardedCommand {
  const args = ['server', 'start-dev', '--headless', '--ip', serverHost, '--port', String(options.port)];
  args.push('--namespace', options.namespace, '--log-level', 'error', '--log-format', 'json');
  if (options.database !== null) {
    args.push('--db-filename', options.database, '--sqlite-pragma', 'journal_mode=WAL');
    args.push('--sqlite-pragma', `synchronous=${options.synchronous}`);
  }
  for (const [key, value] of Object.entries(dynamicConfig)) args.push('--dynamic-config-value', `${key}=${value}`);
  return guardedByPipe(options.binary, args);
}

const ServerRecord = z.object({ pid: z.int(), startTime: z.string(), address: z.string(), serverVersion: z.string() });
export type ServerRecord = z.infer<typeof ServerRecord>;

/** Written as soon as there is a process: a later `up` finds by it what this one may leave behind. */
export async function recordServer(
  paths: DataPaths,
  pid: number,
  server: Pick<ServerRecord, 'address' | 'serverVersion'>,
): Promise<void> {
  const identity = await processIdentity(pid);
  if (identity === null) return;
  const record: ServerRecord = { ...identity, ...server };
  await replaceFile(paths.server, `${JSON.stringify(record, null, 2)}\n`);
}

/** Null when none runs. */
export async function readServer(paths: DataPaths): Promise<ServerRecord | null> {
  const record = await readRecordIfThere(paths.server, ServerRecord);
  return record !== null && (await isSameProcess(record)) ? record : null;
}

export function forgetServer(paths: DataPaths): Promise<void> {
  return rm(paths.server, { force: true });
}

/** Ends a server that an earlier owner of this directory left. Only the holder of the owner lock may do this. */
export async function endStaleServer(paths: DataPaths): Promise<'none' | 'ended'> {
  const record = await readRecordIfThere(paths.server, ServerRecord);
  if (record === null || !(await isSameProcess(record))) return 'none';
  if (await endProcess(record, stopGraceMs)) return 'ended';
  throw new OperatorError({
    code: 'SERVER_STILL_RUNS',
    message: `Cannot end the Temporal server of "${paths.directory}": process ${String(record.pid)} is still there`,
  });
}
