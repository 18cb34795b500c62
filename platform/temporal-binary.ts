import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Places } from './config';
import { waitForFileLock } from './file-lock';
import { packageRoot } from './package-root';
import { findProgram, runProgram } from './program';
import { OperatorError, messageOf } from './system-error';
import { buildTemporal } from './temporal-build';
import { downloadTemporal } from './temporal-download';
import { temporalVersions } from './temporal-version';

export interface BinaryRequest {
  readonly places: Places;
  /** One line of progress, for standard error. */
  readonly progress: (line: string) => void;
  /** The pinned Go module; another one in tests. */
  readonly moduleDirectory?: string;
}

export interface TemporalBinary {
  readonly path: string;
  readonly source: 'PATH' | 'cache' | 'download' | 'build';
  readonly serverVersion: string;
}

/** PATH, then cache, then official download, then a build from the pinned module. What was tried is told when all fail. */
export async function resolveTemporalBinary(request: BinaryRequest): Promise<TemporalBinary> {
  const refusals: string[] = [];
  const found = (await fromPath(request.places, refusals)) ?? (await fromCache(request.places));
  if (found !== null) return found;

  const folder = cacheFolder(request.places);
  await mkdir(folder, { recursive: true });
  const lock = await waitForFileLock(join(folder, '..', `${temporalVersions.program}.lock`), () =>
    request.progress('waiting for another process that fetches the Temporal server'),
  );
  try {
    return (await fromCache(request.places)) ?? (await fetchIntoCache(request, refusals));
  } finally {
    lock.release();
  }
}

/** What would be used now, without fetching anything. */
export async function findTemporalBinary(places: Places): Promise<TemporalBinary | null> {
  return (await fromPath(places, [])) ?? (await fromCache(places));
}

export function cachedTemporal(places: Places): string {
  return join(cacheFolder(places), 'temporal');
}

/** `temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)`: only the server's version says what the database file will be. */
export function parseServerVersion(output: string): string | null {
  return /\(Server ([0-9]+\.[0-9]+\.[0-9]+[^,)\s]*)/.exec(output)?.[1] ?? null;
}

async function fromPath(places: Places, refusals: string[]): Promise<TemporalBinary | null> {
  const path = await findProgram('temporal', places.path);
  if (path === null) {
    refusals.push('PATH: no program "temporal"');
    return null;
  }
  const serverVersion = await serverVersionOf(path);
  if (serverVersion === temporalVersions.server) return { path, source: 'PATH', serverVersion };
  refusals.push(
    `PATH: "${path}" brings server ${serverVersion ?? 'of unknown version'}, not ${temporalVersions.server}`,
  );
  return null;
}

async function fromCache(places: Places): Promise<TemporalBinary | null> {
  const path = cachedTemporal(places);
  const serverVersion = await serverVersionOf(path);
  return serverVersion === temporalVersions.server ? { path, source: 'cache', serverVersion } : null;
}

async function fetchIntoCache(request: BinaryRequest, refusals: string[]): Promise<TemporalBinary> {
  await removeLeftovers(request.places);
  for (const source of ['download', 'build'] as const) {
    const folder = join(cacheFolder(request.places), `.${source}-${String(process.pid)}`);
    try {
      await mkdir(folder, { recursive: true });
      return await fetchFrom(source, folder, request);
    } catch (error) {
      refusals.push(`${source}: ${messageOf(error)}`);
      request.progress(`${source} of the Temporal server is not possible: ${messageOf(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw nothingLeft(request.places, refusals);
}

async function fetchFrom(
  source: 'download' | 'build',
  folder: string,
  request: BinaryRequest,
): Promise<TemporalBinary> {
  const fetched = join(folder, 'temporal');
  switch (source) {
    case 'download':
      await downloadTemporal({ folder, places: request.places, progress: request.progress });
      break;
    case 'build':
      await buildTemporal({
        output: fetched,
        moduleDirectory: request.moduleDirectory ?? join(packageRoot(), 'tools', 'temporal'),
        places: request.places,
        progress: request.progress,
      });
      break;
  }
  const serverVersion = await serverVersionOf(fetched);
  if (serverVersion !== temporalVersions.server) {
    throw new Error(`Cannot use what came: it brings server ${serverVersion ?? 'of unknown version'}`);
  }
  const path = cachedTemporal(request.places);
  await rename(fetched, path);
  request.progress(`Temporal server ${serverVersion} is ready in ${path}`);
  return { path, source, serverVersion };
}

/** Halves that a killed process left. Only the holder of the lock may do this. */
async function removeLeftovers(places: Places): Promise<void> {
  for (const name of await readdir(cacheFolder(places))) {
    await rm(join(cacheFolder(places), name), { recursive: true, force: true });
  }
}

function cacheFolder(places: Places): string {
  return join(places.cache, 'temporal', temporalVersions.program);
}

async function serverVersionOf(path: string): Promise<string | null> {
  const result = await runProgram(path, ['--version'], { timeoutMs: 15_000 });
  return result.exitCode === 0 ? parseServerVersion(result.stdout) : null;
}

function nothingLeft(places: Places, refusals: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'TEMPORAL_NOT_FOUND',
    message: `Cannot start Temporal: no server ${temporalVersions.server} was found (${refusals.join('; ')})`,
    hint: [
      'Do one of these:',
      `  1. Set TEMPORAL_ADDRESS=host:port to use a Temporal server of your own.`,
      `  2. Put the Temporal command line program ${temporalVersions.program} on PATH, or its file at ${cachedTemporal(places)}`,
      '     (https://github.com/temporalio/cli/releases).',
      '  3. Install Go 1.26 or newer: then it is built from the pinned module in tools/temporal.',
    ].join('\n'),
  });
}
