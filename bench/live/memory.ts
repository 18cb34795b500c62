import { readFile } from 'node:fs/promises';

import { dataPaths } from '../../platform/data-directory';
import { readEndpoint } from '../../platform/endpoint';

export interface MemorySample {
  readonly pid: number;
  readonly atMs: number;
  readonly rssMb: number;
}

const everyMs = 1_000;

/** What the API takes of the machine, second by second, life by life. */
export class MemoryWatch {
  readonly samples: MemorySample[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly dataDirectory: string) {
    this.#timer = setInterval(() => void this.#sample(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    const endpoint = await readEndpoint(dataPaths(this.dataDirectory)).catch(() => null);
    const pid = endpoint?.children.api?.pid;
    if (pid === undefined || pid === null) return;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    if (kilobytes !== undefined) this.samples.push({ pid, atMs: Date.now(), rssMb: Number(kilobytes) / 1024 });
  }
}
