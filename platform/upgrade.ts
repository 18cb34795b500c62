import { existsSync } from 'node:fs';

import type { Config } from './config';
import { dataPaths, temporalDatabase } from './data-directory';
import type { DataPaths } from './data-directory';
import { takeOwnership } from './owner';
import { endStaleServer } from './server';
import { readServerVersion, recordServerVersion } from './server-version';
import { readOpenRuns } from './store/open-runs';
import type { OpenRun, OpenRuns } from './store/open-runs';
import { storeOptions } from './store/place';
import { compareVersions } from './store/version-order';
import { messageOf, OperatorError } from './system-error';
import { resolveTemporalBinary } from './temporal-binary';
import { temporalVersions } from './temporal-version';

/**
 * Moves a data directory to the Temporal server of this build (D15).
 *
 * - U1 The server's file has no migration between versions: the new server begins with an empty one, and the old one is left where
 *   it is. Runs, journals, definitions and output are in the store and are not touched; what only the server knows are open runs.
 * - U2 So nothing is moved while a run is open, nor while `up` holds the directory.
 * - U3 The record of the version is replaced last, in one step: before it everything is as it was.
 */
export interface UpgradeRequest {
  readonly config: Config;
  readonly dataDirectory: string;
  readonly progress: (line: string) => void;
}

export interface Upgrade {
  readonly data: string;
  readonly from: string;
  readonly to: string;
  /** False: the directory had this version already. */
  readonly upgraded: boolean;
  /** The file of the earlier server, which nothing reads any more; null when there is none. */
  readonly leftBehind: string | null;
}

export async function upgradeDataDirectory(request: UpgradeRequest): Promise<Upgrade> {
  const { config, dataDirectory } = request;
  const paths = dataPaths(dataDirectory);
  if (config.temporal.address !== null) throw serverIsYours(config.temporal.address);
  const recorded = await readServerVersion(paths);
  if (recorded === null) throw nothingThere(paths);
  const from = recorded.server;
  const to = temporalVersions.server;
  if (from === to) return { data: paths.directory, from, to, upgraded: false, leftBehind: null };
  if (compareVersions(from, to) > 0) throw newerAlready(paths, from);
  const lock = await takeOwnership(paths);
  try {
    await move(request, paths);
  } finally {
    lock.release();
  }
  const left = temporalDatabase(paths, from);
  return { data: paths.directory, from, to, upgraded: true, leftBehind: existsSync(left) ? left : null };
}

async function move({ config, progress }: UpgradeRequest, paths: DataPaths): Promise<void> {
  const open = await readOpenRuns(storeOptions(config, paths)).catch((error: unknown) => {
    throw cannotLook(paths, error);
  });
  if (open.count > 0) throw runsAreOpen(paths, open);
  const target = temporalDatabase(paths, temporalVersions.server);
  if (existsSync(target)) throw inTheWay(paths, target);
  await endStaleServer(paths);
  await resolveTemporalBinary({ places: config.places, progress });
  await recordServerVersion(paths, temporalVersions);
}

function serverIsYours(address: string): OperatorError {
  return new OperatorError({
    code: 'SERVER_IS_YOURS',
    message: `Cannot upgrade the Temporal server at ${address}: it is yours`,
  });
}

function nothingThere(paths: DataPaths): OperatorError {
  return new OperatorError({
    code: 'NOTHING_TO_UPGRADE',
    message: `Cannot upgrade "${paths.directory}": no Temporal server has run there`,
  });
}

function newerAlready(paths: DataPaths, from: string): OperatorError {
  return new OperatorError({
    code: 'SERVER_VERSION_NEWER',
    message: `Cannot upgrade "${paths.directory}": its Temporal server ${from} is newer than the ${temporalVersions.server} of this Mainstay`,
  });
}

function runsAreOpen(paths: DataPaths, { count, first }: OpenRuns): OperatorError {
  const more = count > first.length ? `, and ${String(count - first.length)} more` : '';
  const verb = count === 1 ? '1 run or change is open' : `${String(count)} runs and changes are open`;
  return new OperatorError({
    code: 'RUNS_OPEN',
    message: `Cannot upgrade "${paths.directory}": ${verb}: ${first.map(nameOf).join(', ')}${more}`,
    hint: 'Run "mainstay up", let them end or end them with "mainstay cancel RUN" or "mainstay change cancel CHG-N", stop it, and upgrade then.',
  });
}

function nameOf({ id, number, definition, state }: OpenRun): string {
  return `${number === null ? id : String(number)} (${definition ?? 'unknown'}, ${state})`;
}

function inTheWay(paths: DataPaths, file: string): OperatorError {
  return new OperatorError({
    code: 'SERVER_FILE_EXISTS',
    message: `Cannot upgrade "${paths.directory}": "${file}" is there, and nobody knows what runs it holds`,
  });
}

function cannotLook(paths: DataPaths, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'STORE_UNREACHABLE',
    message: `Cannot look for open runs of "${paths.directory}": ${messageOf(cause)}`,
    cause,
  });
}
