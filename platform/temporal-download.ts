import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import axios, { isAxiosError } from 'axios';

import type { Places } from './config';
import { findProgram, runProgram } from './program';
import type { TemporalVersions } from './temporal-version';

/**
 * The official archive of the Temporal command line program.
 *
 * - W1 Nothing of what came is unpacked, much less started, before its SHA-256 is the one that is expected.
 * - W2 The digests of our own version are pinned; for another version the release's checksums.txt, beside the archive, is asked.
 * - W3 A server that does not answer, or stops in the middle, is given up in time: the next source is tried.
 */
export interface DownloadRequest {
  /** An empty folder; `temporal` is in it afterwards. */
  readonly folder: string;
  readonly versions: TemporalVersions;
  readonly places: Places;
  readonly progress: (line: string) => void;
  /** Absent: 8 s until the first byte, 30 s without another. */
  readonly patience?: Patience;
}

interface Patience {
  readonly connectMs: number;
  readonly stallMs: number;
}

const usualPatience: Patience = { connectMs: 8000, stallMs: 30_000 };
const unpackTimeoutMs = 120_000;
/** The list of a release is less than 1 KiB. */
const checksumsLimitBytes = 64 * 1024;

const officialArchive =
  'https://github.com/temporalio/cli/releases/download/v{version}/temporal_cli_{version}_{platform}_{arch}.tar.gz';

export async function downloadTemporal(request: DownloadRequest): Promise<void> {
  const url = archiveUrl(request.places.temporalDownload ?? officialArchive, request.versions.program, machine());
  const archive = join(request.folder, 'archive.tar.gz');
  const expected = await expectedDigest(request, url);
  request.progress(`downloading the Temporal server from ${url}`);
  const found = await fetchArchive(request, url, archive);
  if (found !== expected) {
    throw new Error(`the archive is not the released one: its SHA-256 is ${found}, expected is ${expected}`);
  }
  await unpack(archive, request);
  await rm(archive);
}

/** As Go and the archives spell it. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
}

export function machine(platform: string = process.platform, arch: string = process.arch): Machine {
  return { platform, arch: arch === 'x64' ? 'amd64' : arch };
}

export function archiveUrl(template: string, version: string, { platform, arch }: Machine): string {
  return template.replaceAll('{version}', version).replaceAll('{platform}', platform).replaceAll('{arch}', arch);
}

async function expectedDigest(request: DownloadRequest, url: string): Promise<string> {
  const { platform, arch } = machine();
  const pinned = request.versions.archives[`${platform}_${arch}`];
  if (pinned !== undefined) return pinned;
  const list = new URL('checksums.txt', url).href;
  const file = new URL(url).pathname.split('/').at(-1) ?? '';
  const text = await watched(request, async (signal) => {
    const options = { responseType: 'text', signal, maxContentLength: checksumsLimitBytes } as const;
    return (await axios.get<string>(list, options)).data;
  });
  const digest = text.split('\n').flatMap((line) => {
    const [sum, name] = line.trim().split(/\s+\*?/);
    return sum !== undefined && name === file && /^[0-9a-f]{64}$/.test(sum) ? [sum] : [];
  })[0];
  if (digest !== undefined) return digest;
  throw new Error(`${list} names no SHA-256 of ${file}`);
}

/** Answers the SHA-256 of what came. */
async function fetchArchive(request: DownloadRequest, url: string, file: string): Promise<string> {
  const hash = createHash('sha256');
  await watched(request, async (signal, stillThere) => {
    const response = await axios.get<Readable>(url, { responseType: 'stream', signal, maxRedirects: 5 });
    const tellBytes = progressOf(Number(response.headers['content-length'] ?? 0), request.progress);
    response.data.on('data', (chunk: Buffer) => {
      stillThere();
      tellBytes(chunk.length);
      hash.update(chunk);
    });
    await pipeline(response.data, createWriteStream(file), { signal });
  });
  return hash.digest('hex');
}

async function unpack(archive: string, request: DownloadRequest): Promise<void> {
  const tar = await findProgram('tar', [...request.places.path, '/usr/bin', '/bin']);
  if (tar === null) throw new Error('there is no program "tar"');
  const { exitCode, stderr } = await runProgram(tar, ['-xzf', archive, '-C', request.folder, 'temporal'], {
    timeoutMs: unpackTimeoutMs,
  });
  if (exitCode === 0) return;
  throw new Error(`the archive cannot be unpacked: tar ended with ${String(exitCode)}: ${stderr.trim()}`);
}

/** One request under a watchdog (W3); `stillThere` says that bytes have come. */
async function watched<T>(
  { patience = usualPatience }: DownloadRequest,
  work: (signal: AbortSignal, stillThere: () => void) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), patience.connectMs);
  try {
    return await work(abort.signal, () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), patience.stallMs);
    });
  } catch (error) {
    if (abort.signal.aborted) throw new Error('no answer in time', { cause: error });
    if (isAxiosError(error) && error.response !== undefined) {
      throw new Error(`${error.config?.url ?? 'the server'} answered ${String(error.response.status)}`, {
        cause: error,
      });
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function progressOf(totalBytes: number, progress: (line: string) => void): (bytes: number) => void {
  let seenBytes = 0;
  let toldTenths = 0;
  return (bytes) => {
    seenBytes += bytes;
    const tenths = totalBytes > 0 ? Math.floor((seenBytes / totalBytes) * 10) : 0;
    if (tenths <= toldTenths) return;
    toldTenths = tenths;
    progress(`downloading the Temporal server: ${String(tenths * 10)} %`);
  };
}
