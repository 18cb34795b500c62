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
import type { TemporalVersions } from './temporal-version';

export interface BinaryRequest {
  readonly places: Places;
  /** One line of progress, for standard error. */
  readonly progress: (line: string) => void;
  /** Those of the data directory; absent: those of this build. */
  readonly versions?: TemporalVersions;
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
  const wanted: Wanted = { ...request, versions: request.versions ?? temporalVersions };
  const refusals: string[] = [];
  const found = (await fromPath(wanted, refusals)) ?? (await fromCache(wanted));
  if (found !== null) return found;

  const folder = cacheFolder(wanted);
  await mkdir(folder, { recursive: true });
  const lock = await waitForFileLock(join(folder, '..', `${wanted.versions.program}.lock`), () =>
    request.progress('waiting for another process that fetches the Temporal server'),
  );
  try {
    return (await fromCache(wanted)) ?? (await fetchIntoCache(wanted, refusals));
  } finally {
    lock.release();
  }
}

/** What would be used now, without fetching anything. */
export async function findTemporalBinary(
  places: Places,
  versions: TemporalVersions = temporalVersions,
): Promise<TemporalBinary | null> {
  return (await fromPath({ places, versions }, [])) ?? (await fromCache({ places, versions }));
}

/** Where the program of a version is kept. */
export function cachedTemporal(places: Places, versions: TemporalVersions = temporalVersions): string {
  return join(cacheFolder({ places, versions }), 'temporal');
}

type Wanted = BinaryRequest & Sought;

interface Sought {
  readonly places: Places;
  readonly versions: TemporalVersions;
}

/** `temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)`: only the server's version says what the database file will be. */
export function parseServerVersion(output: string): string | null {
  return /\(Server ([0-9]+\.[0-9]+\.[0-9]+[^,)\s]*)/.exec(output)?.[1] ?? null;
}

async function fromPath({ places, versions }: Sought, refusals: string[]): Promise<TemporalBinary | null> {
  const path = await findProgram('temporal', places.path);
  if (path === null) {
    refusals.push('PATH: no program "temporal"');
    return null;
  }
  const serverVersion = await serverVersionOf(path);
  if (serverVersion === versions.server) return { path, source: 'PATH', serverVersion };
  refusals.push(`PATH: "${path}" brings server ${serverVersion ?? 'of unknown version'}, not ${versions.server}`);
  return null;
}

async function fromCache({ places, versions }: Sought): Promise<TemporalBinary | null> {
  const path = cachedTemporal(places, versions);
  const serverVersion = await serverVersionOf(path);
  return serverVersion === versions.server ? { path, source: 'cache', serverVersion } : null;
}

type Source = 'download' | 'build';

async function fetchIntoCache(wanted: Wanted, refusals: string[]): Promise<TemporalBinary> {
  const folder = cacheFolder(wanted);
  await removeLeftovers(folder);
  for (const source of sourcesOf(wanted)) {
    const attempt = join(folder, `.${source}-${String(process.pid)}`);
    try {
      await mkdir(attempt, { recursive: true });
      await fetchFrom(source, attempt, wanted);
      return await intoCache(join(attempt, 'temporal'), source, wanted);
    } catch (error) {
      refusals.push(`${source}: ${messageOf(error)}`);
      wanted.progress(`${source} of the Temporal server is not possible: ${messageOf(error)}`);
    } finally {
      await rm(attempt, { recursive: true, force: true });
    }
  }
  throw nothingLeft(wanted, refusals);
}

/** The Go module is pinned to the version of this build: no other comes out of it. */
function sourcesOf({ versions }: Sought): readonly Source[] {
  return versions.server === temporalVersions.server ? ['download', 'build'] : ['download'];
}

async function fetchFrom(source: Source, folder: string, wanted: Wanted): Promise<void> {
  const { places, progress, versions } = wanted;
  switch (source) {
    case 'download':
      return downloadTemporal({ folder, places, progress, versions });
    case 'build':
      return buildTemporal({
        output: join(folder, 'temporal'),
        moduleDirectory: wanted.moduleDirectory ?? join(packageRoot(), 'tools', 'temporal'),
        places,
        progress,
      });
  }
}

async function intoCache(fetched: string, source: Source, wanted: Wanted): Promise<TemporalBinary> {
  const serverVersion = await serverVersionOf(fetched);
  if (serverVersion !== wanted.versions.server) {
    throw new Error(`Cannot use what came: it brings server ${serverVersion ?? 'of unknown version'}`);
  }
  const path = cachedTemporal(wanted.places, wanted.versions);
  await rename(fetched, path);
  wanted.progress(`Temporal server ${serverVersion} is ready in ${path}`);
  return { path, source, serverVersion };
}

/** Halves that a killed process left. Only the holder of the lock may do this. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

function cacheFolder({ places, versions }: Sought): string {
  return join(places.cache, 'temporal', versions.program);
}

async function serverVersionOf(path: string): Promise<string | null> {
  const result = await runProgram(path, ['--version'], { timeoutMs: 15_000 });
  return result.exitCode === 0 ? parseServerVersion(result.stdout) : null;
}

function nothingLeft({ places, versions }: Sought, refusals: readonly string[]): OperatorError {
  const isOurs = versions.server === temporalVersions.server;
  return new OperatorError({
    code: 'TEMPORAL_NOT_FOUND',
    message: `Cannot start Temporal: no server ${versions.server} was found (${refusals.join('; ')})`,
    hint: [
      'Do one of these:',
      `  1. Set TEMPORAL_ADDRESS=host:port to use a Temporal server of your own.`,
      `  2. Put the Temporal command line program ${versions.program} on PATH, or its file at ${cachedTemporal(places, versions)}`,
      '     (https://github.com/temporalio/cli/releases).',
      isOurs
        ? '  3. Install Go 1.26 or newer: then it is built from the pinned module in tools/temporal.'
        : `  3. If no run is open, run "mainstay upgrade": it moves the data directory to server ${temporalVersions.server}.`,
    ].join('\n'),
  });
}
