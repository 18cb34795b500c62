import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import axios from 'axios';

import type { Places } from './config';
import { hasCode } from './system-error';
import { temporalVersions } from './temporal-version';

export interface DownloadRequest {
  /** An empty folder; `temporal` is in it afterwards. */
  readonly folder: string;
  readonly places: Places;
  readonly progress: (line: string) => void;
}

/** Where no connection comes up, the next source is tried soon. */
const connectTimeoutMs = 8000;
/** A download that stands still for so long is given up. */
const stallTimeoutMs = 30_000;

const officialArchive =
  'https://github.com/temporalio/cli/releases/download/v{version}/temporal_cli_{version}_{platform}_{arch}.tar.gz';

export async function downloadTemporal(request: DownloadRequest): Promise<void> {
  const url = archiveUrl(request.places.temporalDownload ?? officialArchive, process.platform, process.arch);
  request.progress(`downloading the Temporal server from ${url}`);
  const abort = new AbortController();
  const watchdog = new Watchdog(abort, connectTimeoutMs);
  try {
    const response = await axios.get<Readable>(url, { responseType: 'stream', signal: abort.signal, maxRedirects: 5 });
    const totalBytes = Number(response.headers['content-length'] ?? 0);
    await unpack(response.data, request.folder, progressOf(totalBytes, watchdog, request.progress));
  } catch (error) {
    if (abort.signal.aborted) throw new Error('no answer in time', { cause: error });
    throw error;
  } finally {
    watchdog.stop();
  }
}

export function archiveUrl(template: string, platform: string, arch: string): string {
  const archName = arch === 'x64' ? 'amd64' : arch;
  return template
    .replaceAll('{version}', temporalVersions.program)
    .replaceAll('{platform}', platform)
    .replaceAll('{arch}', archName);
}

async function unpack(archive: Readable, folder: string, onBytes: (bytes: number) => void): Promise<void> {
  const tar = spawn('tar', ['-xzf', '-', '-C', folder, 'temporal'], { stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = once(tar, 'close');
  archive.on('data', (chunk: Buffer) => onBytes(chunk.length));
  const [unpacked, streamed] = await Promise.allSettled([ended, pipeline(archive, tar.stdin)]);
  if (unpacked.status === 'rejected') throw new Error('there is no program "tar"', { cause: unpacked.reason });
  if (streamed.status === 'rejected' && !hasCode(streamed.reason, 'EPIPE')) throw streamed.reason;
  const exitCode: unknown = unpacked.value[0];
  if (exitCode !== 0) throw new Error(`the archive cannot be unpacked: tar ended with ${String(exitCode)}`);
}

function progressOf(totalBytes: number, watchdog: Watchdog, progress: (line: string) => void): (bytes: number) => void {
  let seenBytes = 0;
  let toldTenths = 0;
  return (bytes) => {
    watchdog.reset(stallTimeoutMs);
    seenBytes += bytes;
    const tenths = totalBytes > 0 ? Math.floor((seenBytes / totalBytes) * 10) : 0;
    if (tenths <= toldTenths) return;
    toldTenths = tenths;
    progress(`downloading the Temporal server: ${String(tenths * 10)} %`);
  };
}

class Watchdog {
  #timer: NodeJS.Timeout;

  constructor(
    private readonly abort: AbortController,
    firstMs: number,
  ) {
    this.#timer = setTimeout(() => abort.abort(), firstMs);
  }

  reset(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.abort.abort(), ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
